package import Expressions

/// What a plain scalar means (YAML 1.2.2 §10.3.2, "Core Schema", tag resolution).
package enum CoreSchema {
  /// The tag that a plain scalar resolves to; `text` is everything that is nothing else.
  package enum Kind: Sendable, Hashable {
    case null
    case bool
    case int
    case float
    case text
  }

  /// The kind of a plain scalar; `no`, `on`, `yes`, dates and `1_000` are text.
  package static func kind(of text: String) -> Kind {
    // Most are words, which their first character shows to be nothing else.
    if let first = text.utf8.first, !mayBeginOther(first) { return .text }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE", "false", "False", "FALSE": return .bool
    case ".nan", ".NaN", ".NAN": return .float
    default: return numberKind(of: Substring(text).utf8)
    }
  }

  /// The value of a plain scalar.
  ///
  /// A number beyond 64 bits becomes a double that is only near it: see `holds`.
  package static func value(of text: String) -> Value {
    switch kind(of: text) {
    case .null: .null
    case .bool: .bool(text.lowercased() == "true")
    case .int: integer(text).map { .int($0) } ?? .double(double(text))
    case .float: .double(double(text))
    case .text: .string(text)
    }
  }

  /// Whether a plain scalar means what it says: false for a number that does not fit 64 bits.
  package static func holds(_ text: String) -> Bool {
    switch kind(of: text) {
    case .int: integer(text) != nil
    // Of what is written in digits nothing is infinite; `.inf` has none.
    case .float: double(text).isFinite || !text.utf8.contains(where: isDecimal)
    case .null, .bool, .text: true
    }
  }

  private static func numberKind(of text: Substring.UTF8View) -> Kind {
    if text.starts(with: "0o".utf8) {
      return isDigits(text.dropFirst(2), where: { (0x30...0x37).contains($0) }) ? .int : .text
    }
    if text.starts(with: "0x".utf8) {
      return isDigits(text.dropFirst(2), where: isHexadecimal) ? .int : .text
    }
    let unsigned = text.first.map { $0 == 0x2B || $0 == 0x2D } == true ? text.dropFirst() : text
    if isDigits(unsigned, where: isDecimal) { return .int }
    return isFloat(unsigned) ? .float : .text
  }

  private static func isFloat(_ unsigned: Substring.UTF8View) -> Bool {
    let infinities = [".inf", ".Inf", ".INF"]
    if infinities.contains(where: { unsigned.elementsEqual($0.utf8) }) { return true }
    var rest = unsigned
    let whole = rest.prefix(while: isDecimal)
    rest = rest.dropFirst(whole.count)
    if rest.first == 0x2E {
      rest = rest.dropFirst()
      let fraction = rest.prefix(while: isDecimal)
      if whole.isEmpty && fraction.isEmpty { return false }
      rest = rest.dropFirst(fraction.count)
    } else if whole.isEmpty {
      return false
    }
    guard let exponent = rest.first else { return true }
    guard exponent == 0x65 || exponent == 0x45 else { return false }
    rest = rest.dropFirst()
    if rest.first == 0x2B || rest.first == 0x2D { rest = rest.dropFirst() }
    return isDigits(rest, where: isDecimal)
  }

  private static func isDigits(
    _ text: Substring.UTF8View, where isDigit: (UInt8) -> Bool
  ) -> Bool {
    !text.isEmpty && text.allSatisfy(isDigit)
  }

  /// Whether something that is no text may begin with `byte`.
  private static func mayBeginOther(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
      UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"), UInt8(ascii: "."),
      UInt8(ascii: "+"), UInt8(ascii: "-"):
      true
    default: isDecimal(byte)
    }
  }

  private static func isDecimal(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDecimal(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }

  private static func integer(_ text: String) -> Int64? {
    if text.hasPrefix("0o") { return Int64(text.dropFirst(2), radix: 8) }
    if text.hasPrefix("0x") { return Int64(text.dropFirst(2), radix: 16) }
    return Int64(text)
  }

  private static func double(_ text: String) -> Double {
    switch text.lowercased() {
    case ".nan": .nan
    case ".inf", "+.inf": .infinity
    case "-.inf": -.infinity
    default: radixDouble(text) ?? Double(text) ?? .nan
    }
  }

  /// The nearest double of an octal or hexadecimal integer, or nil when the text is decimal.
  private static func radixDouble(_ text: String) -> Double? {
    let radix = text.hasPrefix("0o") ? 8 : text.hasPrefix("0x") ? 16 : 10
    guard radix != 10 else { return nil }
    return text.dropFirst(2).reduce(0) { $0 * Double(radix) + Double($1.hexDigitValue ?? 0) }
  }
}
