/// Why a document is not JSON.
package struct JSONError: Error, Sendable, Hashable {
  /// One sentence without a full stop, quoting nothing of the document.
  package var message: String
  /// From 1.
  package var line: Int
  /// From 1, in Unicode scalars.
  package var column: Int
  /// What to write instead, when that is known.
  package var hint: String?

  /// An error at a place of the document, both numbers from 1; `hint` says what to write instead.
  package init(message: String, line: Int, column: Int, hint: String? = nil) {
    self.message = message
    self.line = line
    self.column = column
    self.hint = hint
  }
}

extension JSONError: CustomStringConvertible {
  /// The message with its place, as in `expected a value (line 2, column 5)`.
  package var description: String { "\(message) (line \(line), column \(column))" }
}
