import Operations

/// The sleepers in progress: a new one is set only when it would be the first to wake, so that their
/// number does not grow with the timers of a run.
struct Alarms: Sendable {
  /// Latest first.
  private var moments: [Moment] = []

  /// Whether a sleeper must be set for `deadline`; takes it as set.
  mutating func needsOne(for deadline: Moment) -> Bool {
    if let first = moments.last, first <= deadline { return false }
    moments.append(deadline)
    return true
  }

  mutating func rang(_ moment: Moment) {
    moments.removeAll { $0 == moment }
  }
}
