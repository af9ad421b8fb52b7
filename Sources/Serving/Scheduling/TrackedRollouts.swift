import Events
import Operations

/// A rollout of a schedule that this process prepares, drives or watches.
struct TrackedRollout: Sendable {
  /// Names it in this process.
  struct Number: Sendable, Hashable {
    let value: Int
  }

  let schedule: String
  /// The epoch of the lease under which it is tracked.
  let epoch: Int
  /// Nil for one without a record, and while it is not recorded.
  var rollout: RunID?
  let control: RolloutControl
}

/// The rollouts that this process prepares, drives or watches.
struct TrackedRollouts: Sendable {
  private var tracked: [TrackedRollout.Number: TrackedRollout] = [:]
  private var last = 0

  subscript(number: TrackedRollout.Number) -> TrackedRollout? { tracked[number] }

  /// Whether one of them is driven by this process.
  var areDriven: Bool { tracked.values.contains { $0.control.isDriven } }

  /// Those that are driven, which a process that is about to leave leaves behind.
  var driven: [TrackedRollout] { tracked.values.filter(\.control.isDriven) }

  mutating func add(_ rollout: TrackedRollout) -> TrackedRollout.Number {
    last += 1
    let number = TrackedRollout.Number(value: last)
    tracked[number] = rollout
    return number
  }

  mutating func set(_ rollout: RunID?, of number: TrackedRollout.Number) {
    tracked[number]?.rollout = rollout
  }

  @discardableResult
  mutating func remove(_ number: TrackedRollout.Number) -> TrackedRollout? {
    tracked.removeValue(forKey: number)
  }

  /// The one with that record.
  func rollout(_ rollout: RunID) -> TrackedRollout? {
    tracked.values.first { $0.rollout == rollout }
  }

  /// Forgets the one of `schedule` that leaves no record, and stops it.
  mutating func dropUnrecorded(of schedule: String) {
    for (number, rollout) in tracked where rollout.schedule == schedule && rollout.rollout == nil {
      rollout.control.cancel()
      tracked[number] = nil
    }
  }

  func drain() { for rollout in tracked.values { rollout.control.drain() } }
}
