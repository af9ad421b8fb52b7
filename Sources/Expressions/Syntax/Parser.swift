import Diagnostics

/// Reads tokens into a tree, by precedence climbing.
struct Parser {
  private var lexer: Lexer
  private(set) var token: Token
  /// The token before the current one.
  private var previous: Token?
  /// How many expressions are open around the current token.
  var nesting = 0

  init(_ scalars: [Unicode.Scalar]) throws(SyntaxError) {
    guard scalars.count <= Expression.sourceLimit else {
      throw SyntaxError(
        code: .expressionTooLong,
        message: "the expression is longer than \(Expression.sourceLimit) characters",
        span: SourceSpan(0, length: 1))
    }
    lexer = Lexer(scalars)
    token = try lexer.next()
    if token.kind == .end {
      throw SyntaxError(
        message: "the expression is empty", span: SourceSpan(0, length: max(1, scalars.count)))
    }
  }

  /// Reads the whole text as one expression.
  mutating func parse() throws(SyntaxError) -> SyntaxNode {
    let root = try parseExpression()
    guard token.kind == .end else { throw unexpected("an operator or the end") }
    return root
  }

  /// Moves on, and returns where the token left behind stands.
  @discardableResult
  mutating func advance() throws(SyntaxError) -> SourceSpan {
    let left = token
    token = try lexer.next()
    previous = left
    return left.span
  }

  /// Passes over `symbol` if it is next.
  mutating func skip(_ symbol: Token.Symbol) throws(SyntaxError) -> Bool {
    guard token.kind == .symbol(symbol) else { return false }
    try advance()
    return true
  }

  @discardableResult
  mutating func expect(
    _ symbol: Token.Symbol, _ expectation: String? = nil
  ) throws(SyntaxError) -> SourceSpan {
    guard token.kind == .symbol(symbol) else {
      throw unexpected(expectation ?? "`\(symbol.rawValue)`")
    }
    return try advance()
  }

  func unexpected(_ expectation: String, hint: String? = nil) -> SyntaxError {
    SyntaxError(
      message: "expected \(expectation), found \(token.description)", span: token.span,
      hint: hint ?? self.hint(for: token, insteadOf: expectation))
  }

  /// Builds a node, unless the tree grows too deep.
  func make(
    _ kind: SyntaxNode.Kind, span: SourceSpan, focus: SourceSpan? = nil
  ) throws(SyntaxError) -> SyntaxNode {
    let node = SyntaxNode(kind, span: span, focus: focus)
    guard node.depth <= Expression.depthLimit else { throw tooDeep(at: node.focus) }
    return node
  }

  func tooDeep(at span: SourceSpan) -> SyntaxError {
    SyntaxError(
      code: .expressionTooDeep,
      message: "the expression is nested more than \(Expression.depthLimit) levels deep",
      span: span)
  }

  private func hint(for token: Token, insteadOf expectation: String) -> String? {
    if case .string = token.kind, expectation.hasPrefix("an operator") {
      return "join strings with `+`"
    }
    if case .quotedName = token.kind { return "write a string in quotation marks: `\"…\"`" }
    switch (previous?.kind, token.kind) {
    case (.symbol(.question), .symbol(.question)):
      return "there is no `??`: write `a.?b.orValue(other)`"
    case (.symbol(.less), .symbol(.greater)): return "not equal: `!=`"
    case (_, .name("and")): return "both conditions: `&&`"
    case (_, .name("or")): return "either condition: `||`"
    case (_, .name("not")), (.name("not"), _): return "the opposite: `!`"
    case (_, .name("is")): return "compare with `==`"
    case (_, .name("if")): return "write `condition ? value : other`"
    case (_, .name("for")):
      return "of each element of a list: `list.map(x, …)`; of some: `list.filter(x, …)`"
    case (.symbol(.openBrace), .symbol(.percent)):
      return "there are no tags: a step has `when`, and an expression `condition ? value : other`"
    default: return nil
    }
  }
}
