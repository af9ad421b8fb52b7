import Operations
import Synchronization

/// Notices when an exchange stands still, or as good as: a server that sends a byte now and then
/// must not hold it for ever.
final class Traffic: Sendable {
  /// The fewest bytes of a body that count as a move.
  private static let step = 1024

  private struct State {
    var lastMove = ContinuousClock().now
    /// Bytes that came or went since.
    var count = 0
  }

  private let arrived = Mutex<APIResponse?>(nil)

  private let state = Mutex(State())
  private let stopped = Atomic(false)

  /// Whether the exchange was given up, so that nothing more is to be read for it.
  var isStopped: Bool { stopped.load(ordering: .sequentiallyConsistent) }

  /// The exchange is given up.
  func stop() {
    stopped.store(true, ordering: .sequentiallyConsistent)
  }

  /// Status and headers of the answer, once they are there.
  var head: APIResponse? { arrived.withLock { $0 } }

  /// The head of the answer is there.
  func arrived(_ head: APIResponse) {
    arrived.withLock { $0 = head }
    moved()
  }

  /// The exchange got to its next part.
  func moved() {
    state.withLock { $0 = State() }
  }

  /// Some bytes of a body came or went.
  func moved(_ count: Int) {
    state.withLock { state in
      state.count += count
      if state.count >= Self.step { state = State() }
    }
  }

  /// Returns once next to nothing has moved for `limit`.
  func standstill(of limit: Duration) async throws {
    let clock = ContinuousClock()
    while true {
      let deadline = state.withLock(\.lastMove) + limit
      guard clock.now < deadline else { return }
      try await clock.sleep(until: deadline)
    }
  }
}
