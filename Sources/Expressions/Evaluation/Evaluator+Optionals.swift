extension Evaluator {
  /// A part of a value or of what an optional holds, as an optional: `part` gives nil where there is none.
  ///
  /// Whether there is a part may be secret, and so is the optional then.
  mutating func optionalPart(
    of container: Value, at node: SyntaxNode,
    _ part: (Value) throws(EvaluationFailure) -> Value?
  ) throws(Blame) -> Value {
    madeOptionals = true
    let result: Value
    switch container.peeled.optionalContent {
    case .nothing?: result = .noValue
    case .value(let value)?: result = try optionalPart(of: value, at: node, part)
    case nil:
      do throws(EvaluationFailure) {
        let found = try part(container.peeled)
        if let unknown = found?.unknown { throw EvaluationFailure(waitingFor: unknown) }
        result = found.map { .optional($0) } ?? .noValue
      } catch {
        throw Blame(failure: container.isSecret ? error.withheld : error, span: node.focus)
      }
    }
    return container.isSecret ? result.hidden(like: [container]) : result
  }

  /// `operand.?field`, and `operand.field` of an optional.
  mutating func optionalField(
    _ field: String, of container: Value, at node: SyntaxNode
  ) throws(Blame) -> Value {
    try optionalPart(of: container, at: node) { value throws(EvaluationFailure) in
      guard case .map(let map) = value else {
        throw EvaluationFailure(
          "\(value.typeName) has no fields",
          hint: OtherFunctions.hint(forField: field, of: value.typeName))
      }
      return map.field(field)
    }
  }

  /// `operand[?index]`, and `operand[index]` of an optional.
  mutating func optionalElement(
    of container: Value, at key: Value, node: SyntaxNode
  ) throws(Blame) -> Value {
    do throws(Blame) {
      let element = try optionalPart(of: container, at: node) { value throws(EvaluationFailure) in
        try value.existingElement(at: key.peeled)
      }
      return key.isSecret ? element.hidden(like: [container, key]) : element
    } catch {
      throw key.isSecret ? Blame(failure: error.failure.withheld, span: error.span) : error
    }
  }

  /// `operand[?index]`.
  mutating func optionalElement(
    of operand: SyntaxNode, at index: SyntaxNode, node: SyntaxNode
  ) throws(Blame) -> Value {
    let container: Value
    do throws(Blame) { container = try value(of: operand) } catch {
      throw failure(error, beside: index)
    }
    return try optionalElement(of: container, at: try value(of: index), node: node)
  }

  /// What `?node` adds to a list or map: nil where the optional holds nothing.
  mutating func optionalMember(
    _ node: SyntaxNode, isSecret: inout Bool
  ) throws(Blame) -> Value? {
    let optional = try value(of: node)
    isSecret = isSecret || optional.isSecret
    switch optional.peeled.optionalContent {
    case .nothing?: return nil
    case .value(let value)?: return value
    case nil:
      let failure = EvaluationFailure(
        "`?` needs an optional, not \(optional.typeName)", hint: "leave out the `?`")
      throw Blame(failure: failure, span: node.span)
    }
  }

  /// `optional.or(other)` and `optional.orValue(other)`; the other is evaluated only where it is needed.
  mutating func fallBack(
    _ function: Function, _ operands: [SyntaxNode], at node: SyntaxNode
  ) throws(Blame) -> Value {
    let optional = try value(of: operands[0])
    let isOptional = function.name == "or"
    switch optional.peeled.optionalContent {
    case .value(let value)?:
      let result = isOptional ? optional.peeled : value
      return optional.isSecret ? result.hidden(like: [optional]) : result
    case .nothing?:
      let other = try value(of: operands[1])
      if isOptional, other.peeled.optionalContent == nil { break }
      return optional.isSecret ? other.hidden(like: [optional, other]) : other
    case nil: break
    }
    throw blame(.noOverload, for: function.name, [optional], at: node)
  }

  /// `optMap`, which makes an optional of the body's value, or `optFlatMap`, whose body gives one.
  mutating func mapOptional(
    _ comprehension: SyntaxNode.Comprehension, at node: SyntaxNode
  ) throws(Blame) -> Value {
    let name = comprehension.macro.rawValue
    let optional = try value(of: comprehension.range)
    let content: Value
    switch optional.peeled.optionalContent {
    case .nothing?: return optional
    case .value(let value)?: content = optional.isSecret ? value.hidden(like: [optional]) : value
    case nil:
      let failure = EvaluationFailure("`\(name)` needs an optional, not \(optional.typeName)")
      throw Blame(failure: failure, span: node.focus)
    }
    locals.append(Local(name: comprehension.variables[0], value: content))
    defer { locals.removeLast() }
    var result = try value(of: comprehension.body)
    if comprehension.macro == .optMap {
      result = .optional(result)
    } else if result.peeled.optionalContent == nil {
      let failure = EvaluationFailure(
        "`\(name)` needs an optional, not \(result.typeName)", hint: "write `optMap`")
      throw Blame(failure: failure, span: comprehension.body.span)
    }
    return optional.isSecret ? result.hidden(like: [optional, result]) : result
  }
}
