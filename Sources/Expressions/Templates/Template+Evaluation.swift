package import Diagnostics
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

  /// Every use of `variable` in its expressions.
  package func references(to variable: String) -> [Expression.Reference] {
    expressions.flatMap { $0.references(to: variable) }
  }

  /// The type of the value, and every finding about its expressions.
  package func check(
    in environment: TypeEnvironment
  ) -> (type: StaticType, diagnostics: [Diagnostic]) {
    (.dyn, [])
  }

  /// The value with every expression replaced by what it yields.
  ///
  /// In text, strings stand as they are, numbers and bools as `string()` writes them, lists and maps
  /// as JSON; a secret among them makes the whole text secret. Null and bytes that are no UTF-8 are
  /// errors there.
  package func evaluate(
    with bindings: Bindings, limits: EvaluationLimits = EvaluationLimits()
  ) throws(EvaluationError) -> Value {
    throw EvaluationError("not built", at: location)
  }
}
