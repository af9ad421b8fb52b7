import EventSamples
import Events
import Expressions
import Operations
import Playbooks
import Telemetry
import Testing
import Tracing

/// Runs that another process continues, and runs of rollouts.
@Suite struct ContinuedRunTests {
  private let run = SampleRun.run
  private let path = Story.path("enrol")
  private let operation = "device.approve-device"

  private var start: RunEvent.Kind {
    .runStarted(
      RunStart(
        run: run, playbook: "p", file: "p.yaml", planDigest: "", inputs: [:], seed: 1,
        version: "1"))
  }

  private func resumption(_ reopening: Reopening? = nil) -> RunEvent.Kind {
    var resumption = RunResumption(owner: "me", epoch: 1, seed: 1, version: "1")
    resumption.reopening = reopening
    return .runResumed(resumption)
  }

  @Test func `an interrupted run has one span for each step, from its first start on`() {
    var story = Story([
      start, Story.call(path, operation), Story.request(path, operation),
    ])
    let before = story.events
    story.add(resumption())
    story.add(.requestAnswered(path, RequestAnswer(attempt: 1, status: 200, body: .null)))
    story.add(.stepFinished(path, StepResult(outcome: .succeeded)))
    story.add(.runFinished(RunResult(outcome: .succeeded)))
    let after = Array(story.events[before.count...])
    let (whole, resumed) = (Collected(), Collected())
    whole.telemetry.record(story.events, of: run)
    resumed.telemetry.recall(before, of: run)
    #expect(resumed.spans == [])
    resumed.telemetry.record(after, of: run)
    #expect(resumed.spans == whole.spans)
    #expect(
      resumed.spans.map(\.name) == ["POST /device/approve-device", "call \(operation)", "run p"])
    #expect(!resumed.counts.contains { $0.hasPrefix("privirun.runs.started") })
  }

  @Test func `a run that was over gets spans of its own in the same trace, with a link`() throws {
    let failure = Failure(.rejected, "refused")
    var story = Story([
      start, Story.call(path, operation),
      .stepFinished(path, StepResult(outcome: .failed, failure: failure)),
      .runFinished(RunResult(outcome: .failed, failure: failure, failedStep: path)),
    ])
    let first = Collected()
    first.telemetry.record(story.events, of: run)
    let second = Collected()
    second.telemetry.recall(story.events, of: run)
    let count = story.events.count
    story.add(resumption(Reopening(again: [path], continued: [], pause: .zero)))
    story.add(.attemptStarted(path, attempt: 2))
    story.add(.stepFinished(path, StepResult(outcome: .succeeded)))
    story.add(.runFinished(RunResult(outcome: .succeeded)))
    second.telemetry.record(Array(story.events[count...]), of: run)
    #expect(second.spans.map(\.name) == ["call \(operation)", "run p"])
    let all = first.spans + second.spans
    #expect(Set(all.map(\.identity.span)).count == 4)
    #expect(Set(all.map(\.identity.trace)).count == 1)
    #expect(second.spans.last?.links == [try #require(first.spans.last).identity])
    #expect(second.spans.first?.parent?.span == second.spans.last?.identity.span)
  }

  @Test func `requests are sent with the ids of the spans that are exported for them`() throws {
    let story = Story([
      start, Story.call(path, operation), Story.request(path, operation),
      .requestAnswered(path, RequestAnswer(attempt: 1, status: 503, body: .null)),
      .attemptFailed(path, attempt: 1, Failure(.serverError, "no"), pause: .seconds(1)),
      .attemptStarted(path, attempt: 2), Story.request(path, operation, attempt: 2),
      .requestAnswered(path, RequestAnswer(attempt: 2, status: 200, body: .null)),
      .stepFinished(path, StepResult(outcome: .succeeded)),
      .runFinished(RunResult(outcome: .succeeded)),
    ])
    let collected = Collected()
    collected.telemetry.record(story.events, of: run)
    guard case .runStarted(let start) = start else { return }
    let tracing = RequestTracing(continuing: nil, sampler: .standard)
    let sent = [2, 6, nil].map { tracing.headers(of: start, intent: $0) }
    let exported = (collected.spans.filter { $0.kind == .client } + collected.spans.suffix(1))
      .map { [HTTPField("traceparent", TraceParent($0.identity).text)] }
    #expect(sent == exported)
    #expect(sent[0][0].value.hasSuffix("-01"))
  }

  @Test func `requests of a trace that is not exported say so`() {
    guard case .runStarted(let start) = start else { return }
    let tracing = RequestTracing(continuing: nil, sampler: .off)
    #expect(tracing.headers(of: start, intent: 4)[0].value.hasSuffix("-00"))
  }

  @Test func `thousands of tenants leave no trail, and hang below their rollout`() {
    let rollout = SampleRollout.rollout
    let collected = Collected()
    let telemetry = collected.telemetry
    let count = 3000
    var story = Story([.rollout(.started(SampleRollout.start(tenants: count)))])
    telemetry.record(story.events, of: rollout)
    for number in 0..<count {
      let run = SampleRun.drawn(UInt64(number + 100))
      telemetry.record(
        Story([
          .runStarted(SampleRollout.tenantStart(run, of: rollout, number)),
          Story.call(path, operation), Story.request(path, operation),
          .requestAnswered(path, RequestAnswer(attempt: 1, status: 200, body: .null)),
          .stepFinished(path, StepResult(outcome: .succeeded)),
          .runFinished(RunResult(outcome: .succeeded)),
        ]).events, of: run)
      #expect(telemetry.openCount == 1)
    }
    story.add(
      .rollout(.finished(RolloutResult(outcome: .succeeded, counts: TenantCounts()))))
    telemetry.record([story.events[1]], of: rollout)
    #expect(telemetry.openCount == 0)
    #expect(collected.spans.count == 3 * count + 1)
    let root = collected.spans.last
    #expect(root?.name == "rollout onboard")
    let runs = collected.spans.filter { $0.name == "run onboard-tenant" }
    #expect(runs.count == count)
    #expect(runs.allSatisfy { $0.parent?.span == root?.identity.span })
    #expect(Set(collected.spans.map(\.identity.trace)).count == 1)
  }

  @Test func `every event of rollouts is followed`() {
    let collected = Collected()
    collected.telemetry.record(SampleRollout.events, of: SampleRollout.rollout)
    #expect(collected.counts.contains("privirun.tenants.refused{privirun.rollout.name=onboard} 2"))
  }

  @Test func `the run of a tenant that is continued alone stays in the trace of its rollout`() {
    let collected = Collected()
    let start = SampleRollout.tenantStart(run, 1)
    collected.telemetry.record(
      Story([.runStarted(start), .runFinished(RunResult(outcome: .succeeded))]).events, of: run)
    let rollout = SampleRollout.rollout
    #expect(collected.spans.first?.identity.trace == RunIdentity.trace(of: rollout))
    #expect(collected.spans.first?.parent?.span == RunIdentity.span(of: rollout, from: 0))
  }
}
