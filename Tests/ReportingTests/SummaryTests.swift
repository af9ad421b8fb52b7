import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

/// The short form of output: what changed something, what failed, and counts.
@Suite struct SummaryTests {
  private static let reads: Set<String> = ["device.read", "voting.check-pool-status"]

  private static func lines(_ kinds: [RunEvent.Kind]) -> [String] {
    let written = Written()
    var recorder = SummaryRecorder(style: TerminalStyle(), reads: reads, write: written.write)
    for (sequence, kind) in kinds.enumerated() {
      recorder.record(RunEvent(sequence: sequence, at: SampleRun.beginning, kind: kind))
    }
    return written.all.split(separator: "\n").map(String.init)
  }

  private static func path(_ id: String) -> StepPath { StepPath(components: [.step(id)]) }

  /// A step that sends one request of `operation` and ends so.
  private static func call(
    _ id: String, _ operation: String, _ result: StepResult, title: String? = nil
  ) -> [RunEvent.Kind] {
    [
      .stepStarted(
        path(id), StepSummary(kind: .call, title: title ?? id, subject: operation)),
      .requestIntended(
        path(id),
        RequestIntent(
          attempt: 1, operation: operation, method: "POST", path: "/x", arguments: [:])),
      .stepFinished(path(id), result),
    ]
  }

  private static func local(
    _ action: LocalAction, _ value: Value = [:], _ outcome: Outcome = .succeeded
  ) -> [RunEvent.Kind] {
    [
      .stepStarted(
        path("a"), StepSummary(kind: .local, title: "a", subject: action.rawValue)),
      .stepFinished(path("a"), StepResult(outcome: outcome, value: value)),
    ]
  }

  private static let refused = Failure(.invalid, "HTTP 422: no", status: 422)

