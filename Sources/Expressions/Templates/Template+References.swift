import OrderedCollections

extension Template {
  /// Every expression in it, in the order they are written.
  package var expressions: [Expression] {
    switch self {
    case .literal: []
    case .expression(let expression): [expression]
    case .text(let parts, _):
      parts.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
    case .list(let elements, _): elements.flatMap(\.expressions)
    case .map(let fields, _): fields.values.flatMap(\.expressions)
    }
  }

  /// The variables its expressions use.
  package var referencedNames: Set<String> {
    expressions.reduce(into: []) { $0.formUnion($1.referencedNames) }
  }

  /// Every use of `variable` in its expressions, in the order they are written.
  package func references(to variable: String) -> [Expression.Reference] {
    expressions.flatMap { $0.references(to: variable) }
  }
}
