extension Parser {
  /// Operands joined by operators that bind at least as tightly as `minimum`.
  ///
  /// All levels of precedence share this one function, so that nesting costs few frames.
  mutating func parseExpression(
    minimum: Precedence = .conditional
  ) throws(SyntaxError) -> SyntaxNode {
    nesting += 1
    defer { nesting -= 1 }
    guard nesting <= Expression.depthLimit else { throw tooDeep(at: token.span) }
    var left = try parseOperand()
    while let infix = InfixOperator(token), infix.precedence >= minimum {
      let focus = try advance()
      switch infix {
      case .conditional: left = try parseConditional(after: left, focus: focus)
      case .logical(let logical): left = try parseLogical(logical, after: left, focus: focus)
      case .binary(let binary):
        let right = try parseExpression(minimum: infix.precedence.next)
        left = try make(
          .binary(binary, left, right), span: left.span.through(right.span), focus: focus)
      }
    }
    return left
  }

  /// `? then : otherwise`, behind the `?`.
  private mutating func parseConditional(
    after condition: SyntaxNode, focus: SourceSpan
  ) throws(SyntaxError) -> SyntaxNode {
    let isChain = token.kind == .symbol(.dot) && token.span.offset == focus.offset + focus.length
    let then = try parseExpression(minimum: .or)
    guard token.kind == .symbol(.colon) || !isChain else {
      throw SyntaxError(
        message: "unexpected `?.`", span: focus,
        hint: "write `a.?b` for a field that may be missing")
    }
    try expect(.colon, "`:` and the other value")
    let otherwise = try parseExpression()
    return try make(
      .conditional(condition, then: then, otherwise: otherwise),
      span: condition.span.through(otherwise.span), focus: focus)
  }

  /// The other operands of a chain of one operator, behind the first operator.
  private mutating func parseLogical(
    _ logical: LogicalOperator, after first: SyntaxNode, focus: SourceSpan
  ) throws(SyntaxError) -> SyntaxNode {
    var operands = [first]
    repeat {
      operands.append(try parseExpression(minimum: logical.precedence.next))
    } while try skip(logical.symbol)
    let end = operands[operands.count - 1].span
    return try make(.logical(logical, operands), span: first.span.through(end), focus: focus)
  }

  /// An operand with the `!` or `-` before it.
  private mutating func parseOperand() throws(SyntaxError) -> SyntaxNode {
    guard let unary = UnaryOperator(token) else { return try parseMember(sign: nil) }
    return try parseUnary(unary)
  }

  private mutating func parseUnary(_ unary: UnaryOperator) throws(SyntaxError) -> SyntaxNode {
    var spans: [SourceSpan] = []
    while UnaryOperator(token) == unary {
      spans.append(try advance())
      guard spans.count <= Expression.depthLimit else { throw tooDeep(at: token.span) }
    }
    var node = try parseMember(sign: unary == .negate ? spans.last : nil)
    // The minus right before a number belongs to the number, so that the lowest int can be written.
    if node.span.offset == spans.last?.offset { spans.removeLast() }
    for span in spans.reversed() {
      node = try make(.unary(unary, node), span: span.through(node.span), focus: span)
    }
    return node
  }
}

/// An operator behind its first operand.
private enum InfixOperator {
  case conditional
  case logical(LogicalOperator)
  case binary(BinaryOperator)

  init?(_ token: Token) {
    switch token.kind {
    case .name("in"): self = .binary(.within)
    case .symbol(.question): self = .conditional
    case .symbol(let symbol):
      if let logical = LogicalOperator(rawValue: symbol.rawValue) {
        self = .logical(logical)
      } else if let binary = BinaryOperator(rawValue: symbol.rawValue) {
        self = .binary(binary)
      } else {
        return nil
      }
    case .name, .quotedName, .int, .uint, .double, .string, .bytes, .end: return nil
    }
  }

  var precedence: Precedence {
    switch self {
    case .conditional: .conditional
    case .logical(let logical): logical.precedence
    case .binary(let binary): binary.precedence
    }
  }
}

extension LogicalOperator {
  fileprivate var symbol: Token.Symbol { self == .or ? .or : .and }
}

extension UnaryOperator {
  fileprivate init?(_ token: Token) {
    switch token.kind {
    case .symbol(.not): self = .not
    case .symbol(.minus): self = .negate
    case .name, .quotedName, .int, .uint, .double, .string, .bytes, .symbol, .end: return nil
    }
  }
}
