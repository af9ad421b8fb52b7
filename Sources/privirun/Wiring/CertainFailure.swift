import Diagnostics
import Events
import Hosting
import Machine
import Planning

/// Where every run of a plan fails, whatever the service answers and whenever it starts.
struct CertainFailure {
  private let failure: Failure
  private let step: StepPath?

  /// Makes the plan without sending anything; nil where a run may succeed.
  init?(of plan: Plan, _ environment: [String: String]) async throws {
    let run = PlanRun(
      plan: plan, planning: Planning(isOffline: true, hidesStart: true), labels: [])
    let outcome = try await ServiceTarget.nothing.withTransport { transport, service in
      try await PlanHost.with(transport, environment) { host in
        await run.perform(in: host, at: service)
      }
    }
    guard case .finished(let result) = outcome.ending, case .failed = result.outcome,
      let failure = result.failure
    else { return nil }
    self.failure = failure
    step = result.failedStep
  }

  /// The error at what makes the step fail.
  var diagnostic: Diagnostic {
    let subject = step.map { "`\($0)`" } ?? "a run"
    return Diagnostic(
      .evaluationFailed, "with these inputs, \(subject) fails: \(failure.message)",
      at: failure.location, hint: failure.hint)
  }
}
