package import Events

/// What plans were compared with runs, counted.
package struct PlanTally: Sendable, Hashable {
  /// How many plans there were, each with a run right after it.
  package private(set) var plans = 0
  /// What they said of how many steps.
  package private(set) var steps: [StateChange.Kind: Int] = [:]
  /// How many of the runs the service ended, by refusing a request that the plan said would be made.
  package private(set) var refusals = 0
  /// How many ended at a step of which the plan said that it is not known.
  package private(set) var openEnds = 0
  /// How many ended at a conflict that the plan named.
  package private(set) var conflicts = 0

  init() {}

  /// Counts one plan.
  mutating func add(_ comparison: PlanComparison) {
    plans += 1
    steps.merge(comparison.counts, uniquingKeysWith: +)
    switch comparison.ending {
    case .planned: break
    case .refused: refusals += 1
    case .open: openEnds += 1
    case .conflict: conflicts += 1
    }
  }

  mutating func add(_ other: PlanTally) {
    plans += other.plans
    steps.merge(other.steps, uniquingKeysWith: +)
    refusals += other.refusals
    openEnds += other.openEnds
    conflicts += other.conflicts
  }
}
