/// A place in a text: which file, and which span of one of its lines.
///
/// Lines and columns count from 1; a column counts Unicode scalars. `length` is the number of
/// scalars the caret underlines and is at least 1.
package struct SourceLocation: Sendable, Hashable {
  /// The path as the user named it.
  package var file: String
  /// The number of the line, from 1.
  package var line: Int
  /// The Unicode scalar of the line at which the span begins, from 1.
  package var column: Int
  /// The number of Unicode scalars in the span, at least 1.
  package var length: Int

  /// A span of `length` scalars in one line of `file`; a `length` below 1 becomes 1.
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
  /// `FILE:LINE:COLUMN`, as compilers print it; the length is left out.
  package var description: String { "\(file):\(line):\(column)" }
}
