import Operations
import Synchronization

/// The clock of a benchmark's hosts, which can go faster than time does.
final class BenchClock: Sendable {
  /// Since an instant of real time, how far the clock is and how fast it goes.
  private struct Pace {
    var moment = Moment(nanoseconds: 1_800_000_000_000_000_000)
    var since = ContinuousClock.now
    var speed = 1.0

    var now: Moment { moment + since.duration(to: .now) * speed }
  }

  private let pace = Mutex(Pace())

  var now: Moment { pace.withLock(\.now) }

  /// How many times as fast as real time it goes from here on.
  func setSpeed(_ speed: Double) {
    pace.withLock { pace in
      pace = Pace(moment: pace.now, since: .now, speed: speed)
    }
  }

  /// Returns after `duration` at the present speed, early when the clock slows down meanwhile: whoever
  /// waits looks at the clock.
  func sleep(_ duration: Duration) async throws {
    try await Task.sleep(for: duration / pace.withLock(\.speed))
  }
}
