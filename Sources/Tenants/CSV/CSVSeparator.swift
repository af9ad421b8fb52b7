/// What separates the cells of a row.
package enum CSVSeparator: UInt8, Sendable, Hashable, CaseIterable {
  case comma = 0x2C
  case semicolon = 0x3B
  case tab = 0x09
  case bar = 0x7C

  /// The separator as rollout files and options have it: the character, or `tab`.
  package init?(named name: String) {
    switch name {
    case ",": self = .comma
    case ";": self = .semicolon
    case "\t", "\\t", "tab": self = .tab
    case "|": self = .bar
    case _: return nil
    }
  }

  /// The character, and `tab` for a tab.
  package var name: String {
    switch self {
    case .comma: ","
    case .semicolon: ";"
    case .tab: "tab"
    case .bar: "|"
    }
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
      if !isQuoted, let separator = CSVSeparator(rawValue: byte) { found.insert(separator) }
    }
    let only = found.count == 1 ? found.first : nil
    self = only ?? .comma
  }
}
