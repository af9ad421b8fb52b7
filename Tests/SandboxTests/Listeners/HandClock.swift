import Operations
import Sandbox
import Synchronization

/// Time that stands still until it is moved.
final class HandClock: Sendable {
  private let moment = Mutex(VaultClient.start)

  var source: TimeSource { TimeSource { self.moment.withLock { $0 } } }

  func move(_ duration: Duration) { moment.withLock { $0 = $0 + duration } }
}
