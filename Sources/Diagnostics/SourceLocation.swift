/// A place in a text: which file, and which span of one of its lines.
///
/// Lines and columns count from 1; a column counts Unicode scalars. `length` is the number of
/// scalars the caret underlines and is at least 1.
package struct SourceLocation: Sendable, Hashable {
  /// The path as the user named it.
  package var file: String
  package var line: Int
  package var column: Int
  package var length: Int

  package init(file: String, line: Int, column: Int, length: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
    self.length = max(1, length)
  }

  /// The same line, `offset` scalars further right.
  package func advanced(by offset: Int, length: Int = 1) -> SourceLocation {
    SourceLocation(file: file, line: line, column: column + offset, length: length)
  }
}

extension SourceLocation: CustomStringConvertible {
  package var description: String { "\(file):\(line):\(column)" }
}
