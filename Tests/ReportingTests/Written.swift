import Synchronization

/// Collects what a recorder writes.
final class Written: Sendable {
  private let text = Mutex("")

  var all: String { text.withLock { $0 } }

  var write: @Sendable (String) -> Void {
    { piece in self.text.withLock { $0 += piece } }
  }
}
