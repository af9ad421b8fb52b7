import Events
package import Machine
import Operations
import Planning
import Sandbox

/// Plans a scenario on what an abandoned run has left, carries it out there, and compares the two.
///
/// Plan and run begin at the same instant with the same service and files, each with its own copy.
///
///     var run = Simulation(scenario, seed: 1)
///     // … run.advance() up to some point
///     let result = PlanTrial(after: run, at: point).perform()
///     // result.violation is nil when the plan was honest.
package struct PlanTrial: Sendable {
  private static let planSeed: UInt64 = 201
  private static let runSeed: UInt64 = 202

  /// The service and the files as the abandoned run has left them.
  private let left: Simulation
  private let guidance: Guidance

  /// A trial on what `run` leaves when its process ends at `point`, or after its end where that is nil.
  package init(
    after run: Simulation, at point: CrashPoint?,
    guidedBy guidance: Guidance = Guidance(planning: Planning())
  ) {
    var left = run.forked()
    left.abandon(at: point)
    self.left = left
    self.guidance = guidance
  }

  /// Makes the plan and then the run.
  package func perform() -> PlanTrialResult {
    var planning = left.successor(guidedBy: guidance, seed: Self.planSeed)
    let (plan, planStall) = planning.runToEnd()
    if let violation = planStall ?? violation(by: plan) ?? effect(of: plan, until: planning.now) {
      return PlanTrialResult(plan: plan, run: nil, violation: violation)
    }
    var running = left.successor(seed: Self.runSeed)
    let (run, runStall) = running.runToEnd()
    let comparison = PlanComparison(of: plan.events, with: run.events)
    return PlanTrialResult(
      plan: plan, run: run,
      violation: runStall ?? run.violation ?? Self.violation(by: comparison, in: run),
      comparison: comparison)
  }

  /// A property that the plan broke on its way.
  ///
  /// What it says of steps is not what the service did, which the watch of runs takes for a contradiction.
  private func violation(by plan: SimulationReport) -> Violation? {
    plan.violation.flatMap { $0.property == .contradiction ? nil : $0 }
  }

  /// What the plan did besides reading, in comparison with a service that was left alone meanwhile.
  private func effect(of plan: SimulationReport, until end: Moment) -> Violation? {
    var idle = left.vault
    _ = idle.advance(to: end)
    let footprint = PlanFootprint(
      report: plan, ledger: left.vault.ledger, inventory: idle.inventory,
      files: left.files.files.all, api: left.scenario.plan.api)
    return footprint.objection.map {
      Violation(property: .planEffect, detail: $0, at: end, eventCount: plan.events.count)
    }
  }

  private static func violation(
    by comparison: PlanComparison, in run: SimulationReport
  ) -> Violation? {
    let isBroken = comparison.objection != nil
    guard let objection = comparison.objection ?? comparison.vagueness else { return nil }
    let event = objection.event ?? run.events.last
    return Violation(
      property: isBroken ? .brokenPlan : .vaguePlan, detail: objection.detail,
      at: event?.at ?? Moment(nanoseconds: 0), eventCount: event.map { $0.sequence + 1 } ?? 0)
  }
}

/// What a trial came to.
package struct PlanTrialResult: Sendable {
  /// How the plan was made.
  package let plan: SimulationReport
  /// How the run went; nil where the plan alone broke a property.
  package let run: SimulationReport?
  /// The first property that was broken.
  package let violation: Violation?
  /// The plan and the run compared; nil without a run.
  package let comparison: PlanComparison?

  init(
    plan: SimulationReport, run: SimulationReport?, violation: Violation?,
    comparison: PlanComparison? = nil
  ) {
    self.plan = plan
    self.run = run
    self.violation = violation
    self.comparison = comparison
  }
}
