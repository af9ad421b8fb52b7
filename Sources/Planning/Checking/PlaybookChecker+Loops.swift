import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// The attributes of loops, which their lists of rounds do not have.
extension PlaybookChecker {
  /// The diagnostic, with a hint where an attribute of a loop is meant.
  func aboutLoops(
    _ diagnostic: Diagnostic, in template: Template, _ scope: NameScope
  ) -> Diagnostic {
    guard diagnostic.code == .wrongType || diagnostic.code == .unknownField,
      let place = diagnostic.location,
      let reference = template.expressions.lazy.flatMap(\.references)
        .first(where: { $0.location.spans(place) }),
      let hint = loopHint(for: reference, in: scope)
    else { return diagnostic }
    var diagnostic = diagnostic
    diagnostic.hint = hint
    diagnostic.fix = nil
    return diagnostic
  }

  private func loopHint(for reference: Expression.Reference, in scope: NameScope) -> String? {
    guard let field = reference.path.last, InferredValue.attributes.contains(field) else {
      return nil
    }
    guard reference.variable == "steps" else {
      // A local that holds the list of rounds.
      let taken = reference.path.dropLast()
      guard taken.isEmpty, case .list? = scope.names[reference.variable]?.type else { return nil }
      return "of a loop it is `steps.LOOP.\(field)`, with the id of the loop"
    }
    guard reference.path.count == 2,
      case .known(let result) = facts.results.use(
        of: reference.path[0], at: reference.location, in: scope),
      case .list = result.type
    else { return nil }
    let id = reference.path[0]
    return result.listAttributes[field] == nil
      ? "no step in the loop `\(id)` changes anything"
      : "write `steps.\(id).\(field)`: a list of rounds has no fields"
  }
}

extension SourceLocation {
  /// Whether `other` begins within the span.
  fileprivate func spans(_ other: SourceLocation) -> Bool {
    file == other.file && line == other.line
      && (column..<(column + length)).contains(other.column)
  }
}
