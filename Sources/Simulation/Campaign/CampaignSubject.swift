package import Events
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
    case noSuchStep(StepPath)
    /// An undisturbed run breaks a property.
    case violation(Violation, SimulationReport)
    /// An undisturbed run does not end.
    case stall(Simulation.Stall)
  }

  /// Runs `scenario` undisturbed; `step` is the last one of those that are carried out once.
  package init(_ scenario: Scenario, after step: StepPath? = nil) throws(Problem) {
    var scenario = scenario
    scenario.vault.faults = FaultSpec()
    self.scenario = scenario
    if let step {
      do throws(Simulation.Stall) {
        prefix = try Simulation(scenario, seed: Self.prefixSeed).before(endOf: step)
      } catch {
        throw .stall(error)
      }
      guard prefix != nil else { throw .noSuchStep(step) }
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
      do throws(Simulation.Stall) {
        reports.append(try simulation.run())
      } catch {
        throw .stall(error)
      }
    }
    if let report = reports.first(where: { $0.violation != nil }), let found = report.violation {
      throw .violation(found, report)
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
    return finish(&simulation, crashing: `case`.crashes)
  }

  /// Runs `simulation` to its end and judges what it comes to.
  func finish(_ simulation: inout Simulation, crashing crashes: [Crash]) -> CaseResult {
    do throws(Simulation.Stall) {
      let report = try simulation.run(crashing: crashes)
      return CaseResult(violation: reference.violation(in: report), report: report)
    } catch {
      let report = simulation.reportAtStall()
      let violation = Violation(
        property: .hang, detail: error.detail, at: simulation.now,
        eventCount: report.events.count)
      return CaseResult(violation: report.violation ?? violation, report: report)
    }
  }
}

/// What a case came to.
package struct CaseResult: Sendable {
  /// The property that was broken, or nil.
  package let violation: Violation?
  /// How the run went.
  package let report: SimulationReport
}

extension Simulation.Stall {
  fileprivate var detail: String {
    switch self {
    case .deadlock: "nothing is on its way and nothing is waited for, but the run is not over"
    case .endless: "the run does not end"
    }
  }
}
