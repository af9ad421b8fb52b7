import OrderedCollections

extension Evaluator {
  /// `transformMap`, which keeps the keys, or `transformMapEntry`, whose body gives maps to be joined.
  mutating func transformMap(
    _ comprehension: SyntaxNode.Comprehension, over elements: Elements
  ) throws(Blame) -> Value {
    var results: OrderedDictionary<Value, Value> = [:]
    var isSecret = false
    var unknowns = UnknownOperands()
    for position in 0..<elements.count {
      stand(at: position, of: elements)
      do throws(Blame) {
        if let condition = comprehension.condition {
          guard try ask(condition, for: comprehension.macro, isSecret: &isSecret) else { continue }
        }
        if comprehension.macro == .transformMapEntry {
          try join(try value(of: comprehension.body), into: &results, &isSecret, comprehension.body)
        } else {
          let result = try elementValue(of: comprehension.body)
          try charge(contentsOf: result, at: comprehension.body)
          results[elements.first(at: position).peeled] = result
        }
      } catch {
        try unknowns.add(error)
      }
    }
    try unknowns.check()
    let result = Value.map(ValueMap(results))
    return isSecret ? result.hidden : result
  }

  private mutating func join(
    _ entries: Value, into results: inout OrderedDictionary<Value, Value>, _ isSecret: inout Bool,
    _ node: SyntaxNode
  ) throws(Blame) {
    guard case .map(let map) = entries.peeled, entries.peeled.optionalContent == nil else {
      let failure = EvaluationFailure(
        "`transformMapEntry` needs a map, not \(entries.typeName)", hint: "write `{key: value}`")
      throw Blame(failure: failure, span: node.span)
    }
    isSecret = isSecret || entries.isSecret
    try charge(contentsOf: entries, at: node)
    for (key, value) in map.entries {
      guard results[key] == nil, key.numericTwin.flatMap({ results[$0] }) == nil else {
        throw Blame(failure: EvaluationFailure("the map has this key twice"), span: node.span)
      }
      results[key] = value
    }
  }

  /// `sortBy`: the elements in the order of what the body makes of each.
  mutating func sort(
    _ comprehension: SyntaxNode.Comprehension, over elements: Elements
  ) throws(Blame) -> Value {
    var sorted: [Value] = []
    var keys: [Value] = []
    var isSecret = false
    var unknowns = UnknownOperands()
    for position in 0..<elements.count {
      stand(at: position, of: elements)
      sorted.append(elements.first(at: position))
      do throws(Blame) {
        let key = try value(of: comprehension.body)
        isSecret = isSecret || key.holdsSecret
        keys.append(key.peeled)
      } catch {
        try unknowns.add(error)
      }
    }
    try unknowns.check()
    do throws(EvaluationFailure) {
      let keys = try SortKeys(keys, for: comprehension.macro.rawValue)
      let result = Value.list(try keys.sorted(sorted, meter: &meter))
      return isSecret ? result.hidden : result
    } catch {
      throw Blame(failure: error, span: comprehension.body.span)
    }
  }
}
