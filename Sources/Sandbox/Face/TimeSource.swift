import FoundationEssentials
package import Operations

/// Where a server gets the time from.
package struct TimeSource: Sendable {
  package let now: @Sendable () -> Moment

  package init(now: @escaping @Sendable () -> Moment) {
    self.now = now
  }

  /// The machine's time; once started it runs evenly and never backwards.
  package static let system: TimeSource = {
    let start = Date().timeIntervalSince1970
    let origin = Moment(nanoseconds: Int64(start * 1_000_000) * 1000)
    let clock = ContinuousClock()
    let beginning = clock.now
    return TimeSource(now: { origin + beginning.duration(to: clock.now) })
  }()
}
