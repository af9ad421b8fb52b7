/// Why a text is no JSON.
package struct JSONError: Error, Sendable, Hashable {
  /// One sentence without a full stop, holding nothing of the text.
  package var message: String
  /// From 1.
  package var line: Int
  /// From 1, in bytes.
  package var column: Int

  package init(message: String, line: Int, column: Int) {
    self.message = message
    self.line = line
    self.column = column
  }
}

extension JSONError: CustomStringConvertible {
  package var description: String { "\(message) (line \(line), column \(column))" }
}
