package import Diagnostics
import OrderedCollections

extension Template {
  /// The type of the value, and every diagnostic about its expressions.
  package func check(
    in environment: TypeEnvironment
  ) -> (type: StaticType, diagnostics: [Diagnostic]) {
    switch self {
    case .literal(let value, _, _): return (StaticType(of: value), [])
    case .expression(let expression): return expression.check(in: environment)
    case .text(let parts, _):
      return (.string, parts.flatMap { $0.check(in: environment) })
    case .list(let elements, _):
      let checked = elements.map { $0.check(in: environment) }
      return (.list(StaticType(joining: checked.map(\.type))), checked.flatMap(\.diagnostics))
    case .map(let fields, _):
      let checked = fields.mapValues { $0.check(in: environment) }
      return (.object(checked.mapValues(\.type)), checked.values.flatMap(\.diagnostics))
    }
  }
}

extension Template.TextPart {
  fileprivate func check(in environment: TypeEnvironment) -> [Diagnostic] {
    guard case .expression(let expression) = self else { return [] }
    let (type, diagnostics) = expression.check(in: environment)
    guard type == .null, diagnostics.isEmpty else { return diagnostics }
    return [
      Diagnostic(.wrongType, "null cannot be part of a string", at: expression.location)
    ]
  }
}
