import Synchronization

/// Notices when an exchange stands still.
final class Traffic: Sendable {
  private let lastMove = Mutex(ContinuousClock().now)

  /// Some bytes went or came.
  func moved() {
    lastMove.withLock { $0 = ContinuousClock().now }
  }

  /// Returns once nothing has moved for `limit`.
  func standstill(of limit: Duration) async throws {
    let clock = ContinuousClock()
    while true {
      let deadline = lastMove.withLock { $0 } + limit
      guard clock.now < deadline else { return }
      try await clock.sleep(until: deadline)
    }
  }
}
