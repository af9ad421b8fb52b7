extension Parser {
  /// What a call of a macro stands for, or nil when the call is none (CEL spec, "Macros").
  func expand(
    _ call: SyntaxNode.Call, arguments: SourceSpan
  ) throws(SyntaxError) -> SyntaxNode.Kind? {
    guard let receiver = call.receiver else {
      return call.function == "has" ? try expandHas(call, arguments: arguments) : nil
    }
    guard let macro = Self.macros[call.function] else { return nil }
    let allowed = macro == .map ? 2...3 : 2...2
    guard allowed.contains(call.arguments.count) else {
      throw SyntaxError(
        message: "`\(call.function)` takes a name and "
          + (macro == .map ? "one or two expressions" : "one expression"),
        span: arguments, hint: "for example `\(macro.example)`")
    }
    let first = call.arguments[0]
    guard case .name(let name) = first.kind, !name.isAbsolute else {
      throw SyntaxError(
        message: "`\(call.function)` needs a plain name for the element", span: first.span,
        hint: "for example `\(macro.example)`")
    }
    return .comprehension(
      SyntaxNode.Comprehension(
        macro: macro, range: receiver, variable: name.text,
        condition: call.arguments.count == 3 ? call.arguments[1] : nil,
        body: call.arguments[call.arguments.count - 1]))
  }

  private func expandHas(
    _ call: SyntaxNode.Call, arguments: SourceSpan
  ) throws(SyntaxError) -> SyntaxNode.Kind {
    guard call.arguments.count == 1, case .select(let operand, let field) = call.arguments[0].kind
    else {
      throw SyntaxError(
        message: "`has` takes one field", span: arguments, hint: "for example `has(a.b)`")
    }
    return .has(operand, field: field)
  }

  private static let macros: [String: SyntaxNode.Comprehension.Macro] = [
    "all": .all, "exists": .exists, "exists_one": .existsOne, "existsOne": .existsOne,
    "filter": .filter, "map": .map,
  ]
}

extension SyntaxNode.Comprehension.Macro {
  fileprivate var example: String {
    switch self {
    case .all: "list.all(x, x > 0)"
    case .exists: "list.exists(x, x > 0)"
    case .existsOne: "list.exists_one(x, x > 0)"
    case .filter: "list.filter(x, x > 0)"
    case .map: "list.map(x, x + 1)"
    }
  }
}
