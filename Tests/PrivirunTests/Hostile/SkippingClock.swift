import Operations

/// The time of a run, which a test lets go by when everything has happened that it waited for.
struct SkippingClock: Sendable {
  private static let gap = Duration.seconds(3 * 3600)
  /// How long the clock may stand still before it sees that the time has gone by.
  private static let glance = Duration.milliseconds(2)

  let hasGoneBy: @Sendable () -> Bool
  private let began = ContinuousClock.now

  init(hasGoneBy: @escaping @Sendable () -> Bool) {
    self.hasGoneBy = hasGoneBy
  }

  func now() -> Moment {
    Moment(nanoseconds: 0) + began.duration(to: .now) + (hasGoneBy() ? Self.gap : .zero)
  }

  func sleep(for duration: Duration) async throws {
    let end = now() + duration
    while now() < end {
      try await ContinuousClock().sleep(for: min(end - now(), Self.glance))
    }
  }
}
