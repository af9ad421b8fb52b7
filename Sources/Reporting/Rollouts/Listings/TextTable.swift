import Diagnostics
import Expressions
import Operations

/// A table of text with a head line, its columns as wide as their widest cell.
struct TextTable: Sendable {
  /// A line, in the colour of `role`.
  struct Row: Sendable, Hashable {
    var cells: [String]
    var role: TerminalStyle.Role
  }

  var head: [String]
  var rows: [Row]

  /// The lines, each with a newline; every cell is made printable here.
  func text(_ style: TerminalStyle) -> String {
    let printable = rows.map { row in row.cells.map(style.printable) }
    let widths = head.indices.map { column in
      ([head] + printable).map { DisplayWidth.columns(of: $0[column]) }.max() ?? 0
    }
    var text = style.paint(Self.line(head, widths), .faint) + "\n"
    for (row, cells) in zip(rows, printable) {
      text += style.paint(Self.line(cells, widths), row.role) + "\n"
    }
    return text
  }

  /// The cells up to the last that is not empty.
  private static func line(_ cells: [String], _ widths: [Int]) -> String {
    let last = cells.lastIndex { !$0.isEmpty } ?? 0
    var line = ""
    for (column, cell) in cells.prefix(last + 1).enumerated() {
      line += cell
      guard column < last else { break }
      line += String(repeating: " ", count: widths[column] - DisplayWidth.columns(of: cell) + 2)
    }
    return line
  }
}

extension Moment {
  /// Such as `2026-01-01 00:00:00Z`.
  var listText: String { "\(calendarTime.text.replacing("T", with: " "))Z" }
}
