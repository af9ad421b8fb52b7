/// Puts JSON text (RFC 8259) together, piece by piece: the one place that quotes and escapes.
///
///     var builder = JSONTextBuilder(escaping: .formatting)
///     builder.list([1, 2]) { $0.append(String($1)) }
///     builder.text  // [1,2]
package struct JSONTextBuilder {
  /// Which characters are escaped besides those that JSON requires.
  package enum Escaping: Sendable, Hashable {
    /// Control characters and those that end a line.
    case control
    /// All that format as well, so that text cannot steer a terminal.
    case formatting
  }

  /// What was put together so far.
  package private(set) var text = ""
  private let style: JSON.Style
  private let escaping: Escaping
  private var depth = 0

  /// An empty text.
  package init(style: JSON.Style = .compact, escaping: Escaping) {
    self.style = style
    self.escaping = escaping
  }

  /// Appends `piece` as it is: a number, `true`, `false` or `null`.
  package mutating func append(_ piece: String) { text += piece }

  /// Appends a number; the infinities and not a number, which JSON lacks, as strings.
  package mutating func append(_ number: Double) {
    if number.isFinite { text += number.description } else { append(quoting: number.text) }
  }

  /// Appends `elements` in brackets; `write` appends one of them.
  package mutating func list<Elements: Sequence>(
    _ elements: Elements, _ write: (inout JSONTextBuilder, Elements.Element) -> Void
  ) {
    enclose("[", "]", elements, write)
  }

  /// Appends `members` in braces; `write` appends one of them, its name by `name` first.
  package mutating func object<Members: Sequence>(
    _ members: Members, _ write: (inout JSONTextBuilder, Members.Element) -> Void
  ) {
    enclose("{", "}", members, write)
  }

  /// Appends a member's name with its colon.
  package mutating func name(_ name: String) {
    append(quoting: name)
    colon()
  }

  /// Appends what stands between a name and its value.
  mutating func colon() { text += style == .pretty ? ": " : ":" }

  private mutating func enclose<Parts: Sequence>(
    _ opening: String, _ closing: String, _ parts: Parts,
    _ write: (inout JSONTextBuilder, Parts.Element) -> Void
  ) {
    text += opening
    depth += 1
    var isEmpty = true
    for part in parts {
      if !isEmpty { text += "," }
      isEmpty = false
      breakLine()
      write(&self, part)
    }
    depth -= 1
    if !isEmpty { breakLine() }
    text += closing
  }

  private mutating func breakLine() {
    guard style == .pretty else { return }
    text += "\n" + String(repeating: "  ", count: depth)
  }

  /// Appends a string in quotes.
  package mutating func append(quoting string: String) {
    guard !string.utf8.allSatisfy(Self.standsForItself) else {
      text += "\""
      text += string
      text += "\""
      return
    }
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        quoted.append("\\")
        quoted.append(scalar)
      case "\n": quoted.append(contentsOf: "\\n".unicodeScalars)
      case "\r": quoted.append(contentsOf: "\\r".unicodeScalars)
      case "\t": quoted.append(contentsOf: "\\t".unicodeScalars)
      case " "..."~": quoted.append(scalar)
      case _ where needsEscape(scalar):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          let zeros = String(repeating: "0", count: 4 - digits.count)
          quoted.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
        }
      case _: quoted.append(scalar)
      }
    }
    text += String(quoted) + "\""
  }

  /// Whether a byte is a character of ASCII that is never escaped, as almost all are.
  private static func standsForItself(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): false
    case 0x20...0x7E: true
    case _: false
    }
  }

  private func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    case .format: escaping == .formatting
    case _: false
    }
  }
}
