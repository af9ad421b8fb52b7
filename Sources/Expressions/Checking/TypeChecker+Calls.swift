import Diagnostics

extension TypeChecker {
  mutating func type(of call: SyntaxNode.Call, at node: SyntaxNode) -> StaticType {
    let resolved = call.resolved { name in
      environment[name] != nil || locals.contains { $0.name == name }
    }
    var types: [StaticType] = []
    var written: [StaticType] = []
    for operand in resolved.operands {
      // What is written out for a format is compared with it one by one.
      if resolved.name == "format", case .list(let values) = operand.kind {
        for value in values { written.append(type(of: value)) }
        types.append(.list(StaticType(joining: written)))
      } else {
        types.append(type(of: operand))
      }
    }
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
    guard let overloaded = Self.result(of: fitting, for: types),
      let result = function.typing.map({ $0(types) }) ?? overloaded
    else {
      return report(
        .wrongType, Self.mismatch(function.name, types), at: node.focus,
        hint: OtherFunctions.hint(for: function.name, on: types.map(\.description))
          ?? function.usage)
    }
    if function.name == "matches", let pattern = resolved.operands.last { check(pattern: pattern) }
    if Function.zoned.contains(function.name), resolved.operands.count == 2 {
      check(zone: resolved.operands[1])
    }
    if function.name == "format" { checkFormat(resolved.operands, written) }
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

  /// Looks up a time zone that is written out, so that one of which there is none is known early.
  private mutating func check(zone node: SyntaxNode) {
    guard case .literal(.string(let name)) = node.kind, ZoneOffset(parsing: name) == nil,
      environment.zones?.offset(of: name) == nil
    else { return }
    _ = report(
      .unknownTimezone, "there is no time zone `\(name)`", at: node.span,
      hint: environment.zones.flatMap { didYouMean(name, among: $0.names) }
        ?? NamedZones.hint(among: environment.zones))
  }

  /// The result of the overloads that `types` may be meant for; nil when there are none.
  static func result(of overloads: [Overload], for types: [StaticType]) -> StaticType? {
    let fitting = overloads.filter { overload in
      guard let parameters = overload.parameters(count: types.count) else { return false }
      return zip(parameters, types).allSatisfy { $0.accepts($1) }
    }
    return fitting.isEmpty ? nil : StaticType(joining: fitting.map(\.result))
  }

  static func mismatch(_ name: String, _ types: [StaticType]) -> String {
    "`\(name)` does not work on \(types.map(\.description).joined(separator: " and "))"
  }
}
