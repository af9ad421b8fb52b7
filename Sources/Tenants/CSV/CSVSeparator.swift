/// What separates the cells of a row: an ASCII character that is no letter, digit or quotation mark.
package struct CSVSeparator: Sendable, Hashable {
  let byte: UInt8

  private init(ascii scalar: Unicode.Scalar) {
    byte = UInt8(ascii: scalar)
  }

  /// The separator of RFC 4180.
  package static let comma = CSVSeparator(ascii: ",")
  /// That of spreadsheets where the comma is in numbers.
  package static let semicolon = CSVSeparator(ascii: ";")
  /// That of `tsv` files.
  package static let tab = CSVSeparator(ascii: "\t")
  /// That of some exports.
  package static let bar = CSVSeparator(ascii: "|")

  /// The separators that a header is searched for.
  static let common: [CSVSeparator] = [.comma, .semicolon, .tab, .bar]

  /// The separator `character`; nil for one that cannot be one.
  package init?(_ character: Character) {
    guard let byte = character.asciiValue, character.unicodeScalars.count == 1,
      byte == 0x09 || (0x20...0x7E).contains(byte), !character.isLetter, !character.isNumber,
      character != "\""
    else { return nil }
    self.byte = byte
  }

  /// The separator as options have it: the character, or `tab`.
  package init?(named name: String) {
    if name == "tab" || name == "\\t" {
      self = .tab
    } else {
      guard let first = name.first, name.count == 1 else { return nil }
      self.init(first)
    }
  }

  /// The character, and `tab` for a tab.
  package var name: String {
    self == .tab ? "tab" : String(Unicode.Scalar(byte))
  }
}

extension CSVSeparator {
  /// The separator of a table with this header, where none is given.
  ///
  /// It is the comma, unless the header has no comma and just one of the others: names of columns have
  /// none of them, so there is no other way to read it.
  init(ofHeader line: some Sequence<UInt8>) {
    var found: Set<CSVSeparator> = []
    var isQuoted = false
    for byte in line {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      guard !isQuoted, let separator = Self.common.first(where: { $0.byte == byte }) else {
        continue
      }
      found.insert(separator)
    }
    let only = found.count == 1 ? found.first : nil
    self = only ?? .comma
  }
}
