import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

/// The time in which a run was over, or nobody drove it, is not shown as time that it took.
@Suite struct RunTimeTests {
  private static let first = StepPath(components: [.step("first")])
  private static let second = StepPath(components: [.step("second")])

  private static func began(_ path: StepPath) -> RunEvent.Kind {
    .stepStarted(path, StepSummary(kind: .wait, title: "\(path)"))
  }

  private static func ended(_ path: StepPath) -> RunEvent.Kind {
    .stepFinished(path, StepResult(outcome: .succeeded))
  }

  /// Resumed after an end an hour later, and after an interruption two hours later.
  private static let events: [RunEvent] = {
    let start = RunStart(
      run: SampleRun.run, playbook: "p", file: "p.yaml", planDigest: "d", inputs: [:], seed: 1,
      version: "1")
    var over = RunResumption(owner: "a", epoch: 1, seed: 1, version: "1")
    over.reopening = Reopening(again: [second], continued: [], pause: .seconds(3600))
    let interrupted = RunResumption(owner: "b", epoch: 2, seed: 1, version: "1")
    let failure = Failure(.rejected, "no")
    let kinds: [(Int, RunEvent.Kind)] = [
      (0, .runStarted(start)), (0, began(first)), (2, ended(first)), (2, began(second)),
      (4, .stepFinished(second, StepResult(outcome: .failed, failure: failure))),
      (4, .runFinished(RunResult(outcome: .failed, failure: failure, failedStep: second))),
      (3604, .runResumed(over)), (3604, .attemptStarted(second, attempt: 2)),
      (3607, .stepWaiting(second, .pause(until: SampleRun.beginning + .seconds(20_000)))),
      (10_807, .runResumed(interrupted)), (10_808, ended(second)),
      (10_810, .runFinished(RunResult(outcome: .succeeded))),
    ]
    return kinds.enumerated().map { sequence, event in
      RunEvent(
        sequence: sequence, at: SampleRun.beginning + .seconds(event.0), kind: event.1)
    }
  }()

  @Test(
    arguments: [
      (0, 10_810, 10), (0, 4, 4), (2, 3607, 5), (4, 3604, 0), (100, 200, 0), (3605, 10_900, 95),
    ])
  func `a gap does not count where it overlaps`(start: Int, end: Int, seconds: Int) {
    let time = RunTime(Self.events)
    let begin = SampleRun.beginning
    #expect(
      time.running(from: begin + .seconds(start), to: begin + .seconds(end)) == .seconds(seconds))
  }

  @Test(arguments: [
    (1, "0 ms"), (6, "4.0 s"), (7, "4.0 s (2 parts over 1 h 0 min)"),
    (12, "10.0 s (3 parts over 3 h 0 min)"),
  ])
  func `the time of a run names its parts`(count: Int, text: String) {
    #expect(RunTime(Self.events.prefix(count)).text == text)
  }

  @Test func `runs, steps and lines show the time in progress`() throws {
    let shown = RunDetail(Self.events).text(TerminalStyle())
    #expect(shown.contains("  elapsed   10.0 s (3 parts over 3 h 0 min)\n"))
    #expect(shown.contains("✓ first  2.0 s\n"))
    #expect(shown.contains("✓ second  6.0 s\n"))
    #expect(shown.hasSuffix("run succeeded: 2 succeeded in 10.0 s (3 parts over 3 h 0 min)\n"))
    #expect(RunDetail(Self.events).json.contains(#""elapsedMilliseconds":10000,"#))
    let written = Written()
    var recorder = PlainRecorder(style: TerminalStyle(), write: written.write)
    for event in Self.events { recorder.record(event) }
    #expect(written.all.contains("\n  8.000 s  second: succeeded in 6.0 s\n"))
    let brief = Written()
    var summary = SummaryRecorder(style: TerminalStyle(), reads: [], write: brief.write)
    for event in Self.events { summary.record(event) }
    #expect(brief.all.contains("2 succeeded in 10.0 s (3 parts over 3 h 0 min)"))
  }

  @Test func `a list shows the time in progress where it is known`() {
    let run = RunSummary(of: SampleRun.run, in: Self.events)
    let listing = RunListing(
      [run], elapsed: [SampleRun.run: .seconds(10)], at: SampleRun.beginning + .seconds(10_871))
    #expect(listing.text(TerminalStyle()).contains("succeeded  1m ago  10.0 s   12"))
    #expect(listing.json.contains(#""elapsedMilliseconds":10000,"#))
  }
}

extension RunSummary {
  fileprivate init(of run: RunID, in events: [RunEvent]) {
    self.init(
      run: run, playbook: "p", file: "p.yaml", startedAt: events[0].at,
      lastEventAt: events[events.count - 1].at, eventCount: events.count, outcome: .succeeded)
  }
}
