extension Parser {
  /// Operands joined by `||`, or in them by `&&`.
  mutating func parseLogical(_ logical: LogicalOperator) throws(SyntaxError) -> SyntaxNode {
    let first = try parseLogicalOperand(of: logical)
    guard token.kind == .symbol(logical.symbol) else { return first }
    let focus = token.span
    var operands = [first]
    var last = first
    while try skip(logical.symbol) {
      last = try parseLogicalOperand(of: logical)
      operands.append(last)
    }
    return try make(
      .logical(logical, operands), span: first.span.through(last.span), focus: focus)
  }

  private mutating func parseLogicalOperand(
    of logical: LogicalOperator
  ) throws(SyntaxError) -> SyntaxNode {
    switch logical {
    case .or: try parseLogical(.and)
    case .and: try parseBinary(minimum: BinaryOperator.equal.precedence)
    }
  }

  /// Operands joined by operators that bind at least as tightly as `minimum`.
  private mutating func parseBinary(minimum: Int) throws(SyntaxError) -> SyntaxNode {
    var left = try parseUnary()
    while let binary = BinaryOperator(token), binary.precedence >= minimum {
      let focus = try advance()
      let right = try parseBinary(minimum: binary.precedence + 1)
      left = try make(
        .binary(binary, left, right), span: left.span.through(right.span), focus: focus)
    }
    return left
  }

  /// A chain of `!`, or a chain of `-`, and what it stands before.
  private mutating func parseUnary() throws(SyntaxError) -> SyntaxNode {
    guard let unary = UnaryOperator(token) else { return try parseMember() }
    var spans: [SourceSpan] = []
    while UnaryOperator(token) == unary, spans.count <= Expression.depthLimit {
      spans.append(try advance())
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

extension BinaryOperator {
  fileprivate init?(_ token: Token) {
    switch token.kind {
    case .symbol(let symbol): self.init(rawValue: symbol.rawValue)
    case .name("in"): self = .within
    case .name, .quotedName, .int, .uint, .double, .string, .bytes, .end: return nil
    }
  }
}
