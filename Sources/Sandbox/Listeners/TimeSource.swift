import Glibc
package import Operations

/// Where a server gets the time from.
package struct TimeSource: Sendable {
  /// The present instant; a vault takes one that lies before the latest for the latest.
  package let now: @Sendable () -> Moment

  /// A clock that reads `now`, such as a virtual one in tests.
  package init(now: @escaping @Sendable () -> Moment) {
    self.now = now
  }

  /// The machine's time; once started it runs evenly and never backwards.
  package static let system: TimeSource = {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let origin =
      Moment(nanoseconds: 0) + .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    let clock = ContinuousClock()
    let beginning = clock.now
    return TimeSource(now: { origin + beginning.duration(to: clock.now) })
  }()
}
