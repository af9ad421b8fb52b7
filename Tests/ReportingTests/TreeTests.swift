import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

@Suite struct TreeTests {
  private static let renderer = TreeRenderer(style: TerminalStyle())

  /// The live view after the first event that matches, `seconds` later.
  private static func view(
    seconds: Int = 0, size: TerminalSize = TerminalSize(columns: 100, lines: 30),
    after matches: (RunEvent.Kind) -> Bool
  ) throws -> [String] {
    let index = try #require(SampleRun.events.firstIndex { matches($0.kind) })
    let tree = RunTree(SampleRun.events[...index])
    let now = SampleRun.events[index].at + .seconds(seconds)
    return renderer.live(roots: tree.roots[...], of: tree, at: now, size: size)
  }

  @Test func `a difference that is left as it is is shown`() throws {
    let path = StepPath(components: [.step("a")])
    let drift = StateChange(
      .drift, differences: [Lookup.Difference(field: "size", asked: 1, found: 4)])
    let kinds: [RunEvent.Kind] = [
      .stepStarted(path, StepSummary(kind: .call, title: "a", subject: "device.enrol")),
      .stepFinished(path, StepResult(outcome: .succeeded, change: drift)),
    ]
    let events = kinds.enumerated().map { sequence, kind in
      RunEvent(sequence: sequence, at: SampleRun.beginning, kind: kind)
    }
    let tree = RunTree(events)
    let root = try #require(tree.roots.first)
    #expect(
      Self.renderer.finished(root: root, of: tree, at: SampleRun.beginning, width: 100)
        == ["! a  device.enrol  0 ms  differs and stays: size: 4 (asked: 1)"])
    let end = try #require(events.last)
    #expect(
      EventSentence(end, in: tree).text
        == "succeeded in 0 ms: differs and stays: size: 4 (asked: 1)")
  }

  @Test func `a command that is waited for is named`() throws {
    let view = try Self.view { if case .commandPending = $0 { true } else { false } }
    #expect(
      view == [
        "– backup  skipped",
        "⠋ profile  profile.register-new-profile  waits for its command  9 ms",
        "⠋ running  1 skipped, 1 in progress  11 ms",
      ])
  }

  @Test func `a command that stays pending says what it may be waiting for`() throws {
    let view = try Self.view(seconds: 65, size: TerminalSize(columns: 120, lines: 30)) { kind in
      if case .commandPending = kind { true } else { false }
    }
    #expect(
      view.contains(
        "⠋ profile  profile.register-new-profile  "
          + "waits for its command, pending: a vote may be open  1 min 5 s"))
    let later = try Self.view(seconds: 65) { kind in
      if case .commandSettled = kind { true } else { false }
    }
    #expect(!later.joined().contains("pending"))
  }

  @Test func `a vote shows its ballots and the time left`() throws {
    let view = try Self.view {
      if case .stepWaiting(_, .condition) = $0 { true } else { false }
    }
    #expect(
      view.suffix(2) == [
        "⠴ vote  voting.check-pool-status  waits for the vote: 2 of 3 yes, 41 s left  7 ms",
        "⠴ running  3 succeeded, 1 unchanged, 1 skipped, 1 in progress"
          + "  session a@example.com lost: the sock…",
      ])
  }

  @Test func `a failed attempt says why and when the next comes`() throws {
    let view = try Self.view { if case .attemptFailed = $0 { true } else { false } }
    #expect(
      view == [
        "– backup  skipped", "✓ profile  profile.register-new-profile  29 ms",
        "⠋ devices  3 ms", "  ⠋ [0]",
        "    ↻ Enrol the device  device.request-identifier"
          + "  attempt 2 again in 1.5 s  the connection broke",
        "  ⠋ [1]", "    ⠋ Enrol the device  device.request-identifier  3 ms",
        "⠋ running  1 succeeded, 1 skipped, 2 in progress  44 ms",
      ])
  }

  @Test func `a low terminal shows what is in progress`() throws {
    let view = try Self.view(size: TerminalSize(columns: 60, lines: 7)) {
      if case .attemptFailed = $0 { true } else { false }
    }
    #expect(
      view == [
        "⠋ devices  3 ms", "  ⠋ [0]",
        "    ↻ Enrol the device  attempt 2 again in 1.5 s  the conne…", "… 2 more done",
        "… 1 more in progress", "⠋ running  1 succeeded, 1 skipped, 2 in progress  44 ms",
      ])
  }

  @Test func `a tick turns the spinner and nothing else`() {
    let written = Written()
    var recorder = PrettyRecorder(
      style: TerminalStyle(), size: { TerminalSize(columns: 80, lines: 24) }, write: written.write)
    recorder.tick(at: SampleRun.beginning)
    #expect(written.all == "")
    for event in SampleRun.events.prefix(3) { recorder.record(event) }
    recorder.tick(at: SampleRun.beginning + .milliseconds(10))
    let before = written.all
    recorder.tick(at: SampleRun.beginning + .milliseconds(110))
    #expect(
      written.all.dropFirst(before.count)
        == "\u{1B}[2A⠙ profile  profile.register-new-profile  108 ms\u{1B}[K\n"
        + "⠙ running  1 skipped, 1 in progress  110 ms\u{1B}[K\n")
    let after = written.all
    recorder.tick(at: SampleRun.beginning + .milliseconds(110))
    #expect(written.all == after)
  }

  @Test func `a narrower terminal is erased with all the rows that its lines now take`() {
    var region = LiveRegion()
    _ = region.redraw(permanent: [], lines: ["0123456789", "01"], columns: 10)
    #expect(
      region.redraw(permanent: [], lines: ["0123", "01"], columns: 4)
        == "\u{1B}[4A\u{1B}[J0123\n01\n")
  }

  @Test func `only the lines that changed are written`() {
    var region = LiveRegion()
    _ = region.redraw(permanent: [], lines: ["a", "b", "c"], columns: 10)
    #expect(
      region.redraw(permanent: [], lines: ["a", "x"], columns: 10)
        == "\u{1B}[3A\nx\u{1B}[K\n\u{1B}[J")
    #expect(
      region.redraw(permanent: ["done"], lines: ["x"], columns: 10)
        == "\u{1B}[2A\u{1B}[Jdone\nx\n")
  }

  @Test func `a long finished part shows what did not succeed`() {
    var tree = RunTree()
    let loop = StepPath(components: [.step("many")])
    let at = SampleRun.beginning
    for number in 0..<300 {
      let step = loop.appending(.iteration(number)).appending(.step("a"))
      let failure = number == 7 ? Failure(.rejected, "no") : nil
      let result = StepResult(outcome: failure == nil ? .succeeded : .tolerated, failure: failure)
      tree.apply(RunEvent(sequence: number, at: at, kind: .stepFinished(step, result)))
    }
    tree.apply(
      RunEvent(sequence: 300, at: at, kind: .stepFinished(loop, StepResult(outcome: .succeeded))))
    #expect(
      Self.renderer.finished(root: 0, of: tree, at: at, width: 80) == [
        "✓ many", "  · [7]", "    ! a  tolerated  no", "… 598 more succeeded",
      ])
  }

  @Test(arguments: [
    (84, "  ⠋ Register the profile  attempt 2  waits for the session of a@example.com  9.5 s"),
    (70, "  ⠋ Registe…  attempt 2  waits for the session of a@example.com  9.5 s"),
    (60, "⠋ Regis…  attempt 2  waits for the session of a@exam…  9.5 s"),
    (32, "⠋ Regis…  attempt 2  wai…  9.5 s"),
  ])
  func `what a step waits for, and how long, is the last to be cut`(width: Int, line: String) {
    var layout = LineLayout(
      style: TerminalStyle(), indentation: 2, symbol: ("⠋", .active),
      title: ("Register the profile", .plain), subject: "profile.register-new-profile")
    layout.state = [
      ("attempt 2", .notable), ("waits for the session of a@example.com", .active),
    ]
    layout.elapsed = "9.5 s"
    let drawn = layout.line(width: width).rendered(TerminalStyle(), width: width)
    #expect(drawn == line)
  }

  @Test func `rounds are called by their elements`() throws {
    let round = StepPath(components: [.step("devices"), .iteration(3)])
    var tree = RunTree()
    tree.apply(
      RunEvent(
        sequence: 0, at: SampleRun.beginning,
        kind: .stepStarted(
          round.appending(.step("a")), StepSummary(kind: .call, title: "a", element: "vault-a"))))
    #expect(tree.node(at: round)?.title == "[3] vault-a")
  }

  @Test func `an interrupted run says how long it still waits`() throws {
    var tree = RunTree(SampleRun.events.prefix(5))
    let at = SampleRun.events[4].at
    tree.apply(RunEvent(sequence: 5, at: at, kind: .cancelRequested(grace: .seconds(10))))
    func status(after duration: Duration) -> String? {
      Self.renderer.live(
        roots: tree.roots[...], of: tree, at: at + duration,
        size: TerminalSize(columns: 120, lines: 9)
      ).last
    }
    #expect(
      status(after: .seconds(3)) == "⠋ cancelling  1 skipped, 1 in progress"
        + "  7 s left for what is in flight  Ctrl-C again stops at once  3.0 s")
    #expect(
      status(after: .seconds(13)) == "⠋ cancelling  1 skipped, 1 in progress"
        + "  running `always` steps  Ctrl-C again stops at once  13.0 s")
  }

  @Test func `old requests of a step that polls are counted only`() throws {
    var tree = RunTree()
    let step = StepPath(components: [.step("poll")])
    let intent = RequestIntent(attempt: 1, operation: "o", method: "GET", path: "/", arguments: [:])
    for number in 0..<250 {
      tree.apply(
        RunEvent(sequence: number, at: SampleRun.beginning, kind: .requestIntended(step, intent)))
    }
    let node = try #require(tree.node(at: step))
    #expect(node.exchanges.count == 100)
    #expect(node.forgottenExchanges == 150)
  }
}
