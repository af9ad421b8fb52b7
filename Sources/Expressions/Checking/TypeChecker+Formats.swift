import Diagnostics

extension TypeChecker {
  /// Reads a format that is written out, and compares it with the values that are written out beside it,
  /// which have these types.
  mutating func checkFormat(_ operands: [SyntaxNode], _ types: [StaticType]) {
    guard let format = operands.first, case .literal(.string(let text)) = format.kind else {
      return
    }
    let clauses: [TextFormat.Clause]
    do throws(EvaluationFailure) {
      clauses = try TextFormat(parsing: text).clauses
    } catch {
      _ = report(.wrongArguments, error.message, at: format.span, hint: error.hint)
      return
    }
    guard let list = operands.last, case .list(let values) = list.kind,
      !values.contains(where: \.isOptional)
    else { return }
    guard clauses.count == values.count else {
      _ = report(
        .wrongArguments,
        "the format has \(clauses.count) \(clauses.count == 1 ? "clause" : "clauses"), but the list "
          + "\(values.count) \(values.count == 1 ? "value" : "values")", at: list.span)
      return
    }
    for (clause, (value, type)) in zip(clauses, zip(values, types))
    where !clause.types.accept(type) {
      _ = report(
        .wrongType, "`\(clause.spelling)` does not write \(type)", at: value.span,
        hint: clause.types.hint)
    }
  }
}
