/// A replacement that corrects what a diagnostic reports.
///
/// There is one only where what was meant is clear enough for an editor to offer it with one key.
package struct Fix: Sendable, Hashable {
  /// The span that is replaced, in one line.
  package var location: SourceLocation
  /// What is written there instead, as YAML has it; never the value of a secret.
  package var replacement: String

  /// Writes `replacement` in place of what is at `location`.
  package init(_ replacement: String, at location: SourceLocation) {
    self.replacement = replacement
    self.location = location
  }

  /// Writes `replacement` in place of `word`, with or without quotes.
  ///
  /// Nil where the span is not that of the word: it has escapes, or is the head of a string over several
  /// lines.
  package init?(_ replacement: String, insteadOf word: String, at location: SourceLocation) {
    let count = word.unicodeScalars.count
    guard location.length == count || location.length == count + 2 else { return nil }
    self.init(replacement, at: location)
  }
}
