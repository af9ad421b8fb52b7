import Diagnostics

extension TypeChecker {
  mutating func type(
    of comprehension: SyntaxNode.Comprehension, at node: SyntaxNode
  ) -> StaticType {
    let range = type(of: comprehension.range)
    let bound = names(for: comprehension, over: range, at: node)
    for (name, type) in zip(comprehension.variables, bound) {
      locals.append(Local(name: name, type: type))
    }
    defer { locals.removeLast(comprehension.variables.count) }
    let name = "`\(comprehension.macro.rawValue)`"
    if let condition = comprehension.condition { expectBool(condition, for: name) }
    let body = comprehension.body
    switch comprehension.macro {
    case .map, .transformList: return .list(type(of: body))
    case .transformMap: return .map(key: bound[0], value: type(of: body))
    case .transformMapEntry:
      let entry = type(of: body)
      if let types = entry.mapTypes { return .map(key: types.key, value: types.value) }
      if entry != .dyn {
        _ = report(
          .wrongType, "\(name) needs a map, not \(entry)", at: body.span,
          hint: "write `{key: value}`")
      }
      return .map(key: .dyn, value: .dyn)
    case .sortBy:
      let key = type(of: body)
      if !key.mayBeSortKey {
        _ = report(
          .wrongType, "\(name) needs values that have an order, not \(key)", at: body.span)
      }
      return .list(bound[0])
    case .filter:
      expectBool(body, for: name)
      return .list(bound[0])
    case .all, .exists, .existsOne:
      expectBool(body, for: name)
      return .bool
    case .bind: return type(of: body)
    case .optMap: return .optional(type(of: body))
    case .optFlatMap:
      let optional = type(of: body)
      guard optional.optionalContent == nil, optional != .dyn else { return optional }
      return report(
        .wrongType, "\(name) needs an optional, not \(optional)", at: body.span,
        hint: "write `optMap`")
    }
  }

  /// The types of what the macro's names stand for, as many as it has.
  private mutating func names(
    for comprehension: SyntaxNode.Comprehension, over range: StaticType, at node: SyntaxNode
  ) -> [StaticType] {
    let isPair = comprehension.variables.count == 2
    switch comprehension.macro {
    case .bind: return [range]
    case .optMap, .optFlatMap:
      guard range != .dyn else { return [.dyn] }
      let name = "`\(comprehension.macro.rawValue)`"
      return [
        range.optionalContent
          ?? report(.wrongType, "\(name) needs an optional, not \(range)", at: node.focus)
      ]
    case .all, .exists, .existsOne, .filter, .map, .transformList, .transformMap,
      .transformMapEntry, .sortBy:
      break
    }
    switch range {
    case .dyn: return isPair ? [.dyn, .dyn] : [.dyn]
    case .list(let element): return isPair ? [.int, element] : [element]
    case .map, .object:
      guard comprehension.macro != .sortBy, let types = range.mapTypes else { break }
      return isPair ? [types.key, types.value] : [types.key]
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .attribute, .unavailable:
      break
    }
    let kinds = comprehension.macro == .sortBy ? "a list" : "a list or a map"
    let element = report(
      .wrongType, "`\(comprehension.macro.rawValue)` goes over \(kinds), not \(range)",
      at: node.focus)
    return isPair ? [element, element] : [element]
  }
}
