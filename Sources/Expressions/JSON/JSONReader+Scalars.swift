extension JSONReader {
  /// An integer of so many digits and signs fits 64 bits.
  private static var shortNumber: Int { 15 }

  /// Reads a number and returns its digits; one that needs more than a double is refused.
  mutating func readNumber() throws(JSONError) -> String {
    let start = offset
    if peek() == UInt8(ascii: "-") { _ = take() }
    let whole = take(while: \.isASCIIDigit)
    guard let first = whole.first, first != UInt8(ascii: "0") || whole.count == 1 else {
      throw error(
        "the number is malformed",
        hint: whole.isEmpty ? nil : "write it in quotes to keep its zeros, or without them")
    }
    if peek() == UInt8(ascii: ".") {
      _ = take()
      guard !take(while: \.isASCIIDigit).isEmpty else { throw error("the number is malformed") }
    }
    if let letter = peek(), letter | 0x20 == UInt8(ascii: "e") {
      _ = take()
      if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { _ = take() }
      guard !take(while: \.isASCIIDigit).isEmpty else { throw error("the number is malformed") }
    }
    let written = slice(from: start)
    let digits = String(decoding: written, as: UTF8.self)
    // So short an integer fits.
    if written.count <= Self.shortNumber, whole.endIndex == written.endIndex { return digits }
    guard let double = Double(digits), double.isFinite else {
      throw error(
        "the number does not fit 64 bits", at: start,
        hint: "write it in quotes to keep its digits as a string"
      )
    }
    return digits
  }

  /// Reads a string from its opening to its closing quote.
  mutating func readString() throws(JSONError) -> String {
    _ = take()
    let start = takeText()
    guard peek() != UInt8(ascii: "\"") else {
      _ = take()
      return try string(start)
    }
    var text = Array(start)
    while true {
      text += takeText()
      switch peek() {
      case UInt8(ascii: "\""):
        _ = take()
        return try string(text)
      case UInt8(ascii: "\\"):
        _ = take()
        text += String(try readEscape()).utf8
      case nil: throw error("the document ends inside a string")
      default:
        throw error(
          "a control character must be escaped",
          hint: "write `\\n` for a line break, `\\t` for a tab")
      }
    }
  }

  /// What stands as it is.
  private mutating func takeText() -> ArraySlice<UInt8> {
    take { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
  }

  private func string(_ text: some Collection<UInt8>) throws(JSONError) -> String {
    guard let text = String(validating: text, as: UTF8.self) else {
      throw error("the string is not UTF-8")
    }
    return text
  }

  private mutating func readEscape() throws(JSONError) -> Unicode.Scalar {
    switch take() {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try readUnicodeEscape()
    default: throw error("unknown escape", hint: "write `\\\\` for a backslash")
    }
  }

  /// Reads the digits of `\uXXXX`, and the second half of a surrogate pair.
  private mutating func readUnicodeEscape() throws(JSONError) -> Unicode.Scalar {
    let first = try readUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take() == UInt8(ascii: "\\"), take() == UInt8(ascii: "u") else {
      throw error("half a surrogate pair is no character")
    }
    let second = try readUnit()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw error("half a surrogate pair is no character") }
    return scalar
  }

  private mutating func readUnit() throws(JSONError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = take().flatMap({ Unicode.Scalar($0).hexDigitValue }) else {
        throw error("`\\u` needs four hexadecimal digits")
      }
      unit = unit * 16 + digit
    }
    return unit
  }
}

extension UInt8 {
  var isASCIIDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
