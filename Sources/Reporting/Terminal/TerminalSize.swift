/// How many columns and lines a terminal shows.
package struct TerminalSize: Sendable, Hashable {
  package var columns: Int
  package var lines: Int

  /// At least 20 columns and 4 lines, so that there is always something to draw on.
  package init(columns: Int, lines: Int) {
    self.columns = max(20, columns)
    self.lines = max(4, lines)
  }
}
