/// Rows of a CSV file (RFC 4180), each with a line feed at its end, which spreadsheets and scripts read.
///
/// A spreadsheet takes some texts for formulas and runs them. A cell that begins like one gets an
/// apostrophe before it, by which spreadsheets know text; and so does what follows a semicolon, which
/// separates cells in many countries.
enum CSVText {
  private static let style = TerminalStyle()

  /// One row, with the end of its line.
  static func row(_ cells: [String]) -> String {
    cells.map(cell).joined(separator: ",") + "\n"
  }

  /// One cell: printable, no formula, and in quotes where it holds a separator or a quote.
  static func cell(_ text: String) -> String {
    let text = harmless(text)
    let needsQuotes =
      text.unicodeScalars.contains { ",;\"".unicodeScalars.contains($0) }
      || text.utf8.first == UInt8(ascii: " ") || text.utf8.last == UInt8(ascii: " ")
    guard needsQuotes else { return text }
    return "\"" + doubledQuotes(text) + "\""
  }

  /// By scalars: a quote that is combined with another character is a quote all the same.
  private static func doubledQuotes(_ text: String) -> String {
    text.unicodeScalars.reduce(into: "") { doubled, scalar in
      if scalar == "\"" { doubled += "\"" }
      doubled.unicodeScalars.append(scalar)
    }
  }

  private static func harmless(_ text: String) -> String {
    var isAtStart = true
    var result = startsWithTab(text) ? "'" : ""
    for scalar in style.printable(text).unicodeScalars {
      if isAtStart, beginsFormula(scalar) { result += "'" }
      // A space or a quote before a formula does not make it text everywhere.
      if isAtStart { isAtStart = scalar == " " || scalar == "\"" }
      if scalar == ";" { isAtStart = true }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  /// A tab or a carriage return, which is shown as `\t` or `\r` but may be read back as one.
  private static func startsWithTab(_ text: String) -> Bool {
    text.unicodeScalars.first == "\t" || text.unicodeScalars.first == "\r"
  }

  /// The full-width forms too, which some spreadsheets read alike.
  private static func beginsFormula(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": true
    case _: false
    }
  }
}
