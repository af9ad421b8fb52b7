/// How many columns and lines a terminal shows.
package struct TerminalSize: Sendable, Hashable {
  /// Columns of one character's width, at least 20.
  package var columns: Int
  /// Lines that are seen at once, at least 4.
  package var lines: Int

  /// At least 20 columns and 4 lines, so that there is always something to draw on.
  package init(columns: Int, lines: Int) {
    self.columns = max(20, columns)
    self.lines = max(4, lines)
  }
}
