import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

/// The end of a run names the command that continues it.
@Suite struct NextCommandTests {
  /// What keeps a run from being continued.
  enum Obstacle: CaseIterable {
    case ownSandbox
    case noPlaybook
  }

  private static func events(_ outcome: Outcome, _ obstacle: Obstacle? = nil) -> [RunEvent] {
    var start = RunStart(
      run: SampleRun.run, playbook: "p", file: "p.yaml", planDigest: "d", inputs: [:], seed: 1,
      version: "1")
    if obstacle != .noPlaybook {
      start.pinned = PinnedPlan(
        files: "f", description: "d", outline: "o", path: "p.yaml", folder: "/")
    }
    var service = ServiceOrigins(api: "a", webSocket: "w", upstream: "u", downstream: "d")
    service.isOwnSandbox = obstacle == .ownSandbox
    start.service = service
    let failure = outcome == .succeeded ? nil : Failure(.rejected, "no")
    let kinds: [RunEvent.Kind] = [
      .runStarted(start), .runFinished(RunResult(outcome: outcome, failure: failure)),
    ]
    return kinds.enumerated().map { sequence, kind in
      RunEvent(sequence: sequence, at: SampleRun.beginning, kind: kind)
    }
  }

  /// The last line of each form of text.
  private static func lastLines(_ events: [RunEvent], journal: JournalReference? = nil) -> [String]
  {
    let style = TerminalStyle()
    let texts = (0..<4).map { _ in Written() }
    var recorders: [any RunRecorder] = [
      SummaryRecorder(style: style, reads: [], journal: journal, write: texts[0].write),
      PlainRecorder(style: style, journal: journal, write: texts[1].write),
      PrettyRecorder(
        style: style, journal: journal, size: { TerminalSize(columns: 200, lines: 40) },
        write: texts[2].write),
      FailureRecorder(style: style, journal: journal, write: texts[3].write),
    ]
    for event in events { for index in recorders.indices { recorders[index].record(event) } }
    let shown = [RunDetail(events, journal: journal).text(style)]
    return (texts.map(\.all) + shown).map { text in
      var screen = Screen(columns: 200)
      screen.show(text)
      return screen.text.split(separator: "\n").last.map(String.init) ?? ""
    }
  }

  @Test(
    arguments: [
      (.failed, nil, "`privirun resume 7k2m9q0d4x1z` continues the run"),
      (
        .cancelled, "j.sqlite",
        "`privirun resume 7k2m9q0d4x1z --journal j.sqlite` continues the run"
      ),
      (
        .inDoubt, nil,
        "`privirun resolve 7k2m9q0d4x1z` shows what happened before it continues the run; "
          + "`privirun resume 7k2m9q0d4x1z` continues it at once"
      ),
    ] as [(Outcome, JournalReference?, String)])
  func `a run that did not succeed names the command that continues it`(
    outcome: Outcome, journal: JournalReference?, next: String
  ) {
    let lines = Self.lastLines(Self.events(outcome), journal: journal)
    let line = "  next      \(next)"
    #expect(lines == [line, line, line, "  hint: \(next)", line])
  }

  @Test(
    arguments: [
      (.succeeded, nil), (.failed, .ownSandbox), (.inDoubt, .noPlaybook),
      (.cancelled, .ownSandbox),
    ] as [(Outcome, Obstacle?)])
  func `a run that succeeded or cannot be continued names none`(
    outcome: Outcome, obstacle: Obstacle?
  ) {
    let lines = Self.lastLines(Self.events(outcome, obstacle))
    #expect(lines.filter { $0.contains("privirun re") } == [])
  }
}
