import Glibc
import Operations

/// The machine's clock: the time of day at the start, and from there on a clock that never jumps.
struct WallClock: Sendable {
  private let started = ContinuousClock.now
  private let startedAt: Moment

  init() {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    startedAt = Moment(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  func now() -> Moment {
    startedAt + started.duration(to: .now)
  }
}
