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
  private static let conditions = NetworkConditions(
    latency: .zero ... .milliseconds(40), lostMessages: 0.1, doubledMessages: 0.1)

  /// How many times each workflow is run and interrupted.
  private static let crashCount = 5

  /// What is wrong with a run that was interrupted, beside one that was not.
  ///
  /// Requests that were in flight reach the vault after the sockets of their process are gone.
  private static func flaw(
    of report: Simulation.Report, beside whole: Simulation.Report, _ plan: Plan
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
  func `a run whose process is killed at any commit repeats nothing and loses nothing`(
    _ number: Int, _ story: Story
  ) throws {
    let plan = try WorkflowSimulationTests.plan(story)
    let whole = try WorkflowSimulationTests.run(
      plan, seed: 3, VaultConfiguration(), Self.conditions)
    #expect(whole.result.outcome == .succeeded)
    for turn in 0..<Self.crashCount {
      // Spread over the run, at another commit in each story.
      let share = (turn * Story.all.count + number) * (whole.commitCount - 1)
      let crash = Simulation.Crash(
        commit: 1 + share / (Self.crashCount * Story.all.count),
        before: Simulation.Crash.Instant.allCases[turn % 3], downtime: .milliseconds(700))
      let report = try WorkflowSimulationTests.run(
        plan, seed: 3, VaultConfiguration(), Self.conditions, crashingAt: crash)
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
