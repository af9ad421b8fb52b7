import Synchronization

/// Collects what is written in pieces.
final class TextCollector: Sendable {
  private let text = Mutex("")

  /// Adds a piece.
  func add(_ piece: String) { text.withLock { $0 += piece } }

  /// What was added, by lines.
  var lines: [String] {
    text.withLock { $0.split(separator: "\n", omittingEmptySubsequences: true).map(String.init) }
  }
}
