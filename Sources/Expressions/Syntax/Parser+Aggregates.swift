extension Parser {
  /// `[a, b]`, a trailing comma allowed.
  mutating func parseList() throws(SyntaxError) -> SyntaxNode {
    let open = try advance()
    let (elements, close) = try parseElements(until: .closeBracket)
    return try make(.list(elements), span: open.through(close))
  }

  /// `{key: value}`, a trailing comma allowed.
  mutating func parseMap() throws(SyntaxError) -> SyntaxNode {
    let open = try advance()
    var entries: [SyntaxNode.MapEntry] = []
    guard token.kind != .symbol(.openBrace) else {
      throw unexpected(
        "the key of a map", hint: "the expression stands alone here, without `{{` and `}}`")
    }
    while token.kind != .symbol(.closeBrace) {
      let mark = token.span
      let isOptional = try skip(.question)
      let key = try parseExpression()
      try expect(.colon, "`:` and the value of the key")
      let value = try parseExpression()
      entries.append(
        SyntaxNode.MapEntry(key: key, value: isOptional ? try optional(value, mark) : value))
      guard try skip(.comma) else { break }
    }
    let close = try expect(.closeBrace, "`,` or `}`")
    return try make(.map(entries), span: open.through(close))
  }

  private func optional(
    _ operand: SyntaxNode, _ mark: SourceSpan
  ) throws(SyntaxError) -> SyntaxNode {
    try make(.optional(operand), span: mark.through(operand.span), focus: mark)
  }

  /// `function(arguments)`, macros included.
  mutating func parseCall(
    of callee: SyntaxNode.Call, span: SourceSpan, focus: SourceSpan
  ) throws(SyntaxError) -> SyntaxNode {
    let open = try advance()
    var call = callee
    while token.kind != .symbol(.closeParenthesis) || !call.arguments.isEmpty {
      call.arguments.append(try parseExpression())
      guard try skip(.comma) else { break }
    }
    let close = try expect(.closeParenthesis, "`,` or `)`")
    let span = span.through(close)
    if let macro = try expand(call, arguments: open.through(close)) {
      return try make(macro, span: span, focus: focus)
    }
    return try make(.call(call), span: span, focus: focus)
  }

  private mutating func parseElements(
    until symbol: Token.Symbol
  ) throws(SyntaxError) -> ([SyntaxNode], end: SourceSpan) {
    var elements: [SyntaxNode] = []
    while token.kind != .symbol(symbol) {
      let mark = token.span
      let isOptional = try skip(.question)
      let element = try parseExpression()
      elements.append(isOptional ? try optional(element, mark) : element)
      guard try skip(.comma) else { break }
    }
    return (elements, try expect(symbol, "`,` or `\(symbol.rawValue)`"))
  }
}
