import Operations

/// How long something took in two runs.
struct ComparedTime: Sendable, Hashable {
  /// Smaller differences are never notable.
  static let notableDifference = Duration.milliseconds(500)

  let from: Duration
  let to: Duration

  /// Negative when the second run was faster.
  var difference: Duration { to - from }

  /// The difference in percent of the first run; nil where that took less than a millisecond.
  var percent: Double? {
    guard from >= .milliseconds(1) else { return nil }
    return Double(difference.wholeNanoseconds) / Double(from.wholeNanoseconds) * 100
  }

  /// Whether the times differ by a millisecond or more.
  var isPerceptible: Bool { difference.wholeNanoseconds.magnitude >= 1_000_000 }

  /// Whether the times differ by half a second, and the longer one is half as long again as the other.
  var isNotable: Bool {
    let (shorter, longer) = (min(from, to), max(from, to))
    return longer - shorter >= Self.notableDifference && longer * 2 >= shorter * 3
  }
}
