import Machine
import Operations
import Randomness
import Sandbox

/// A scenario that is simulated again and again, and what it comes to undisturbed.
///
/// Steps that come first can be carried out once, so that every run begins after them.
package struct CampaignSubject: Sendable {
  /// The seeds of the undisturbed runs.
  private static let referenceSeeds: [UInt64] = [101, 102, 103]
  /// The seed of the steps that are carried out once.
  private static let prefixSeed: UInt64 = 100

  /// What is simulated; its vault injects no faults.
  private let scenario: Scenario
  /// The run after the steps that are carried out once; nil when there are none.
  private let prefix: Simulation?
  /// What an undisturbed run comes to.
  package let reference: Reference

  /// Why a scenario cannot be simulated.
  package enum Problem: Error, Sendable {
    /// The run ended before the step did that every run is to begin after.
    case noSuchStep(String)
    /// An undisturbed run breaks a property, or does not succeed.
    case violation(Violation, SimulationReport)
  }

  /// Runs `scenario` undisturbed; `step` is the path of the last one of those that are carried out once.
  package init(_ scenario: Scenario, after step: String? = nil) throws(Problem) {
    var scenario = scenario
    scenario.vault.faults = FaultSpec()
    scenario.resolvesDoubt = true
    self.scenario = scenario
    if let step {
      // A run that does not end has no such step either, and the reference says why.
      prefix = (try? Simulation(scenario, seed: Self.prefixSeed).before(endOf: step)).flatMap(
        \.self)
      guard prefix != nil else {
        _ = try Self.reference(scenario, nil)
        throw .noSuchStep(step)
      }
    } else {
      prefix = nil
    }
    reference = try Self.reference(scenario, prefix)
  }

  private static func reference(
    _ scenario: Scenario, _ prefix: Simulation?
  ) throws(Problem) -> Reference {
    var reports: [SimulationReport] = []
    for seed in referenceSeeds {
      var simulation = simulation(of: SimulationCase(seed: seed), scenario, prefix)
      simulation.trace = SimulationTrace()
      let end = simulation.end()
      if let violation = end.violation ?? Reference.failure(in: end.report) {
        throw .violation(violation, end.report)
      }
      reports.append(end.report)
    }
    return Reference(of: reports)
  }
}

/// Runs.
extension CampaignSubject {
  /// A simulation of `case` that has not begun.
  func simulation(of case: SimulationCase) -> Simulation {
    var scenario = scenario
    scenario.allowedEffects = reference.effectCounts
    return Self.simulation(of: `case`, scenario, prefix)
  }

  private static func simulation(
    of case: SimulationCase, _ scenario: Scenario, _ prefix: Simulation?
  ) -> Simulation {
    var simulation = prefix?.forked() ?? Simulation(scenario, seed: `case`.seed)
    simulation.disturb(as: `case`, allowing: scenario.allowedEffects)
    return simulation
  }

  /// Runs `case` to its end.
  package func run(_ case: SimulationCase, tracing: Bool = false) -> CaseResult {
    var simulation = simulation(of: `case`)
    if tracing { simulation.trace = SimulationTrace() }
    guard `case`.endsInPlan else { return finish(&simulation, crashing: `case`.crashes) }
    let point = `case`.crashes.first?.point
    while let next = (try? simulation.advance()).flatMap(\.self) {
      if next.number == point { return plan(after: simulation, at: next) }
    }
    return plan(after: simulation, at: nil)
  }

  /// Plans the scenario on what `simulation` leaves when its process ends at `point`, and carries it out.
  func plan(after simulation: Simulation, at point: CrashPoint?) -> CaseResult {
    let trial = PlanTrial(after: simulation, at: point).perform()
    var result = CaseResult(violation: trial.violation, report: trial.run ?? trial.plan)
    if let comparison = trial.comparison { result.plans.add(comparison) }
    return result
  }

  /// Runs `simulation` to its end and judges what it comes to.
  func finish(_ simulation: inout Simulation, crashing crashes: [Crash]) -> CaseResult {
    let end = simulation.end(crashing: crashes)
    return CaseResult(
      violation: end.violation ?? reference.violation(in: end.report), report: end.report)
  }
}

extension Simulation {
  /// Runs to the end; that there is none is a violation.
  fileprivate mutating func end(crashing crashes: [Crash] = []) -> CaseResult {
    let (report, stall) = runToEnd(crashing: crashes)
    return CaseResult(violation: report.violation ?? stall, report: report)
  }

  /// Runs to the end, or as far as it comes: that there is no end is a violation.
  mutating func runToEnd(
    crashing crashes: [Crash] = []
  ) -> (report: SimulationReport, stall: Violation?) {
    do throws(Stall) {
      return (try run(crashing: crashes), nil)
    } catch {
      let report = reportAtStall()
      return (
        report,
        Violation(
          property: .hang, detail: error.detail, at: now, eventCount: report.events.count)
      )
    }
  }
}

/// What a case came to.
package struct CaseResult: Sendable {
  /// The property that was broken, or nil.
  package let violation: Violation?
  /// How the run went.
  package let report: SimulationReport
  /// How a plan compares with that run, where one was made before it.
  package internal(set) var plans = PlanTally()

  init(violation: Violation?, report: SimulationReport) {
    self.violation = violation
    self.report = report
  }
}

extension Simulation.Stall {
  fileprivate var detail: String {
    switch self {
    case .deadlock: "nothing is on its way and nothing is waited for, but the run is not over"
    case .endless: "the run does not end"
    }
  }
}
