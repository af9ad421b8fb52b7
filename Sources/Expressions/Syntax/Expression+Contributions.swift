extension Expression {
  /// A value that can become part of an expression's result: where it is found from a variable on.
  package struct Contribution: Sendable, Hashable {
    /// One step from a value to a part of it.
    package enum Part: Sendable, Hashable {
      case field(String)
      /// Any element of a list, or any value of a map.
      case element
    }

    /// The name of the variable as written, such as `inputs`.
    package var variable: String
    /// The way from the variable's value to the part, outermost first; empty for the whole value.
    package var path: [Part]

    /// A contribution of the part at `path` of the value of `variable`.
    package init(variable: String, path: [Part]) {
      self.variable = variable
      self.path = path
    }
  }

  /// The values that the result is made of, without those that only decide what it is, such as the
  /// condition of a choice.
  package var contributions: Set<Contribution> {
    root.contributions(locals: [:])
  }

  /// The same for each value that the result may be, where it is one of several by a `? :`.
  package var alternatives: [Set<Contribution>] {
    root.alternatives.map { $0.contributions(locals: [:]) }
  }
}

extension SyntaxNode {
  fileprivate typealias Contributions = Set<Expression.Contribution>

  /// What the node's value is one of.
  fileprivate var alternatives: [SyntaxNode] {
    guard case .conditional(_, let then, let otherwise) = kind else { return [self] }
    return then.alternatives + otherwise.alternatives
  }

  /// `locals` are the values behind the names that macros bind.
  fileprivate func contributions(locals: [String: Contributions]) -> Contributions {
    func of(_ nodes: [SyntaxNode]) -> Contributions {
      nodes.reduce(into: []) { $0.formUnion($1.contributions(locals: locals)) }
    }
    switch kind {
    case .literal, .has, .logical: return []
    case .name(let name):
      if !name.isAbsolute, let local = locals[name.text] { return local }
      return [Expression.Contribution(variable: name.text, path: [])]
    case .select(let operand, let field), .optionalSelect(let operand, let field):
      return of([operand]).appending(.field(field))
    case .index(let operand, let index), .optionalIndex(let operand, let index):
      guard case .literal(.string(let field)) = index.kind else {
        return of([operand]).appending(.element)
      }
      return of([operand]).appending(.field(field))
    case .call(let call):
      let resolved = call.resolved { locals[$0] != nil }
      let onlyDecides = resolved.function?.overloads.allSatisfy { $0.result == .bool } ?? false
      return onlyDecides || Self.measures.contains(resolved.name) ? [] : of(resolved.operands)
    case .unary(_, let operand), .optional(let operand): return of([operand])
    case .binary(let binary, let left, let right):
      return binary.isComparison ? [] : of([left, right])
    case .conditional(_, let then, let otherwise): return of([then, otherwise])
    case .list(let elements): return of(elements)
    case .map(let entries): return of(entries.map(\.value))
    case .comprehension(let comprehension):
      return comprehension.contributions(locals: locals)
    }
  }

  /// Functions whose results say something about a value, and nothing of it.
  private static let measures: Set<String> = ["size", "indexOf", "lastIndexOf", "type"]
}

extension SyntaxNode.Comprehension {
  fileprivate func contributions(
    locals: [String: SyntaxNode.Contributions]
  ) -> SyntaxNode.Contributions {
    let ofRange = range.contributions(locals: locals)
    switch macro {
    case .all, .exists, .existsOne: return []
    case .filter, .sortBy: return ofRange
    case .map, .transformList, .transformMap, .transformMapEntry:
      return bodyContributions(ofRange.appending(.element), locals)
    case .bind, .optMap, .optFlatMap: return bodyContributions(ofRange, locals)
    }
  }

  /// What the body contributes where each of the names stands for `bound`.
  private func bodyContributions(
    _ bound: SyntaxNode.Contributions, _ locals: [String: SyntaxNode.Contributions]
  ) -> SyntaxNode.Contributions {
    var inner = locals
    for variable in variables { inner[variable] = bound }
    return body.contributions(locals: inner)
  }
}

extension Set<Expression.Contribution> {
  fileprivate func appending(_ part: Expression.Contribution.Part) -> Self {
    Set(
      map { Expression.Contribution(variable: $0.variable, path: $0.path + [part]) })
  }
}

extension BinaryOperator {
  /// Whether the result is only true or false.
  fileprivate var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .within, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    case .add, .subtract, .multiply, .divide, .remainder: false
    }
  }
}
