package import Events
import Machine
package import Sandbox

/// What simulated runs came to, counted.
package struct CampaignTally: Sendable, Hashable {
  /// How many runs there were.
  package private(set) var runs = 0
  /// How often a process ended and another continued its run.
  package private(set) var crashes = 0
  /// How often an operator continued a run that had ended in doubt, or failed.
  package private(set) var resolutions = 0
  /// How often each fault was injected.
  package private(set) var faults: [FaultKind: Int] = [:]
  /// How the runs ended.
  package private(set) var outcomes: [Outcome: Int] = [:]
  /// How long all of them took in virtual time.
  package private(set) var virtualTime = Duration.zero

  init() {}

  mutating func add(_ report: SimulationReport) {
    runs += 1
    crashes += report.crashes.count
    resolutions += report.resolutionCount
    faults.merge(report.faults, uniquingKeysWith: +)
    outcomes[report.result.outcome, default: 0] += 1
    virtualTime += report.elapsed
  }

  mutating func add(_ other: CampaignTally) {
    runs += other.runs
    crashes += other.crashes
    resolutions += other.resolutions
    faults.merge(other.faults, uniquingKeysWith: +)
    outcomes.merge(other.outcomes, uniquingKeysWith: +)
    virtualTime += other.virtualTime
  }
}
