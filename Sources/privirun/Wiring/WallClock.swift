import Glibc
import Operations

/// The machine's clock: the time of day at the start, and from there on a clock that never jumps.
struct WallClock: Sendable {
  private let started = ContinuousClock.now
  private let startedAt: Moment

  /// Throws when the clock shows a time outside 1970 to 2262, which events cannot hold.
  init() throws(CommandFailure) {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    try self.init(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
  }

  /// A clock that shows this time since 1970 now.
  init(seconds: Int64, nanoseconds: Int64) throws(CommandFailure) {
    let (scaled, isTooLate) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    // A year remains for the run itself.
    let latest = Int64.max - 366 * 86_400 * 1_000_000_000
    guard !isTooLate, scaled >= 0, scaled < latest else {
      throw CommandFailure(
        .invalid, "the clock of this machine shows a time outside the years 1970 to 2261",
        hint: "set the clock: `date`")
    }
    startedAt = Moment(nanoseconds: scaled + nanoseconds)
  }

  func now() -> Moment {
    startedAt + started.duration(to: .now)
  }
}
