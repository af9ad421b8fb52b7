import Events
import Machine
import Operations
import OrderedCollections
import Planning
import Sandbox
import Simulation
import Testing

/// A process that drives a run is killed, and another continues the run.
@Suite("Continued runs under simulation")
struct CrashSimulationTests {
  private static let conditions = NetworkConditions(latency: .zero ... .milliseconds(40))

  /// How many times each workflow is run and interrupted.
  private static let crashCount = 5

  /// What is wrong with a run that was interrupted, beside one that was not.
  ///
  /// Requests that were in flight reach the vault after the sockets of their process are gone.
  private static func flaw(
    of report: SimulationReport, beside whole: SimulationReport, _ plan: Plan
  ) -> String? {
    let violations = report.ledger.violations.filter { $0.kind != .commandBeforeJoin }
    if !violations.isEmpty { return "\(violations)" }
    for (name, operation) in plan.api.operations where !operation.repetition.isHarmless {
      let effects = report.ledger.operations[name]?.effects ?? 0
      let expected = whole.ledger.operations[name]?.effects ?? 0
      if effects > expected { return "\(name) had \(effects) effects, not \(expected)" }
      if effects < expected, report.result.outcome == .succeeded {
        return "\(name) had only \(effects) effects of \(expected)"
      }
    }
    switch report.result.outcome {
    case .succeeded, .inDoubt: return nil
    case let outcome:
      return "\(outcome): \(report.result.failedStep.map { "\($0)" } ?? "") "
        + (report.result.failure?.message ?? "")
    }
  }

  @Test(arguments: Array(Story.all.enumerated()))
  func `a run whose process is killed at any instant repeats nothing and loses nothing`(
    _ number: Int, _ story: Story
  ) throws {
    let plan = try WorkflowSimulationTests.plan(story)
    let vault = try VaultConfiguration().injecting("lose=10%,double=10%")
    let scenario = WorkflowSimulationTests.scenario(plan, vault, Self.conditions)
    var simulation = Simulation(scenario, seed: 3)
    let whole = try simulation.run()
    #expect(whole.result.outcome == .succeeded)
    for turn in 0..<Self.crashCount {
      // Spread over the run, at another point in each story.
      let share = (turn * Story.all.count + number) * (whole.pointCount - 1)
      let crash = Crash(
        point: 1 + share / (Self.crashCount * Story.all.count), downtime: .milliseconds(700))
      var simulation = Simulation(scenario, seed: 3)
      let report = try simulation.run(crashing: [crash])
      #expect(report.violation == nil, "\(crash)")
      let flaw = Self.flaw(of: report, beside: whole, plan)
      #expect(flaw == nil, "\(crash)")
    }
  }
}

extension Operation.Repetition {
  fileprivate var isHarmless: Bool {
    switch self {
    case .safe, .harmless: true
    case .detectable, .unsafe: false
    }
  }
}
