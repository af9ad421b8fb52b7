import Diagnostics
import OrderedCollections

/// Words that an attribute is compared with.
extension TypeChecker {
  /// Warns of string literals that the attribute on the other side never is.
  mutating func checkWords(
    of binary: BinaryOperator, _ left: SyntaxNode, _ right: SyntaxNode
  ) {
    let pairs: [(attribute: SyntaxNode, literals: [SyntaxNode])]
    switch binary {
    case .equal, .notEqual: pairs = [(left, [right]), (right, [left])]
    case .within:
      guard case .list(let elements) = right.kind else { return }
      pairs = [(left, elements)]
    case .add, .subtract, .multiply, .divide, .remainder, .less, .lessOrEqual, .greater,
      .greaterOrEqual:
      return
    }
    for (attribute, literals) in pairs {
      guard let (name, words) = words(of: attribute) else { continue }
      for literal in literals {
        guard case .literal(.string(let word)) = literal.kind, !words.known.contains(word) else {
          continue
        }
        let known = words.known.map { "`\($0)`" }.joined(separator: ", ")
        diagnostics.append(
          Mistake(
            code: .unknownWord, message: "`\(name)` is never `\(word)`", span: literal.span,
            hint: words.meant(by: word).map { "did you mean `\($0)`?" } ?? "it is one of \(known)",
            severity: .warning))
      }
    }
  }

  /// The name of the attribute that the node selects, and the words it may be; nil where it selects none of
  /// which they are known.
  private mutating func words(
    of node: SyntaxNode
  ) -> (name: String, words: TypeEnvironment.Words)? {
    guard case .select(let operand, let field) = node.kind,
      let words = environment.words[field]
    else { return nil }
    if let name = node.qualifiedName, environment[name]?.isAttribute ?? false {
      return (field, words)
    }
    // It is looked at once more, where what is wrong inside is reported.
    let known = diagnostics
    defer { diagnostics = known }
    guard case .object(let fields) = type(of: operand), fields[field]?.isAttribute ?? false else {
      return nil
    }
    return (field, words)
  }
}
