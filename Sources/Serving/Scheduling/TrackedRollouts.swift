import Events
import Journaling
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
  /// What is to be recorded with the ends of rollouts whose records do not hold it, by their schedules.
  private var notices: [String: [StoredNotice]] = [:]

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

  /// Stops those that leave no record, and forgets them and their notifications.
  mutating func dropUnrecorded() {
    notices = [:]
    for (number, rollout) in tracked where rollout.stage == .begun(nil) {
      rollout.control.cancel()
      tracked[number] = nil
    }
  }

  /// The end of the rollout of `schedule` is to be recorded, and these with it.
  mutating func end(_ schedule: String, with added: [StoredNotice]) { notices[schedule] = added }

  /// What is to be recorded with `change`, where that is the end of a rollout.
  func notices(with change: LedgerChange) -> [StoredNotice] {
    change.state.current == nil ? notices[change.state.name] ?? [] : []
  }

  /// What was to be recorded with `change` is durable.
  mutating func recorded(_ change: LedgerChange) {
    if change.state.current == nil { notices[change.state.name] = nil }
  }

  func drain() { for rollout in tracked.values { rollout.control.drain() } }
}
