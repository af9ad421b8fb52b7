extension Parser {
  /// An operand with its fields, indices and calls; `sign` is a minus that may belong to a number.
  mutating func parseMember(sign: SourceSpan? = nil) throws(SyntaxError) -> SyntaxNode {
    var node = try parsePrimary(sign: sign)
    while true {
      switch token.kind {
      case .symbol(.dot):
        try advance()
        node = try parseField(of: node)
      case .symbol(.openBracket):
        let open = try advance()
        let index = try parseExpression()
        let close = try expect(.closeBracket)
        node = try make(
          .index(node, index), span: node.span.through(close), focus: open.through(close))
      case .symbol(.openBrace) where node.isTypeName:
        throw SyntaxError(
          message: "there are no message types to build", span: node.span.through(token.span),
          hint: "write a map: `{'field': value}`")
      case .name, .quotedName, .int, .uint, .double, .string, .bytes, .symbol, .end:
        return node
      }
    }
  }

  private mutating func parseField(of operand: SyntaxNode) throws(SyntaxError) -> SyntaxNode {
    let focus = token.span
    switch token.kind {
    case .quotedName(let name):
      try advance()
      return try make(
        .select(operand, field: name), span: operand.span.through(focus), focus: focus)
    case .name(let name) where !Token.keywords.contains(name):
      try advance()
      if token.kind == .symbol(.openParenthesis) {
        return try parseCall(of: name, receiver: operand, focus: focus)
      }
      return try make(
        .select(operand, field: name), span: operand.span.through(focus), focus: focus)
    case .name, .int, .uint, .double, .string, .bytes, .symbol, .end:
      throw unexpected("a field's name after `.`")
    }
  }

  private mutating func parsePrimary(sign: SourceSpan?) throws(SyntaxError) -> SyntaxNode {
    let span = token.span
    switch token.kind {
    case .int, .uint, .double, .string, .bytes:
      return try parseLiteral(sign: sign)
    case .name(let name):
      try advance()
      return try parseName(name, isAbsolute: false, focus: span, span: span)
    case .symbol(.dot):
      try advance()
      guard case .name(let name) = token.kind else { throw unexpected("a name after `.`") }
      let focus = try advance()
      return try parseName(name, isAbsolute: true, focus: focus, span: span.through(focus))
    case .symbol(.openParenthesis):
      try advance()
      let inner = try parseExpression()
      let close = try expect(.closeParenthesis)
      return SyntaxNode(inner.kind, span: span.through(close), focus: inner.focus)
    case .symbol(.openBracket):
      return try parseList()
    case .symbol(.openBrace):
      return try parseMap()
    case .quotedName, .symbol, .end:
      throw unexpected("a value")
    }
  }

  private mutating func parseLiteral(sign: SourceSpan?) throws(SyntaxError) -> SyntaxNode {
    let value: Value
    var span = token.span
    switch token.kind {
    case .int(let magnitude):
      guard let int = Int64(magnitude: magnitude, isNegative: sign != nil) else {
        throw SyntaxError(
          message: "the number does not fit an int", span: span,
          hint: "write `\(magnitude)u` for a uint")
      }
      value = .int(int)
      span = sign?.through(span) ?? span
    case .double(let number):
      value = .double(sign == nil ? number : -number)
      span = sign?.through(span) ?? span
    case .uint(let number): value = .uint(number)
    case .string(let text): value = .string(text)
    case .bytes(let bytes): value = .bytes(bytes)
    case .name, .quotedName, .symbol, .end: throw unexpected("a value")
    }
    try advance()
    return try make(.literal(value), span: span)
  }

  private mutating func parseName(
    _ name: String, isAbsolute: Bool, focus: SourceSpan, span: SourceSpan
  ) throws(SyntaxError) -> SyntaxNode {
    if Token.reservedWords.contains(name) {
      throw SyntaxError(message: "`\(name)` is a reserved word", span: focus)
    }
    if !isAbsolute, let literal = Self.literalWords[name] {
      return try make(.literal(literal), span: span)
    }
    if Token.keywords.contains(name) {
      throw SyntaxError(message: "expected a value, found `\(name)`", span: focus)
    }
    if token.kind == .symbol(.openParenthesis) {
      return try parseCall(of: name, receiver: nil, focus: focus)
    }
    return try make(
      .name(SyntaxNode.Name(text: name, isAbsolute: isAbsolute)), span: span, focus: focus)
  }

  private static let literalWords: [String: Value] = [
    "true": .bool(true), "false": .bool(false), "null": .null,
  ]
}

extension SyntaxNode {
  /// Whether it could name a message type: a name, or fields of one.
  fileprivate var isTypeName: Bool {
    var node = self
    while case .select(let operand, _) = node.kind { node = operand }
    if case .name = node.kind { return true }
    return false
  }
}

extension Int64 {
  fileprivate init?(magnitude: UInt64, isNegative: Bool) {
    if isNegative {
      guard magnitude <= 1 << 63 else { return nil }
      self = Int64(truncatingIfNeeded: 0 &- magnitude)
    } else {
      self.init(exactly: magnitude)
    }
  }
}
