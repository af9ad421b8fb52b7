extension Lexer {
  /// Reads `12`, `0x1F`, `12u`, `1.5`, `.5` or `1e9`.
  mutating func readNumber() throws(SyntaxError) -> Token {
    let start = position
    let kind: Token.Kind
    if peek() == "0", peek(1) == "x" || peek(1) == "X" {
      advance(by: 2)
      kind = try readInteger(digits: take(while: \.isHexDigit), radix: 16, from: start)
    } else {
      let whole = take(while: \.isDigit)
      let hasFraction = peek() == "." && peek(1)?.isDigit == true
      kind =
        if hasFraction || startsExponent {
          try readDouble(from: start)
        } else {
          try readInteger(digits: whole, radix: 10, from: start)
        }
    }
    guard peek()?.isNamePart != true else {
      throw SyntaxError(
        message: "unexpected `\(scalars[position])` after a number",
        span: SourceSpan(position, length: 1),
        hint: peek() == "_" ? "write all digits together" : nil)
    }
    return token(kind, from: start)
  }

  private var startsExponent: Bool {
    guard peek() == "e" || peek() == "E" else { return false }
    let afterSign = peek(1) == "+" || peek(1) == "-" ? peek(2) : peek(1)
    return afterSign?.isDigit == true
  }

  private mutating func readInteger(
    digits: String, radix: Int, from start: Int
  ) throws(SyntaxError) -> Token.Kind {
    guard !digits.isEmpty else {
      throw SyntaxError(
        message: "`0x` must be followed by hexadecimal digits", span: span(from: start))
    }
    guard let magnitude = UInt64(digits, radix: radix) else {
      throw SyntaxError(message: "the number does not fit 64 bits", span: span(from: start))
    }
    if peek() == "u" || peek() == "U" {
      advance()
      return .uint(magnitude)
    }
    return .int(magnitude: magnitude)
  }

  private mutating func readDouble(from start: Int) throws(SyntaxError) -> Token.Kind {
    if peek() == "." {
      advance()
      _ = take(while: \.isDigit)
    }
    if startsExponent {
      advance(by: 2)
      _ = take(while: \.isDigit)
    }
    guard let number = Double(text(from: start)), number.isFinite else {
      throw SyntaxError(message: "the number does not fit a double", span: span(from: start))
    }
    return .double(number)
  }
}
