import Diagnostics

extension TypeChecker {
  mutating func type(of call: SyntaxNode.Call, at node: SyntaxNode) -> StaticType {
    let resolved = call.resolved { name in
      environment[name] != nil || locals.contains { $0.name == name }
    }
    var types: [StaticType] = []
    for operand in resolved.operands { types.append(type(of: operand)) }
    guard let function = resolved.function else {
      return report(
        .unknownFunction, "unknown function `\(resolved.name)`", at: node.focus,
        hint: OtherFunctions.hint(for: resolved.name)
          ?? didYouMean(resolved.name, among: Function.names),
        replacement: OtherFunctions.hint(for: resolved.name) == nil
          ? nearestName(to: resolved.name, among: Function.names) : nil)
    }
    guard function.accepts(count: types.count, style: resolved.style) else {
      return report(
        .wrongArguments, "`\(function.name)` is not called this way", at: node.focus,
        hint: function.usage)
    }
    let fitting = function.overloads.filter { $0.style == resolved.style }
    guard let result = Self.result(of: fitting, for: types) else {
      return report(
        .wrongType, Self.mismatch(function.name, types), at: node.focus,
        hint: OtherFunctions.hint(for: function.name, on: types.map(\.description))
          ?? function.usage)
    }
    if function.name == "matches", let pattern = resolved.operands.last { check(pattern: pattern) }
    return result
  }

  /// Reads a pattern that is written out, so that what is wrong with it is known early.
  private mutating func check(pattern node: SyntaxNode) {
    guard case .literal(.string(let text)) = node.kind else { return }
    do throws(EvaluationFailure) {
      _ = try Pattern(text)
    } catch {
      _ = report(.invalidPattern, error.message, at: node.span, hint: error.hint)
    }
  }

  mutating func type(
    of comprehension: SyntaxNode.Comprehension, at node: SyntaxNode
  ) -> StaticType {
    let range = type(of: comprehension.range)
    let name = "`\(comprehension.macro.rawValue)`"
    let element: StaticType
    switch range {
    case .dyn: element = .dyn
    case .list(let type): element = type
    case .map(let key, _): element = key
    case .object: element = .string
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .attribute, .unavailable:
      element = report(
        .wrongType, "\(name) goes over a list or a map, not \(range)", at: node.focus)
    }
    locals.append(Local(name: comprehension.variable, type: element))
    defer { locals.removeLast() }
    if let condition = comprehension.condition { expectBool(condition, for: name) }
    switch comprehension.macro {
    case .map: return .list(type(of: comprehension.body))
    case .filter:
      expectBool(comprehension.body, for: name)
      return .list(element)
    case .all, .exists, .existsOne:
      expectBool(comprehension.body, for: name)
      return .bool
    }
  }

  /// The result of the overloads that `types` may be meant for; nil when there are none.
  static func result(of overloads: [Overload], for types: [StaticType]) -> StaticType? {
    let fitting = overloads.filter { overload in
      overload.parameters.count == types.count
        && zip(overload.parameters, types).allSatisfy { $0.accepts($1) }
    }
    return fitting.isEmpty ? nil : StaticType(joining: fitting.map(\.result))
  }

  static func mismatch(_ name: String, _ types: [StaticType]) -> String {
    "`\(name)` does not work on \(types.map(\.description).joined(separator: " and "))"
  }
}
