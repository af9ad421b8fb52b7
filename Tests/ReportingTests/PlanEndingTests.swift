import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Testing

@testable import Reporting

/// What follows the steps of a plan: votes, lifetimes, what cannot be undone, notes, how it ended.
@Suite struct PlanEndingTests {
  private static func lines(_ report: PlanReport) -> [String] {
    report.text(TerminalStyle()).split(separator: "\n").map(String.init)
  }

  @Test func `a plan that failed says why, and how far it came`() {
    let report = SamplePlan.failed.report
    #expect(report.failed)
    #expect(report.hasWork)
    #expect(
      report.text(TerminalStyle())
        == """
        drawn  plan

        + a  profile.register-new-profile
          g
          ✗ list  device.list  failed (unauthorised)

        g/list failed (unauthorised): the service refused the credentials
          request   device.list
          response  HTTP 401 •••
          next      check the session's username and password

        the plan failed, as far as it came: 1 to create, 0 to change, 0 to remove, 1 failed

        """)
  }

  private static let network = Failure(.network, "no route")

  @Test(
    arguments: [
      (RunResult(outcome: .cancelled), "the plan is incomplete (cancelled)"),
      (RunResult(outcome: .failed), "the plan is incomplete (failed)"),
      (RunResult(outcome: .failed, failure: network), "the plan failed"),
      (RunResult(outcome: .inDoubt, failure: network), "the plan failed"),
    ])
  func `a plan that is not complete says so`(ending: RunResult, beginning: String) {
    let report = DrawnPlan("+ a call x", ending: ending).report
    #expect(report.failed)
    #expect(
      Self.lines(report).last
        == "\(beginning), as far as it came: 1 to create, 0 to change, 0 to remove")
    let explanation = Self.lines(report).first { $0.hasPrefix("the plan \(ending.outcome.word) (") }
    #expect((explanation == nil) == (ending.failure == nil))
    #expect(report.markdown.hasPrefix("### Plan of `drawn`: \(report.ending.word)\n"))
  }

  @Test func `a plan whose record ends is incomplete`() {
    let events = DrawnPlan("+ a call x").events.dropLast()
    #expect(
      PlanReport(of: events).ending == .incomplete("it did not come to its end"))
    let error = RunEvent(
      sequence: 3, at: SampleRun.beginning, kind: .internalError("no such node"))
    #expect(PlanReport(of: events + [error]).ending == .incomplete("internal error: no such node"))
  }

  @Test func `a failure that is not the end of the plan is explained with its step`() {
    let report = DrawnPlan("x a call x\nx b call y", ending: RunResult(outcome: .succeeded)).report
    #expect(
      Self.lines(report).dropFirst() == [
        "✗ a  x  failed (expectation): no such thing",
        "✗ b  y  failed (expectation): no such thing",
        "0 to create, 0 to change, 0 to remove, 2 failed",
      ])
  }

  private static let steps = ["a", "b", "c", "d", "e", "f", "g"].map {
    StepPath(components: [.step($0)])
  }

  @Test(
    arguments: [
      (
        PlannedVote(event: "e", voterCount: 1, voters: ["phone"], worstWait: .seconds(60)),
        "asks 1 authenticator (phone), waits at most 60 s", "1 vote, at most 60 s in all"
      ),
      (
        PlannedVote(event: "e", voterCount: 7, voters: ["a", "b", "c", "d", "e", "f", "g"]),
        "asks 7 authenticators (a, b, c, d, e and 2 more), waits for a time that is not known",
        "1 vote"
      ),
      (
        PlannedVote(
          event: "e", certainty: .possible, worstWait: .seconds(300), steps: Array(steps[..<3])),
        "may ask the authenticators, waits at most 5 min each time",
        "3 votes, at most 15 min in all"
      ),
      (
        PlannedVote(
          event: "e", voterCount: 2, worstWait: .milliseconds(1500),
          remark: "it cannot succeed: a quorum of 3 needs 3 authenticators"),
        "asks 2 authenticators, waits at most 1.5 s: "
          + "it cannot succeed: a quorum of 3 needs 3 authenticators",
        "1 vote, at most 1.5 s in all"
      ),
    ])
  func `a vote says who is asked and how long it may take`(
    vote: PlannedVote, text: String, summary: String
  ) {
    #expect(vote.text == text)
    #expect([vote].summary == summary)
  }

  @Test func `the times of votes add up`() {
    let votes = [
      PlannedVote(event: "a", worstWait: .seconds(20), steps: Array(Self.steps[..<2])),
      PlannedVote(event: "b", worstWait: .seconds(30)),
    ]
    #expect(votes.summary == "3 votes, at most 70 s in all")
    #expect((votes + [PlannedVote(event: "c")]).summary == "4 votes")
  }

  @Test func `many steps that wait for a vote are counted`() {
    var report = DrawnPlan("+ a call x").report
    report.votes = [PlannedVote(event: "e", policy: "gate", steps: Self.steps)]
    report.lifetimes = [LifetimeWarning(step: Self.steps[0], text: "it lives 5 min")]
    #expect(
      Self.lines(report).dropFirst(2) == [
        "7 votes",
        "  e  policy gate  asks the authenticators, waits for a time that is not known",
        "      steps a, b, c, d, e and 2 more", "may run out before use", "  a  it lives 5 min",
        "1 to create, 0 to change, 0 to remove",
      ])
  }

  @Test func `what cannot be undone is named with its rounds`() {
    let plan = DrawnPlan(
      """
      : devices for-each device
      :   [0] vault-a
      -     remove call device.remove-device
      =     keep call device.remove-device
      ?     other call device.reject-device
      + new call device.request-unique-identifier
      """)
    let report = PlanReport(of: plan.events) { operation, change in
      operation == "device.remove-device" || change == .unknown
    }
    #expect(report.finals.map(\.path.description) == ["devices[0]/remove", "devices[0]/other"])
    #expect(
      Self.lines(report).drop { $0 != "cannot be undone" }.dropFirst().prefix(2) == [
        "  - devices[0]/remove (device vault-a)  device.remove-device",
        "  ? devices[0]/other (device vault-a)  device.reject-device",
      ])
  }

  @Test func `notices are shown once, with their steps, and not without end`() {
    let drawing = (0..<25).map { ": s\($0) assert" }.joined(separator: "\n")
    var changes: [String: @Sendable (inout StepResult) -> Void] = [:]
    for number in 0..<25 {
      changes["s\(number)"] = { $0.notice = "condition \(max(number, 2)) is not known" }
    }
    let lines = Self.lines(DrawnPlan(drawing, changes).report).filter { $0.hasPrefix("note: ") }
    #expect(lines.count == 21)
    #expect(lines.first == "note: condition 2 is not known (s0 and 2 more)")
    #expect(lines.last == "note: 3 more, which `privirun plan --output json` lists")
  }

  @Test func `a plan without reads says so, and one of a sandbox`() {
    let plan = DrawnPlan("+ a call x").started { start in
      start.service = ServiceOrigins(api: "a", webSocket: "b", upstream: "c", downstream: "d")
      start.service?.isOwnSandbox = true
      start.labels = [RunLabel(name: "tenant", value: "a\u{1B}b")]
    }
    #expect(
      Self.lines(plan.report).prefix(2) == [
        "drawn  plan at a sandbox in this process", "  label     tenant = a\\u{1b}b",
      ])
    let offline = PlanReport(of: plan.events, reads: .omitted)
    #expect(
      Self.lines(offline).first == "drawn  plan without reads: what the service has is not known")
    #expect(offline.markdown.contains("without reads: what the service has is not known\n"))
  }
}
