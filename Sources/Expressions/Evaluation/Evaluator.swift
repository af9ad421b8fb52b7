import OrderedCollections

/// Walks a tree and works out its value.
struct Evaluator {
  let bindings: Bindings
  var meter: Meter
  /// Whether an optional was made, which the result may hold.
  var madeOptionals = false
  /// The elements that the enclosing macros stand at, innermost last.
  var locals: [Local] = []

  struct Local {
    var name: String
    var value: Value
  }

  /// A failure and the text that is to blame; a class for the same reason as `EvaluationFailure`.
  final class Blame: Error {
    let failure: EvaluationFailure
    let span: SourceSpan

    init(failure: EvaluationFailure, span: SourceSpan) {
      self.failure = failure
      self.span = span
    }
  }

  init(_ bindings: Bindings, limits: EvaluationLimits) {
    self.bindings = bindings
    meter = Meter(limits)
  }

  mutating func value(of node: SyntaxNode) throws(Blame) -> Value {
    try charge(1, at: node)
    switch node.kind {
    case .literal(let value): return value
    case .name(let name): return try value(of: name, at: node)
    case .select(let operand, let field): return try select(field, of: operand, at: node)
    case .has(let operand, let field): return try has(field, in: operand, at: node)
    case .optionalSelect(let operand, let field):
      return try optionalField(field, of: try value(of: operand), at: node)
    case .optionalIndex(let operand, let index):
      return try optionalElement(of: operand, at: index, node: node)
    case .optional(let operand): return try value(of: operand)
    case .index(let operand, let index): return try element(of: operand, at: index, node: node)
    case .call(let call): return try result(of: call, at: node)
    case .unary(let unary, let operand): return try result(of: unary, operand, at: node)
    case .binary(let binary, let left, let right):
      return try result(of: binary, left, right, at: node)
    case .logical(let logical, let operands):
      return try result(of: logical, operands, at: node)
    case .conditional(let condition, let then, let otherwise):
      return try choose(condition, then, otherwise)
    case .list(let elements): return try list(of: elements)
    case .map(let entries): return try map(of: entries)
    case .comprehension(let comprehension): return try result(of: comprehension, at: node)
    }
  }

  mutating func charge(_ steps: Int, at node: SyntaxNode) throws(Blame) {
    do throws(EvaluationFailure) {
      try meter.charge(steps)
    } catch {
      throw Blame(failure: error, span: node.focus)
    }
  }

  mutating func charge(contentsOf value: Value, at node: SyntaxNode) throws(Blame) {
    do throws(EvaluationFailure) {
      try meter.charge(contentsOf: value)
    } catch {
      throw Blame(failure: error, span: node.span)
    }
  }

  private mutating func list(of nodes: [SyntaxNode]) throws(Blame) -> Value {
    var elements: [Value] = []
    var isSecret = false
    var unknowns = UnknownOperands()
    for node in nodes {
      let element: Value
      if case .optional(let optional) = node.kind {
        do throws(Blame) {
          guard let member = try optionalMember(optional, isSecret: &isSecret) else { continue }
          element = member
        } catch {
          try unknowns.add(error)
          continue
        }
      } else {
        element = try elementValue(of: node)
      }
      try charge(contentsOf: element, at: node)
      elements.append(element)
    }
    try unknowns.check()
    return isSecret ? Value.list(elements).hidden : .list(elements)
  }

  private mutating func map(of nodes: [SyntaxNode.MapEntry]) throws(Blame) -> Value {
    var entries: OrderedDictionary<Value, Value> = [:]
    var hasSecretKey = false
    var unknowns = UnknownOperands()
    for node in nodes {
      let key: Value
      do throws(Blame) { key = try value(of: node.key) } catch {
        try unknowns.add(error)
        _ = try elementValue(of: node.value)
        continue
      }
      hasSecretKey = hasSecretKey || key.isSecret
      let element: Value
      if case .optional(let optional) = node.value.kind {
        do throws(Blame) {
          guard let member = try optionalMember(optional, isSecret: &hasSecretKey) else { continue }
          element = member
        } catch {
          try unknowns.add(error)
          continue
        }
      } else {
        element = try elementValue(of: node.value)
      }
      try charge(contentsOf: element, at: node.value)
      let plainKey = key.peeled
      guard plainKey.isMapKey else {
        let failure = EvaluationFailure("\(key.typeName) cannot be the key of a map")
        throw Blame(failure: failure, span: node.key.span)
      }
      guard entries[plainKey] == nil, plainKey.numericTwin.flatMap({ entries[$0] }) == nil else {
        throw Blame(failure: EvaluationFailure("the map has this key twice"), span: node.key.span)
      }
      entries[plainKey] = element
    }
    try unknowns.check()
    let map = Value.map(ValueMap(entries))
    return hasSecretKey ? map.hidden : map
  }
}

extension Value {
  /// What a secret hides, itself otherwise; secrets further inside stay.
  var peeled: Value {
    if case .secret(let secret) = self { secret.reveal() } else { self }
  }

  fileprivate var isMapKey: Bool {
    switch self {
    case .bool, .int, .uint, .string: true
    case .null, .double, .bytes, .list, .map, .timestamp, .duration, .type, .secret, .unknown: false
    }
  }
}
