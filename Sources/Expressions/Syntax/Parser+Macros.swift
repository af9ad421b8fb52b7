extension Parser {
  /// What a call of a macro stands for, or nil when the call is none (CEL spec, "Macros").
  func expand(
    _ call: SyntaxNode.Call, arguments: SourceSpan
  ) throws(SyntaxError) -> SyntaxNode.Kind? {
    guard let receiver = call.receiver else {
      return call.function == "has" ? try expandHas(call, arguments: arguments) : nil
    }
    if case .name(let name) = receiver.kind, name.text == "cel", call.function == "bind" {
      return try expandBind(call, arguments: arguments)
    }
    guard let macro = Self.macros[call.function] else { return nil }
    let counts = macro.argumentCounts
    guard counts.contains(call.arguments.count) else {
      throw SyntaxError(
        message: "`\(call.function)` takes \(macro.arguments)", span: arguments,
        hint: "for example `\(macro.example)`")
    }
    let nameCount = macro.nameCount(arguments: call.arguments.count)
    var variables: [String] = []
    for argument in call.arguments.prefix(nameCount) {
      let name = try plainName(argument, of: call.function, macro)
      guard !variables.contains(name) else {
        throw SyntaxError(
          message: "`\(call.function)` needs two different names", span: argument.span,
          hint: "for example `\(macro.example)`")
      }
      variables.append(name)
    }
    let expressions = call.arguments.dropFirst(nameCount)
    return .comprehension(
      SyntaxNode.Comprehension(
        macro: macro, range: receiver, variables: variables,
        condition: expressions.count == 2 ? expressions.first : nil,
        body: call.arguments[call.arguments.count - 1]))
  }

  private func plainName(
    _ node: SyntaxNode, of function: String, _ macro: SyntaxNode.Comprehension.Macro
  ) throws(SyntaxError) -> String {
    guard case .name(let name) = node.kind, !name.isAbsolute else {
      throw SyntaxError(
        message:
          "`\(function)` needs a plain name for \(macro.named)",
        span: node.span, hint: "for example `\(macro.example)`")
    }
    return name.text
  }

  private func expandBind(
    _ call: SyntaxNode.Call, arguments: SourceSpan
  ) throws(SyntaxError) -> SyntaxNode.Kind {
    let macro = SyntaxNode.Comprehension.Macro.bind
    guard call.arguments.count == 3 else {
      throw SyntaxError(
        message: "`cel.bind` takes \(macro.arguments)", span: arguments,
        hint: "for example `\(macro.example)`")
    }
    return .comprehension(
      SyntaxNode.Comprehension(
        macro: macro, range: call.arguments[1],
        variables: [try plainName(call.arguments[0], of: macro.rawValue, macro)], condition: nil,
        body: call.arguments[2]))
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
    "filter": .filter, "map": .map, "transformList": .transformList,
    "transformMap": .transformMap, "transformMapEntry": .transformMapEntry, "sortBy": .sortBy,
    "optMap": .optMap, "optFlatMap": .optFlatMap,
  ]
}

extension SyntaxNode.Comprehension.Macro {
  fileprivate var argumentCounts: ClosedRange<Int> {
    switch self {
    case .filter, .sortBy, .optMap, .optFlatMap: 2...2
    case .all, .exists, .existsOne, .map: 2...3
    case .transformList, .transformMap, .transformMapEntry: 3...4
    case .bind: 3...3
    }
  }

  /// How many of so many arguments are names.
  fileprivate func nameCount(arguments: Int) -> Int {
    switch self {
    case .filter, .sortBy, .map, .bind, .optMap, .optFlatMap: 1
    case .all, .exists, .existsOne: arguments - 1
    case .transformList, .transformMap, .transformMapEntry: 2
    }
  }

  /// The arguments in words.
  fileprivate var arguments: String {
    switch self {
    case .filter, .sortBy, .optMap, .optFlatMap: "a name and one expression"
    case .map: "a name and one or two expressions"
    case .all, .exists, .existsOne: "one or two names and one expression"
    case .transformList, .transformMap, .transformMapEntry: "two names and one or two expressions"
    case .bind: "a name, its value and an expression"
    }
  }

  /// What the first name stands for.
  fileprivate var named: String {
    switch self {
    case .bind, .optMap, .optFlatMap: "the value"
    case .all, .exists, .existsOne, .filter, .map, .transformList, .transformMap,
      .transformMapEntry, .sortBy:
      "the element"
    }
  }

  fileprivate var example: String {
    switch self {
    case .all: "list.all(x, x > 0)"
    case .exists: "list.exists(x, x > 0)"
    case .existsOne: "list.exists_one(x, x > 0)"
    case .filter: "list.filter(x, x > 0)"
    case .map: "list.map(x, x + 1)"
    case .transformList: "map.transformList(key, value, value + 1)"
    case .transformMap: "map.transformMap(key, value, value + 1)"
    case .transformMapEntry: "map.transformMapEntry(key, value, {value: key})"
    case .sortBy: "list.sortBy(x, x.name)"
    case .bind: "cel.bind(x, a + b, x * x)"
    case .optMap: "a.?b.optMap(x, x + 1)"
    case .optFlatMap: "a.?b.optFlatMap(x, x.?c)"
    }
  }
}