  @Test func `a line is written for each step that changed something`() {
    let lines = Self.lines(
      Self.call("enrol", "device.enrol", StepResult(outcome: .succeeded), title: "Enrol it")
        + Self.call("look", "device.read", StepResult(outcome: .succeeded))
        + Self.call("known", "device.enrol", StepResult(outcome: .unchanged))
        + [.stepFinished(Self.path("no"), StepResult(outcome: .skipped))]
        + Self.call("try", "device.drop", StepResult(outcome: .tolerated, failure: Self.refused))
        + [.runFinished(RunResult(outcome: .succeeded, outputs: ["id": 7]))])
    #expect(
      lines == [
        "✓ enrol  Enrol it  device.enrol  0 ms",
        "! try  device.drop  tolerated  0 ms  HTTP 422: no",
        "run succeeded: 1 step changed something; 2 succeeded, 1 unchanged, 1 skipped, 1 tolerated in 0 ms",
        "  id = 7",
      ])
  }

  @Test(
    arguments: [
      (LocalAction.writeFile, [:], true), (.generateKeys, [:], true), (.generateSecret, [:], true),
      (.readFile, ["size": 1], false),
      (.digestFile, ["sha256": "00"], false), (.encryptData, ["data": "x"], false),
      (.encryptData, ["file": ["path": "out"]], true),
      (.decryptData, ["file": ["path": "o"]], true),
    ] as [(LocalAction, Value, Bool)])
  func `a local action changed something if it wrote`(
    action: LocalAction, value: Value, isShown: Bool
  ) {
    #expect(
      Self.lines(Self.local(action, value))
        == (isShown ? ["✓ a  \(action.rawValue)  0 ms"] : []))
    #expect(Self.lines(Self.local(action, value, .unchanged)) == [])
  }

  @Test func `a read that wrote a file is shown`() {
    let result = StepResult(outcome: .succeeded, value: ["file": ["path": "out.pdf"]])
    #expect(Self.lines(Self.call("get", "device.read", result)) == ["✓ get  device.read  0 ms"])
  }

  @Test func `a failure is explained in full where it happens and named at the end`() {
    let failed = StepResult(outcome: .failed, failure: Self.refused)
    let lines = Self.lines(
      Self.call("enrol", "device.enrol", failed)
        + [
          .runFinished(
            RunResult(outcome: .failed, failure: Self.refused, failedStep: Self.path("enrol")))
        ])
    #expect(
      lines == [
        "enrol failed (invalid): HTTP 422: no", "  request   device.enrol, POST /x",
        "  response  HTTP 422", "  next      compare the step's `with` with `privirun operations`",
        "run failed at enrol: 0 steps changed something; 1 failed in 0 ms",
      ])
  }

  @Test func `what a step did before it failed is counted`() {
    let failed = StepResult(
      outcome: .failed, failure: Failure(.timeout, "late"), change: StateChange(.remove))
    let lines = Self.lines(
      Self.call("a", "device.remove", failed)
        + [
          .runFinished(
            RunResult(
              outcome: .failed, failure: Failure(.timeout, "late"), failedStep: Self.path("a")))
        ])
    #expect(lines.last == "run failed at a: 1 step changed something; 1 failed in 0 ms")
  }

  @Test func `what a step did before it was saved is counted`() {
    let saved = StepResult(
      outcome: .tolerated, failure: Failure(.expectation, "no"), change: StateChange(.create))
    let lines = Self.lines(
      Self.call("a", "device.enrol", saved) + [.runFinished(RunResult(outcome: .succeeded))])
    #expect(lines.last == "run succeeded: 1 step changed something; 1 tolerated in 0 ms")
  }

  /// As the steps are, which are counted over the whole run, too.
  @Test func `what changed before the run was continued is counted`() {
    let written = Written()
    var recorder = SummaryRecorder(style: TerminalStyle(), reads: Self.reads, write: written.write)
    let kinds =
      Self.call("a", "device.enrol", StepResult(outcome: .succeeded))
      + Self.call("b", "device.enrol", StepResult(outcome: .succeeded))
      + [.runFinished(RunResult(outcome: .succeeded))]
    for (sequence, kind) in kinds.enumerated() {
      let event = RunEvent(sequence: sequence, at: SampleRun.beginning, kind: kind)
      if sequence < 3 { recorder.recall(event) } else { recorder.record(event) }
    }
    #expect(written.all.contains("run succeeded: 2 steps changed something; 2 succeeded in 0 ms"))
  }

  @Test func `a loop that failed sums up its rounds`() {
    let loop = StepSummary(kind: .forEach, title: "stores", subject: "store")
    let failure = Failure(.invalid, "2 of 3 rounds failed: a: no; b: no")
    #expect(
      Self.lines([
        .stepStarted(Self.path("stores"), loop),
        .stepStarted(
          Self.path("stores").appending(.iteration(0)).appending(.step("x")),
          StepSummary(kind: .assert, title: "x", element: "a")),
        .stepFinished(Self.path("stores"), StepResult(outcome: .failed, failure: failure)),
      ]) == ["✗ stores  failed  0 ms  2 of 3 rounds failed: a: no; b: no"])
  }

  @Test func `a difference that is left as it is has a line, and is no change`() {
    let drift = StateChange(
      .drift, differences: [Lookup.Difference(field: "size", asked: 1, found: 4)])
    #expect(
      Self.lines([
        .stepStarted(
          Self.path("a"), StepSummary(kind: .call, title: "a", subject: "device.enrol")),
        .stepFinished(Self.path("a"), StepResult(outcome: .succeeded, change: drift)),
        .runFinished(RunResult(outcome: .succeeded)),
      ]) == [
        "! a  device.enrol  0 ms  differs and stays: size: 4 (asked: 1)",
        "run succeeded: 0 steps changed something; 1 succeeded in 0 ms",
      ])
  }

  @Test func `a decision is named once, however many requests follow from it`() {
    var comparison = StateComparison(
      operation: "device.read", change: StateChange(.change, reason: "it is created again"),
      recreates: true)
    var kinds = [RunEvent.Kind.stateCompared(Self.path("a"), comparison)]
    for operation in ["device.drop", "device.enrol"] {
      comparison.done.append(operation)
      kinds.append(.stateCompared(Self.path("a"), comparison))
    }
    #expect(Self.lines(kinds) == ["a: change: it is created again"])
  }

  @Test func `a vote that is waited for is named once`() {
    let path = Self.path("vote")
    let waits = (0..<3).map { number in
      RunEvent.Kind.stepWaiting(
        path, .condition("answer.status == 'decided'", answer: ["number": .int(Int64(number))]))
    }
    #expect(
      Self.lines(
        [.stepStarted(path, StepSummary(kind: .wait, title: "vote"))] + waits
          + [.stepFinished(path, StepResult(outcome: .succeeded))])
        == ["vote: waits until answer.status == 'decided'"])
  }

  @Test func `a quiet run writes its failure in one line`() {
    let written = Written()
    var recorder = FailureRecorder(style: TerminalStyle(), write: written.write)
    for event in SampleRun.events { recorder.record(event) }
    #expect(
      written.all
        == "privirun: run 7k2m9q0d4x1z failed at `upload/exchange`: the service refused the command\n"
    )
  }

  @Test func `an output that is too long for a line is a block beneath its name`() {
    let device: Value = [
      "name": "vault-a", "roles": ["storage"], "note": .string(String(repeating: "x", count: 60)),
    ]
    var result = RunResult(outcome: .succeeded)
    result.outputs = [
      "short": ["a", "b"], "devices": [device],
      "hidden": [.secret(text: String(repeating: "s", count: 90))],
    ]
    let lines = Self.lines([.runFinished(result)])
    #expect(lines.contains("  short = [\"a\",\"b\"]"))
    let start = lines.firstIndex(of: "  devices =")
    #expect(
      start.map { lines[($0 + 1)...].prefix(2) } == [
        "    - name: vault-a", "      roles: [storage]",
      ])
    #expect(lines.contains { $0.hasPrefix("  hidden = [") && !$0.contains("ss") })
  }
}
