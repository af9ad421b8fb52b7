/// Cuts a text into tokens, one at a time, so that a template can stop at its `}}`.
struct Lexer {
  let scalars: [Unicode.Scalar]
  private(set) var position: Int
  /// Whether a comment was passed over; it may have hidden something.
  private(set) var sawComment = false

  init(_ scalars: [Unicode.Scalar], from start: Int = 0) {
    self.scalars = scalars
    position = start
  }

  /// The next token; `.end` for ever after the last.
  mutating func next() throws(SyntaxError) -> Token {
    skipSpaceAndComments()
    let start = position
    guard let first = peek() else { return token(.end, from: start) }
    if let quoting = Quoting(at: start, in: scalars) {
      return try readQuoted(quoting)
    }
    if first.isNameStart { return readName() }
    if first.isDigit || (first == "." && peek(1)?.isDigit == true) { return try readNumber() }
    if first == "`" { return try readQuotedName() }
    return try readSymbol(first)
  }

  func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    position + ahead < scalars.count ? scalars[position + ahead] : nil
  }

  mutating func advance(by count: Int = 1) {
    position += count
  }

  /// Takes scalars as long as `wanted` says so, and returns them.
  mutating func take(while wanted: (Unicode.Scalar) -> Bool) -> String {
    let start = position
    while let scalar = peek(), wanted(scalar) { advance() }
    return text(from: start)
  }

  func text(from start: Int) -> String {
    String(String.UnicodeScalarView(scalars[start..<position]))
  }

  func token(_ kind: Token.Kind, from start: Int) -> Token {
    Token(kind: kind, span: span(from: start))
  }

  func span(from start: Int) -> SourceSpan {
    SourceSpan(start, length: max(1, position - start))
  }

  private mutating func skipSpaceAndComments() {
    while let scalar = peek() {
      if scalar == "/" && peek(1) == "/" {
        sawComment = true
        while let inside = peek(), inside != "\n" { advance() }
      } else if [" ", "\t", "\n", "\r", "\u{0C}"].contains(scalar) {
        advance()
      } else {
        return
      }
    }
  }

  private mutating func readName() -> Token {
    let start = position
    let name = take(while: \.isNamePart)
    return token(.name(name), from: start)
  }

  private mutating func readQuotedName() throws(SyntaxError) -> Token {
    let start = position
    advance()
    let name = take { $0.isNamePart || [".", "-", "/", " "].contains($0) }
    guard peek() == "`", !name.isEmpty else {
      throw SyntaxError(
        message: "a name in backticks holds letters, digits, `_`, `.`, `-`, `/` and spaces",
        span: span(from: start))
    }
    advance()
    return token(.quotedName(name), from: start)
  }

  private mutating func readSymbol(_ first: Unicode.Scalar) throws(SyntaxError) -> Token {
    let start = position
    if let second = peek(1), let symbol = Token.Symbol(rawValue: "\(first)\(second)") {
      advance(by: 2)
      return token(.symbol(symbol), from: start)
    }
    if let symbol = Token.Symbol(rawValue: String(first)) {
      advance()
      return token(.symbol(symbol), from: start)
    }
    let hint: String? =
      switch first {
      case "=" where peek(1) == ">": "at least: `>=`; of each element: `list.map(x, …)`"
      case "=" where peek(1) == "~": "a pattern: `text.matches('…')`"
      case "=": "compare with `==`"
      case "&": "both conditions: `&&`"
      case "|": "either condition: `||`; there are no filters: call a function such as `size(…)`"
      case "#": "a comment begins with `//`"
      case "$": "an expression inside `${{ }}` needs no `$`"
      default: nil
      }
    throw SyntaxError(
      message: "unexpected \(Self.describe(first))", span: SourceSpan(start, length: 1), hint: hint)
  }

  private static func describe(_ scalar: Unicode.Scalar) -> String {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator, .lineSeparator,
      .paragraphSeparator:
      "character U+\(hex(scalar))"
    default: "`\(scalar)`"
    }
  }

  private static func hex(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

extension Unicode.Scalar {
  var isDigit: Bool { ("0"..."9").contains(self) }
  var isNameStart: Bool {
    ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_"
  }
  var isNamePart: Bool { isNameStart || isDigit }
  var isHexDigit: Bool { hexDigitValue != nil }

  /// The value of an ASCII hexadecimal digit.
  var hexDigitValue: UInt32? {
    switch self {
    case "0"..."9": value - 48
    case "a"..."f": value - 87
    case "A"..."F": value - 55
    default: nil
    }
  }
}
