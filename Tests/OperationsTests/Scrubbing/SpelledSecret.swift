import Expressions
import Operations
@_spi(_Unicode) import Swift

/// The ways in which a service may spell a secret when it repeats it.
enum SpelledSecret {
  static let spellings: [(name: String, spell: @Sendable (String) -> String)] = [
    ("as it is", { $0 }),
    ("in capitals", { $0.uppercased() }),
    ("in small letters", { $0.lowercased() }),
    ("decomposed", { String(String.UnicodeScalarView($0._nfd)) }),
    ("composed", { String(String.UnicodeScalarView($0._nfc)) }),
    ("with blanks between", { $0.map { "\($0) " }.joined() }),
    ("on two lines", { $0.prefix(5) + "\r\n\t" + $0.dropFirst(5) }),
    ("for addresses", { percent($0, radixUpper: true) }),
    ("for addresses, small digits", { percent($0, radixUpper: false) }),
    ("for addresses, twice", { percent(percent($0, radixUpper: true), radixUpper: false) }),
    ("for forms", { percent($0, radixUpper: true).replacing("%20", with: "+") }),
    ("for JSON", { json($0, isASCII: false) }),
    ("for JSON in ASCII", { json($0, isASCII: true) }),
    ("for JSON as PHP does", { json($0, isASCII: true).replacing("/", with: #"\/"#) }),
    ("for JSON, twice", { json(json($0, isASCII: true), isASCII: true) }),
    ("for HTML", { html($0) }),
    ("for HTML, twice", { html(html($0)) }),
    ("for HTML in decimals", { scalars($0) { "&#\($0);" } }),
    ("for HTML in hexadecimal", { scalars($0) { "&#x\(String($0, radix: 16));" } }),
    ("for HTML in JSON", { json(html($0), isASCII: true) }),
    ("in bytes of a program", { $0.utf8.map { "\\x" + hexadecimal($0) }.joined() }),
    ("quoted-printable", { $0.utf8.map { "=" + hexadecimal($0).uppercased() }.joined() }),
    ("in hexadecimal", { Hexadecimal.encode($0.utf8) }),
    ("in capital hexadecimal", { Hexadecimal.encode($0.utf8).uppercased() }),
    ("in spaced hexadecimal", { $0.utf8.map(hexadecimal).joined(separator: ":") }),
    ("in base64", { Base64.encode($0.utf8) }),
    ("in base64 without padding", { unpadded(Base64.encode($0.utf8)) }),
    ("in base64 for addresses", { forAddresses(Base64.encode($0.utf8)) }),
    ("in base64 in an address", { percent(Base64.encode($0.utf8), radixUpper: true) }),
    ("in base64 of JSON", { Base64.encode(#"{"p":"\#(json($0, isASCII: true))"}"#.utf8) }),
    ("in base64 behind one byte", { Base64.encode(":\($0)".utf8) }),
    ("in base64 behind two bytes", { Base64.encode("u:\($0)".utf8) }),
    ("in base64 between others", { Base64.encode("us:\($0), and so on".utf8) }),
    ("in base64 of base64", { Base64.encode(Base64.encode($0.utf8).utf8) }),
    ("in broken base64", { broken(Base64.encode($0.utf8)) }),
    ("in base64 in groups", { grouped(Base64.encode($0.utf8), by: " ") }),
    ("in folded base64", { grouped(Base64.encode($0.utf8), by: "\r\n ") }),
    ("in base64 with invisible characters", { grouped(Base64.encode($0.utf8), by: "\u{200B}") }),
  ]

  private static func grouped(_ text: String, by separator: String) -> String {
    let all = Array(text)
    return stride(from: 0, to: all.count, by: 6).map { start in
      String(all[start..<min(start + 6, all.count)])
    }.joined(separator: separator)
  }

  private static func scalars(_ text: String, _ spell: (UInt32) -> String) -> String {
    text.unicodeScalars.map { spell($0.value) }.joined()
  }

  private static func hexadecimal(_ byte: UInt8) -> String { Hexadecimal.encode([byte]) }

  private static func percent(_ text: String, radixUpper: Bool) -> String {
    text.utf8.map { byte in
      let character = Character(Unicode.Scalar(byte))
      if character.isASCII, character.isLetter || character.isNumber { return String(character) }
      let digits = hexadecimal(byte)
      return "%" + (radixUpper ? digits.uppercased() : digits)
    }.joined()
  }

  private static func json(_ text: String, isASCII: Bool) -> String {
    text.unicodeScalars.map { scalar -> String in
      switch scalar {
      case "\"", "\\": return "\\\(scalar)"
      case "\n": return #"\n"#
      case "\t": return #"\t"#
      case _ where scalar.value < 0x20 || isASCII && !scalar.isASCII:
        return Character(scalar).utf16.map { unit in
          let digits = String(unit, radix: 16)
          return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
      default: return String(scalar)
      }
    }.joined()
  }

  private static func html(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case "'": "&#039;"
      case "é": "&eacute;"
      case "ü": "&uuml;"
      case "\u{A0}": "&nbsp;"
      default: String(character)
      }
    }.joined()
  }

  private static func unpadded(_ text: String) -> String { text.filter { $0 != "=" } }

  private static func forAddresses(_ text: String) -> String {
    unpadded(text).replacing("+", with: "-").replacing("/", with: "_")
  }

  /// In lines of 16 characters.
  private static func broken(_ text: String) -> String {
    var text = text[...]
    var lines: [Substring] = []
    while !text.isEmpty {
      lines.append(text.prefix(16))
      text = text.dropFirst(16)
    }
    return lines.joined(separator: "\r\n")
  }
}
