import OrderedCollections

extension Evaluator {
  mutating func result(
    of comprehension: SyntaxNode.Comprehension, at node: SyntaxNode
  ) throws(Blame) -> Value {
    switch comprehension.macro {
    case .bind: return try bind(comprehension)
    case .optMap, .optFlatMap: return try mapOptional(comprehension, at: node)
    case .all, .exists, .existsOne, .filter, .map, .transformList, .transformMap,
      .transformMapEntry, .sortBy:
      return try result(of: comprehension, over: try value(of: comprehension.range), at: node)
    }
  }

  private mutating func result(
    of comprehension: SyntaxNode.Comprehension, over range: Value, at node: SyntaxNode
  ) throws(Blame) -> Value {
    guard let elements = Elements(of: range, for: comprehension) else {
      let name = comprehension.macro.rawValue
      let kinds = comprehension.macro == .sortBy ? "a list" : "a list or a map"
      let failure = EvaluationFailure("`\(name)` goes over \(kinds), not \(range.typeName)")
      throw Blame(failure: failure, span: node.focus)
    }
    for variable in comprehension.variables { locals.append(Local(name: variable, value: .null)) }
    defer { locals.removeLast(comprehension.variables.count) }
    let result: Value =
      switch comprehension.macro {
      case .all: try decide(comprehension, over: elements, deciding: false)
      case .exists: try decide(comprehension, over: elements, deciding: true)
      case .existsOne: try existsOne(comprehension, over: elements)
      case .filter: try filter(comprehension, over: elements)
      case .map, .transformList: try transform(comprehension, over: elements)
      case .transformMap, .transformMapEntry: try transformMap(comprehension, over: elements)
      case .sortBy: try sort(comprehension, over: elements)
      case .bind, .optMap, .optFlatMap: .null
      }
    return range.isSecret ? result.hidden : result
  }

  /// `cel.bind(name, value, body)`; a value that is unknown may be of no account to the body.
  private mutating func bind(_ binding: SyntaxNode.Comprehension) throws(Blame) -> Value {
    let bound = try elementValue(of: binding.range)
    locals.append(Local(name: binding.variables[0], value: bound))
    defer { locals.removeLast() }
    return try value(of: binding.body)
  }

  private mutating func decide(
    _ comprehension: SyntaxNode.Comprehension, over elements: Elements, deciding: Bool
  ) throws(Blame) -> Value {
    var vote = Vote(deciding: deciding)
    for position in 0..<elements.count {
      stand(at: position, of: elements)
      try take(comprehension.body, into: &vote, for: comprehension.macro.rawValue)
      if vote.isDecided { break }
    }
    return try vote.result()
  }

  private mutating func existsOne(
    _ comprehension: SyntaxNode.Comprehension, over elements: Elements
  ) throws(Blame) -> Value {
    var count = 0
    var isSecret = false
    var unknowns = UnknownOperands()
    for position in 0..<elements.count {
      stand(at: position, of: elements)
      do throws(Blame) {
        if try ask(comprehension.body, for: comprehension.macro, isSecret: &isSecret) { count += 1 }
      } catch {
        try unknowns.add(error)
      }
    }
    try unknowns.check()
    let answer = Value.bool(count == 1)
    return isSecret ? answer.hidden : answer
  }

  private mutating func filter(
    _ comprehension: SyntaxNode.Comprehension, over elements: Elements
  ) throws(Blame) -> Value {
    var kept: [Value] = []
    var isSecret = false
    var unknowns = UnknownOperands()
    for position in 0..<elements.count {
      stand(at: position, of: elements)
      do throws(Blame) {
        if try ask(comprehension.body, for: comprehension.macro, isSecret: &isSecret) {
          kept.append(elements.first(at: position))
        }
      } catch {
        try unknowns.add(error)
      }
    }
    try unknowns.check()
    let result = Value.list(kept)
    return isSecret ? result.hidden : result
  }

  private mutating func transform(
    _ comprehension: SyntaxNode.Comprehension, over elements: Elements
  ) throws(Blame) -> Value {
    var results: [Value] = []
    var isSecret = false
    var unknowns = UnknownOperands()
    for position in 0..<elements.count {
      stand(at: position, of: elements)
      if let condition = comprehension.condition {
        do throws(Blame) {
          guard try ask(condition, for: comprehension.macro, isSecret: &isSecret) else { continue }
        } catch {
          try unknowns.add(error)
          continue
        }
      }
      let result = try elementValue(of: comprehension.body)
      try charge(contentsOf: result, at: comprehension.body)
      results.append(result)
    }
    try unknowns.check()
    let result = Value.list(results)
    return isSecret ? result.hidden : result
  }

  /// Makes an element, or its key and value, what the innermost macro's names stand for.
  mutating func stand(at position: Int, of elements: Elements) {
    if elements.nameCount == 2 {
      locals[locals.count - 2].value = elements.first(at: position)
      locals[locals.count - 1].value = elements.second(at: position)
    } else {
      locals[locals.count - 1].value = elements.first(at: position)
    }
  }

  mutating func ask(
    _ condition: SyntaxNode, for macro: SyntaxNode.Comprehension.Macro, isSecret: inout Bool
  ) throws(Blame) -> Bool {
    let answer = try value(of: condition)
    isSecret = isSecret || answer.isSecret
    guard case .bool(let flag) = answer.peeled else {
      let failure = EvaluationFailure("`\(macro.rawValue)` needs bool, not \(answer.typeName)")
      throw Blame(failure: failure, span: condition.span)
    }
    return flag
  }
}
