import Operations

/// What a schedule needs to know of the process while that acts.
struct SchedulerTurn: Sendable {
  let now: Moment
  /// The epoch of the lease.
  let epoch: Int
  /// Since when the process acts, by a clock that was never ahead of `now`.
  let since: Moment
  /// Whether the process is about to stop.
  let isDraining: Bool
  /// The schedule of a text; nil when it cannot be read any more.
  let reading: @Sendable (String) -> Schedule?
}
