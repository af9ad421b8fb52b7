package import Sandbox

/// One simulated run, so that it can be run again: everything that decides how it goes.
package struct SimulationCase: Sendable, Hashable {
  /// The seed of timing, faults and identifiers.
  package var seed: UInt64
  /// The faults that are injected.
  package var faults: FaultSpec
  /// When there are any, the only decisions that inject something, counted from 1.
  package var allowedFaults: Set<Int>?
  /// Where processes end.
  package var crashes: [Crash]
  /// Whether nobody continues the run after its first crash: it is planned, and carried out anew.
  package var endsInPlan = false
  /// How often an operator continues the run after it failed.
  package var reopenings = 0
  /// How long messages take.
  package var conditions = NetworkConditions()
  /// How long commands take and voters think.
  package var delay = Duration.milliseconds(20)

  /// A run whose faults are all injected, over a fast network.
  package init(seed: UInt64, faults: FaultSpec = FaultSpec(), crashes: [Crash] = []) {
    self.seed = seed
    self.faults = faults
    self.crashes = crashes
  }
}
