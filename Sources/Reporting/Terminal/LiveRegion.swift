import Diagnostics

/// The lines at the bottom of a terminal that are drawn again and again.
///
/// The cursor always rests at the start of the line below the region (ECMA-48: CUU, EL, ED).
struct LiveRegion: Sendable {
  private static let eraseToLineEnd = "\u{1B}[K"
  private static let eraseBelow = "\u{1B}[J"

  /// The lines on the terminal, each narrower than `columns`: erasing after a line that ends in the
  /// last column would take its last character away.
  private var drawn: [String] = []
  private var columns = 0

  /// What to write so that `permanent` scrolls up for good and `lines` stand below.
  ///
  /// Each of `lines` is narrower than `columns`; those that did not change are passed over.
  mutating func redraw(permanent: [String], lines: [String], columns: Int) -> String {
    let keepsLines = permanent.isEmpty && columns == self.columns
    var text = moveToTop(columns: columns)
    if !keepsLines { text += Self.eraseBelow }
    for line in permanent { text += line + "\n" }
    for (index, line) in lines.enumerated() {
      if keepsLines && index < drawn.count && drawn[index] == line {
        text += "\n"
      } else {
        text += line + (keepsLines ? Self.eraseToLineEnd : "") + "\n"
      }
    }
    if keepsLines && lines.count < drawn.count { text += Self.eraseBelow }
    let isSame = keepsLines && lines == drawn
    drawn = lines
    self.columns = columns
    return isSame ? "" : text
  }

  /// To the region's first line; a terminal made narrower has wrapped wide lines meanwhile.
  private func moveToTop(columns: Int) -> String {
    guard columns < self.columns else {
      return drawn.isEmpty ? "" : "\u{1B}[\(drawn.count)A"
    }
    let rows = drawn.reduce(0) { rows, line in
      let width = DisplayWidth.columns(of: Self.withoutColors(line))
      return rows + max(1, (width + columns - 1) / columns)
    }
    return rows == 0 ? "" : "\u{1B}[\(rows)A"
  }

  private static func withoutColors(_ line: String) -> String {
    var isInside = false
    return String(
      line.filter { character in
        if character == "\u{1B}" { isInside = true }
        defer { if character == "m" { isInside = false } }
        return !isInside
      })
  }
}
