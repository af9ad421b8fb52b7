/// How suggested commands name the journal.
package struct JournalArguments: Sendable, Hashable {
  /// The journal, where it is not the one that commands find without.
  package var file: String?
  /// The journal's key, where it is not beside the journal.
  package var key: String?

  /// Nil where commands find both without.
  package init?(file: String?, key: String?) {
    guard file != nil || key != nil else { return nil }
    self.file = file
    self.key = key
  }

  /// Such as `--journal`, `runs.sqlite`.
  var words: [String] {
    (file.map { ["--journal", $0] } ?? []) + (key.map { ["--journal-key", $0] } ?? [])
  }
}

extension JournalArguments: ExpressibleByStringLiteral {
  /// The journal `file` with its key beside it.
  package init(stringLiteral file: String) {
    self.file = file
  }
}
