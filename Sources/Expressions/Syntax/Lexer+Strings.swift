extension Lexer {
  /// Reads a string or bytes literal up to its closing quotes.
  mutating func readQuoted(_ quoting: Quoting) throws(SyntaxError) -> Token {
    let start = position
    advance(by: quoting.length)
    var content = QuotedContent(isBytes: quoting.isBytes)
    while !atEnd(of: quoting) {
      guard let scalar = peek(), quoting.isTriple || (scalar != "\n" && scalar != "\r") else {
        throw SyntaxError(
          message: "the string is not closed", span: SourceSpan(start, length: quoting.length),
          hint: "close it with \(quoting.quotes)")
      }
      if scalar == "\\" && !quoting.isRaw {
        try readEscape(into: &content)
      } else {
        content.append(scalar)
        advance()
      }
    }
    advance(by: quoting.isTriple ? 3 : 1)
    return token(content.kind, from: start)
  }

  private func atEnd(of quoting: Quoting) -> Bool {
    guard peek() == quoting.quote else { return false }
    return !quoting.isTriple || (peek(1) == quoting.quote && peek(2) == quoting.quote)
  }

  private mutating func readEscape(into content: inout QuotedContent) throws(SyntaxError) {
    let start = position
    advance()
    guard let letter = peek() else {
      throw SyntaxError(message: "the string is not closed", span: span(from: start))
    }
    if let plain = Self.simpleEscapes[letter] {
      advance()
      content.append(plain)
      return
    }
    switch letter {
    case "x", "X":
      advance()
      content.append(code: try readDigits(2, radix: 16, from: start))
    case "u" where !content.isBytes, "U" where !content.isBytes:
      advance()
      let code = try readDigits(letter == "u" ? 4 : 8, radix: 16, from: start)
      guard let scalar = Unicode.Scalar(code) else {
        throw SyntaxError(message: "the escape names no character", span: span(from: start))
      }
      content.append(scalar)
    case "0"..."3":
      content.append(code: try readDigits(3, radix: 8, from: start))
    default:
      advance()
      throw SyntaxError(
        message: content.isBytes ? "unknown escape in bytes" : "unknown escape",
        span: span(from: start), hint: "write `\\\\` for a backslash, or begin the string with `r`")
    }
  }

  /// Reads exactly `count` digits.
  private mutating func readDigits(
    _ count: Int, radix: UInt32, from start: Int
  ) throws(SyntaxError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<count {
      guard let digit = peek()?.hexDigitValue, digit < radix else {
        throw SyntaxError(
          message: "the escape needs \(count) \(radix == 8 ? "octal" : "hexadecimal") digits",
          span: span(from: start))
      }
      code = code &* radix &+ digit
      advance()
    }
    return code
  }

  private static let simpleEscapes: [Unicode.Scalar: Unicode.Scalar] = [
    "a": "\u{07}", "b": "\u{08}", "f": "\u{0C}", "n": "\n", "r": "\r", "t": "\t", "v": "\u{0B}",
    "\\": "\\", "?": "?", "\"": "\"", "'": "'", "`": "`",
  ]
}

/// What a literal holds so far.
private struct QuotedContent {
  let isBytes: Bool
  private var scalars = String.UnicodeScalarView()
  private var bytes: [UInt8] = []

  init(isBytes: Bool) {
    self.isBytes = isBytes
  }

  var kind: Token.Kind { isBytes ? .bytes(bytes) : .string(String(scalars)) }

  mutating func append(_ scalar: Unicode.Scalar) {
    if isBytes {
      bytes.append(contentsOf: String(scalar).utf8)
    } else {
      scalars.append(scalar)
    }
  }

  /// Adds what `\x` or an octal escape names, at most 255: one byte, or the scalar of that number.
  mutating func append(code: UInt32) {
    let byte = UInt8(truncatingIfNeeded: code)
    if isBytes {
      bytes.append(byte)
    } else {
      scalars.append(Unicode.Scalar(byte))
    }
  }
}
