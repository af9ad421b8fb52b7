/// The apostrophe by which spreadsheets know a text that begins like a formula.
///
/// A cell of a tenants file that begins so is the text without the first apostrophe.
package enum TableText {
  private static let formulaStarts: Set<UInt8> = Set("=+-@\t\r".utf8)
  private static let apostrophe = UInt8(ascii: "'")

  /// `text` as it stands in a table.
  package static func escaped(_ text: String) -> String { beginsFormula(text) ? "'\(text)" : text }

  /// The text that a cell holds.
  package static func unescaped(_ cell: String) -> String {
    cell.utf8.first == apostrophe && beginsFormula(cell) ? String(cell.dropFirst()) : cell
  }

  private static func beginsFormula(_ text: String) -> Bool {
    text.utf8.first { $0 != apostrophe }.map(formulaStarts.contains) ?? false
  }
}
