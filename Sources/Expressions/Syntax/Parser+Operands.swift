extension Parser {
  /// A value with its fields, indices and calls; `sign` is a minus that may belong to a number.
  mutating func parseMember(sign: SourceSpan?) throws(SyntaxError) -> SyntaxNode {
    var node = try parsePrimary(sign: sign)
    while true {
      switch token.kind {
      case .symbol(.dot): node = try parseField(of: node)
      case .symbol(.openBracket): node = try parseIndex(of: node)
      case .symbol(.openParenthesis):
        guard let call = node.asCallee else { return node }
        node = try parseCall(of: call, span: node.span, focus: node.focus)
      case .symbol(.openBrace) where node.qualifiedName != nil:
        throw SyntaxError(
          message: "there are no message types to build", span: node.span.through(token.span),
          hint: "write a map: `{'field': value}`")
      case .name, .quotedName, .int, .uint, .double, .string, .bytes, .symbol, .end:
        return node
      }
    }
  }

  private mutating func parsePrimary(sign: SourceSpan?) throws(SyntaxError) -> SyntaxNode {
    switch token.kind {
    case .int, .uint, .double, .string, .bytes: return try parseLiteral(sign: sign)
    case .name, .symbol(.dot): return try parseName()
    case .symbol(.openParenthesis): return try parseGroup()
    case .symbol(.openBracket): return try parseList()
    case .symbol(.openBrace): return try parseMap()
    case .quotedName, .symbol, .end: throw unexpected("a value")
    }
  }

  private mutating func parseGroup() throws(SyntaxError) -> SyntaxNode {
    let open = try advance()
    let inner = try parseExpression()
    return inner.parenthesized(span: open.through(try expect(.closeParenthesis)))
  }

  private mutating func parseIndex(of operand: SyntaxNode) throws(SyntaxError) -> SyntaxNode {
    let open = try advance()
    if token.kind == .symbol(.colon) { throw noSlices("a value") }
    let isOptional = try skip(.question)
    let index = try parseExpression()
    if token.kind == .symbol(.colon) { throw noSlices("`]`") }
    let close = try expect(.closeBracket)
    return try make(
      isOptional ? .optionalIndex(operand, index) : .index(operand, index),
      span: operand.span.through(close), focus: open.through(close))
  }

  private func noSlices(_ expectation: String) -> SyntaxError {
    unexpected(
      expectation,
      hint: "there are no slices: a part of a string is `substring(from, to)`, and of a list "
        + "`slice(from, to)`")
  }

  private mutating func parseField(of operand: SyntaxNode) throws(SyntaxError) -> SyntaxNode {
    try advance()
    let isOptional = try skip(.question)
    let field: String
    switch token.kind {
    case .quotedName(let name): field = name
    case .name(let name) where !Token.keywords.contains(name): field = name
    case .name, .int, .uint, .double, .string, .bytes, .symbol, .end:
      throw unexpected("a field's name after `\(isOptional ? ".?" : ".")`")
    }
    let focus = try advance()
    return try make(
      isOptional ? .optionalSelect(operand, field: field) : .select(operand, field: field),
      span: operand.span.through(focus), focus: focus)
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

  /// A name, with a leading dot or without, or a word that stands for a value.
  private mutating func parseName() throws(SyntaxError) -> SyntaxNode {
    let start = token.span
    let isAbsolute = try skip(.dot)
    guard case .name(let name) = token.kind else { throw unexpected("a name after `.`") }
    let focus = token.span
    if Token.reservedWords.contains(name) {
      throw SyntaxError(
        message: "`\(name)` is a reserved word", span: focus,
        hint: name == "if" ? "write `condition ? value : other`" : nil)
    }
    if !isAbsolute, let literal = Self.literalWords[name] {
      try advance()
      return try make(.literal(literal), span: focus)
    }
    if Token.keywords.contains(name) { throw unexpected("a value") }
    try advance()
    return try make(
      .name(SyntaxNode.Name(text: name, isAbsolute: isAbsolute)), span: start.through(focus),
      focus: focus)
  }

  private static let literalWords: [String: Value] = [
    "true": .bool(true), "false": .bool(false), "null": .null,
  ]
}

extension SyntaxNode {
  /// The call that an argument list makes of a name or of a field; nil for anything else.
  fileprivate var asCallee: Call? {
    guard !isParenthesized else { return nil }
    return switch kind {
    case .name(let name): Call(function: name.text, receiver: nil, arguments: [])
    case .select(let operand, let field):
      Call(function: field, receiver: operand, arguments: [])
    case .literal, .optionalSelect, .has, .index, .optionalIndex, .optional, .call, .unary, .binary,
      .logical, .conditional, .list, .map,
      .comprehension:
      nil
    }
  }

  fileprivate func parenthesized(span: SourceSpan) -> SyntaxNode {
    SyntaxNode(kind, span: span, focus: focus, isParenthesized: true)
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
