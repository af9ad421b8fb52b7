import Diagnostics
import OrderedCollections

/// Words that an attribute is compared with.
extension TypeChecker {
  /// Warns of string literals that the attribute on the other side never is; both sides have been checked.
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

  /// The name of the attribute that the node, which has been checked, selects, and the words it may be; nil
  /// where it selects none of which they are known.
  private func words(of node: SyntaxNode) -> (name: String, words: TypeEnvironment.Words)? {
    let (name, place): (String, SourceSpan)
    switch node.kind {
    case .select(_, let field): (name, place) = (field, node.focus)
    case .index(_, let index):
      guard case .literal(.string(let field)) = index.kind else { return nil }
      (name, place) = (field, index.span)
    case _: return nil
    }
    guard attributes.contains(place), let words = environment.words[name] else { return nil }
    return (name, words)
  }
}
