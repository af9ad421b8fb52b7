import Events
import Operations

/// A rollout of a schedule that this process prepares, drives or watches.
struct TrackedRollout: Sendable {
  /// Names it in this process.
  struct Number: Sendable, Hashable {
    let value: Int
  }

  /// How far it is.
  ///
  /// Exits: `starting` → `begun` once its beginning is durable.
  enum Stage: Sendable, Hashable {
    /// The scheduler waits for an answer.
    case starting
    /// Its beginning is recorded; the id is nil for one that leaves no record.
    case begun(RunID?)
  }

  let schedule: String
  /// The epoch of the lease under which it is tracked.
  let epoch: Int
  var stage: Stage
  let control: RolloutControl

  /// Its record; nil where there is none.
  var rollout: RunID? {
    switch stage {
    case .starting: nil
    case .begun(let rollout): rollout
    }
  }
}

/// The rollouts that this process prepares, drives or watches.
struct TrackedRollouts: Sendable {
  private var tracked: [TrackedRollout.Number: TrackedRollout] = [:]
  private var last = 0

  subscript(number: TrackedRollout.Number) -> TrackedRollout? { tracked[number] }

  /// Whether one of them is driven by this process.
  var areDriven: Bool { tracked.values.contains { $0.control.isDriven } }

  /// Whether one of them is prepared, or its beginning is on its way.
  var areStarting: Bool { tracked.values.contains { $0.stage == .starting } }

  /// Those that are driven, which a process that is about to leave leaves behind.
  var driven: [TrackedRollout] { tracked.values.filter(\.control.isDriven) }

  mutating func add(_ rollout: TrackedRollout) -> TrackedRollout.Number {
    last += 1
    let number = TrackedRollout.Number(value: last)
    tracked[number] = rollout
    return number
  }

  mutating func begin(_ rollout: RunID?, of number: TrackedRollout.Number) {
    tracked[number]?.stage = .begun(rollout)
  }

  @discardableResult
  mutating func remove(_ number: TrackedRollout.Number) -> TrackedRollout? {
    tracked.removeValue(forKey: number)
  }

  /// The one with that record.
  func rollout(_ rollout: RunID) -> TrackedRollout? {
    tracked.values.first { $0.rollout == rollout }
  }

  /// The one of `schedule` that leaves no record.
  func unrecorded(of schedule: String) -> TrackedRollout? {
    tracked.values.first { $0.schedule == schedule && $0.stage == .begun(nil) }
  }

  /// Stops those that leave no record, and forgets them.
  mutating func dropUnrecorded() {
    for (number, rollout) in tracked where rollout.stage == .begun(nil) {
      rollout.control.cancel()
      tracked[number] = nil
    }
  }

  func drain() { for rollout in tracked.values { rollout.control.drain() } }
}
