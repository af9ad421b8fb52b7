import OrderedCollections

extension Evaluator {
  mutating func result(
    of comprehension: SyntaxNode.Comprehension, at node: SyntaxNode
  ) throws(Blame) -> Value {
    let range = try value(of: comprehension.range)
    let elements: [Value]
    switch range.peeled {
    case .list(let list): elements = list
    case .map(let map): elements = Array(map.entries.keys)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type, .secret,
      .unknown:
      let name = comprehension.macro.rawValue
      let failure = EvaluationFailure("`\(name)` goes over a list or a map, not \(range.typeName)")
      throw Blame(failure: failure, span: node.focus)
    }
    let shown = range.isSecret ? elements.map(\.hidden) : elements
    locals.append(Local(name: comprehension.variable, value: .null))
    defer { locals.removeLast() }
    let result: Value =
      switch comprehension.macro {
      case .all: try decide(comprehension, over: shown, deciding: false)
      case .exists: try decide(comprehension, over: shown, deciding: true)
      case .existsOne: try existsOne(comprehension, over: shown)
      case .filter: try filter(comprehension, over: shown)
      case .map: try transform(comprehension, over: shown)
      }
    return range.isSecret ? result.hidden : result
  }

  private mutating func decide(
    _ comprehension: SyntaxNode.Comprehension, over elements: [Value], deciding: Bool
  ) throws(Blame) -> Value {
    var vote = Vote(deciding: deciding)
    for element in elements {
      stand(at: element)
      try take(comprehension.body, into: &vote, for: comprehension.macro.rawValue)
      if vote.isDecided { break }
    }
    return try vote.result()
  }

  private mutating func existsOne(
    _ comprehension: SyntaxNode.Comprehension, over elements: [Value]
  ) throws(Blame) -> Value {
    var count = 0
    var isSecret = false
    var unknowns = UnknownOperands()
    for element in elements {
      stand(at: element)
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
    _ comprehension: SyntaxNode.Comprehension, over elements: [Value]
  ) throws(Blame) -> Value {
    var kept: [Value] = []
    var isSecret = false
    var unknowns = UnknownOperands()
    for element in elements {
      stand(at: element)
      do throws(Blame) {
        if try ask(comprehension.body, for: comprehension.macro, isSecret: &isSecret) {
          kept.append(element)
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
    _ comprehension: SyntaxNode.Comprehension, over elements: [Value]
  ) throws(Blame) -> Value {
    var results: [Value] = []
    var isSecret = false
    var unknowns = UnknownOperands()
    for element in elements {
      stand(at: element)
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

  /// Makes `element` what the innermost macro's name stands for.
  private mutating func stand(at element: Value) {
    locals[locals.count - 1].value = element
  }

  private mutating func ask(
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
