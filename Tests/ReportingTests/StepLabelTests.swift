import EventSamples
import Events
import Operations
import Playbooks
import Testing

@testable import Reporting

/// What is shown of steps that failed: their names, elements, marks and attempts.
@Suite struct StepLabelTests {
  private static let loop = StepPath(components: [.step("stores")])
  private static let round = loop.appending(.iteration(1))
  private static let device = round.appending(.step("device"))

  private static func events(_ kinds: [RunEvent.Kind]) -> [RunEvent] {
    kinds.enumerated().map { sequence, kind in
      RunEvent(sequence: sequence, at: SampleRun.beginning, kind: kind)
    }
  }

  private static func plain(_ kinds: [RunEvent.Kind]) -> [String] {
    let written = Written()
    var recorder = PlainRecorder(style: TerminalStyle(), write: written.write)
    for event in events(kinds) { recorder.record(event) }
    return written.all.split(separator: "\n").map { $0.trimmingPrefix("  0.000 s  ") }.map(
      String.init)
  }

  private static let failure = Failure(.invalid, "HTTP 422: no", status: 422)

  private static let failedRound: [RunEvent.Kind] = [
    .stepStarted(loop, StepSummary(kind: .forEach, title: "stores", subject: "store")),
    .stepStarted(
      device,
      StepSummary(kind: .call, title: "Enrol it", subject: "device.enrol", element: "vault-b")),
    .attemptFailed(device, attempt: 1, failure, pause: .milliseconds(1)),
    .stepFinished(device, StepResult(outcome: .failed, failure: failure)),
    .stepFinished(loop, StepResult(outcome: .failed, failure: failure)),
    .runFinished(RunResult(outcome: .failed, failure: failure, failedStep: device)),
  ]

  @Test func `plain lines show the name of a step and the element of its round`() {
    #expect(
      Self.plain(Self.failedRound) == [
        "stores: for-each store",
        "stores[1]/device (store vault-b): Enrol it: call device.enrol",
        "stores[1]/device (store vault-b): attempt 1 failed (invalid): HTTP 422: no; next in 1 ms",
        "stores[1]/device (store vault-b): failed after 2 attempts in 0 ms",
        "stores[1]/device (store vault-b) failed after 2 attempts (invalid): HTTP 422: no",
        "  step      Enrol it",
        "  response  HTTP 422",
        "  next      compare the step's `with` with `privirun operations`",
        "stores: failed in 0 ms: HTTP 422: no",
        "run failed at stores[1]/device (store vault-b): 1 failed in 0 ms",
      ])
  }

  @Test func `the record of a run shows the same`() {
    let text = RunDetail(Self.events(Self.failedRound)).text(TerminalStyle())
    #expect(text.contains("  · [1] vault-b\n"))
    #expect(text.contains("✗ Enrol it  device.enrol  failed after 2 attempts  0 ms  HTTP 422: no"))
    #expect(text.contains("stores[1]/device (store vault-b) failed after 2 attempts (invalid): "))
  }

  @Test(arguments: [
    (StepSummary(kind: .call, title: "a", subject: "x.y"), nil),
    (StepSummary(kind: .call, title: "x.y", subject: "x.y"), nil),
    (StepSummary(kind: .block, title: "steps"), nil),
    (StepSummary(kind: .wait, title: "wait on x.y", subject: "x.y"), nil),
    (StepSummary(kind: .forEach, title: "for each store", subject: "store"), nil),
    (StepSummary(kind: .assert, title: "Is it there?"), "Is it there?"),
  ])
  func `what a step is called by default is no name`(summary: StepSummary, name: String?) throws {
    let path = StepPath(components: [.step("a")])
    let tree = RunTree(Self.events([.stepStarted(path, summary)]))
    #expect(try #require(tree.node(at: path)).name == name)
  }

  @Test(arguments: [StepSummary.Kind.assert, .call, .wait, .local], [true, false])
  func `a step that failed counts so although it holds the steps of always or rescue`(
    kind: StepSummary.Kind, isRescued: Bool
  ) {
    let path = StepPath(components: [.step("a")])
    let clean = path.appending(.always).appending(.step("clean"))
    let mend = path.appending(.rescue).appending(.step("mend"))
    var kinds: [RunEvent.Kind] = [.stepStarted(path, StepSummary(kind: kind, title: "a"))]
    for inner in isRescued ? [mend, clean] : [clean] {
      kinds.append(.stepStarted(inner, StepSummary(kind: .call, title: "inner")))
      kinds.append(.stepFinished(inner, StepResult(outcome: .succeeded)))
    }
    let outcome = isRescued ? Outcome.tolerated : .failed
    kinds.append(.stepFinished(path, StepResult(outcome: outcome, failure: Self.failure)))
    let tree = RunTree(Self.events(kinds))
    #expect(
      tree.countsText == (isRescued ? "2 succeeded, 1 tolerated" : "1 succeeded, 1 failed"))
    let line = StepLine(style: TerminalStyle(), now: SampleRun.beginning).line(
      0, in: tree, depth: 0
    )
    .rendered(TerminalStyle())
    #expect(line == "\(isRescued ? "! a  tolerated" : "✗ a  failed")  0 ms  HTTP 422: no")
  }

  @Test func `a failure inside a group that was rescued counts as tolerated`() {
    let group = StepPath(components: [.step("p")])
    let inner = group.appending(.step("a"))
    let mend = group.appending(.rescue).appending(.step("mend"))
    let tree = RunTree(
      Self.events([
        .stepStarted(group, StepSummary(kind: .play, title: "p", subject: "lib")),
        .stepStarted(inner, StepSummary(kind: .call, title: "a")),
        .stepFinished(inner, StepResult(outcome: .failed, failure: Self.failure)),
        .stepStarted(mend, StepSummary(kind: .call, title: "mend")),
        .stepFinished(mend, StepResult(outcome: .succeeded)),
        .stepFinished(group, StepResult(outcome: .tolerated, failure: Self.failure)),
      ]))
    #expect(tree.countsText == "1 succeeded, 1 tolerated")
  }

  @Test func `a group that failed before any step of its own counts`() {
    let group = StepPath(components: [.step("p")])
    let clean = group.appending(.always).appending(.step("clean"))
    let tree = RunTree(
      Self.events([
        .stepStarted(group, StepSummary(kind: .play, title: "p", subject: "lib")),
        .stepFinished(clean, StepResult(outcome: .succeeded)),
        .stepFinished(group, StepResult(outcome: .failed, failure: Self.failure)),
      ]))
    #expect(tree.countsText == "1 succeeded, 1 failed")
  }

  @Test(arguments: [
    (Duration.milliseconds(1), "1 ms"), (.microseconds(1), "1 ms"), (.zero, "0 ms"),
    (.milliseconds(999), "999 ms"), (.microseconds(999_001), "1 s"), (.milliseconds(1500), "1.5 s"),
    (.milliseconds(1501), "1.6 s"), (.seconds(2), "2 s"), (.milliseconds(9950), "10 s"),
    (.milliseconds(40_100), "41 s"), (.seconds(125), "2 min 5 s"), (.seconds(-1), "0 ms"),
  ])
  func `the time left is rounded up, finer the shorter it is`(
    duration: Duration, text: String
  ) {
    #expect(ElapsedText.left(duration) == text)
  }
}
