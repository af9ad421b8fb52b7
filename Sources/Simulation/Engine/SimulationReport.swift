package import Events
package import Machine
package import Sandbox

/// What a simulation came to.
package struct SimulationReport: Sendable {
  /// All events of the run, in order.
  package var events: [RunEvent]
  /// How many of them were recorded before this part of the run began.
  package var firstEvent: Int
  /// The state of the machine at the end.
  package var state: RunState
  /// How the run ended.
  package var result: RunResult
  /// What the vault saw.
  package var ledger: Ledger
  /// How long it took in virtual time.
  package var elapsed: Duration
  /// How many commits the run had, resumption included.
  package var commitCount: Int
  /// At how many points a process could have ended.
  package var pointCount: Int
  /// Where processes ended.
  package var crashes: [Simulation.PerformedCrash]
  /// How often an operator continued the run after it had ended in doubt, or failed.
  package var resolutionCount: Int
  /// How often each fault was injected.
  package var faults: [FaultKind: Int]
  /// How often it was decided whether a fault is injected.
  package var faultDecisions: Int
  /// What the vault holds at the end.
  package var inventory: VaultInventory
  /// The files in memory at the end, by their paths.
  package var files: [String: [UInt8]]
  /// How often each step had an effect whose operation must not be repeated.
  package var effectCounts: [StepPath: Int]
  /// The first property that was broken during the run.
  package var violation: Violation?
  /// What happened, where that was asked for.
  package var trace: SimulationTrace?
}
