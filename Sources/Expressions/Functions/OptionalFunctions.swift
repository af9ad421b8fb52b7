extension Function {
  /// The functions of CEL's optional types; `or` and `orValue` evaluate their argument only where it is
  /// needed (`Evaluator.fallBack`), and `optMap` and `optFlatMap` are macros.
  static let optionals: [Function] = making + reading + ofLists

  private static let any = StaticType.optional(.dyn)

  private static let making: [Function] = [
    Function("optional.of", [.global(.dyn, result: any)], typing: wrappedType) {
      operands, _ throws(EvaluationFailure) in
      .optional(operands[0])
    },
    Function("optional.ofNonZeroValue", [.global(.dyn, result: any)], typing: wrappedType) {
      operands, _ throws(EvaluationFailure) in
      operands[0].isZero ? .noValue : .optional(operands[0])
    },
    Function("optional.none", [.global(result: any)]) { _, _ throws(EvaluationFailure) in .noValue
    },
  ]

  private static let reading: [Function] = [
    Function("hasValue", [.member(any, result: .bool)]) { operands, _ throws(EvaluationFailure) in
      .bool(try operands.content(0) != nil)
    },
    Function("value", [.member(any, result: .dyn)], typing: contentType) {
      operands, _ throws(EvaluationFailure) in
      guard let value = try operands.content(0) else {
        throw EvaluationFailure(
          "the optional has no value", hint: "give another value for it: `.orValue(…)`")
      }
      return value
    },
    Function("or", [.member(any, any, result: any)], typing: joinedType) {
      operands, _ throws(EvaluationFailure) in
      try operands.content(0) == nil ? operands[1] : operands[0]
    },
    Function("orValue", [.member(any, .dyn, result: .dyn)], typing: joinedContentType) {
      operands, _ throws(EvaluationFailure) in
      try operands.content(0) ?? operands[1]
    },
  ]

  private static let ofLists: [Function] = [
    Function("first", [.member(.list(.dyn), result: any)], typing: elementType) {
      operands, _ throws(EvaluationFailure) in
      try optional(try operands.list(0).first)
    },
    Function("last", [.member(.list(.dyn), result: any)], typing: elementType) {
      operands, _ throws(EvaluationFailure) in
      try optional(try operands.list(0).last)
    },
    Function("optional.unwrap", [.global(.list(any), result: .list(.dyn))], typing: unwrappedType) {
      operands, meter throws(EvaluationFailure) in try unwrap(operands, &meter)
    },
    Function("unwrapOpt", [.member(.list(any), result: .list(.dyn))], typing: unwrappedType) {
      operands, meter throws(EvaluationFailure) in try unwrap(operands, &meter)
    },
  ]

  private static func optional(_ element: Value?) throws(EvaluationFailure) -> Value {
    if let unknown = element?.unknown { throw EvaluationFailure(waitingFor: unknown) }
    return element.map { .optional($0) } ?? .noValue
  }

  /// What the optionals of a list hold; whether one holds something may depend on a secret.
  private static func unwrap(
    _ operands: Operands, _ meter: inout Meter
  ) throws(EvaluationFailure) -> Value {
    var values: [Value] = []
    var isSecret = false
    for element in try operands.list(0) {
      try meter.charge(1)
      if let unknown = element.unknown { throw EvaluationFailure(waitingFor: unknown) }
      isSecret = isSecret || element.isSecret
      switch element.peeled.optionalContent {
      case .nothing?: break
      case .value(let value)?: values.append(value)
      case nil:
        throw EvaluationFailure(
          "a list of optionals is unwrapped, but an element is \(element.typeName)")
      }
    }
    return isSecret ? .list(values).hidden : .list(values)
  }
}

/// Types of results.
extension Function {
  @Sendable private static func wrappedType(_ types: [StaticType]) -> StaticType? {
    .optional(types[0])
  }

  @Sendable private static func contentType(_ types: [StaticType]) -> StaticType? {
    types[0].optionalContent ?? .dyn
  }

  @Sendable private static func joinedType(_ types: [StaticType]) -> StaticType? {
    .optional(StaticType(joining: types.map { $0.optionalContent ?? .dyn }))
  }

  @Sendable private static func joinedContentType(_ types: [StaticType]) -> StaticType? {
    // Nothing is known of what `optional.none()` would hold.
    guard let content = types[0].optionalContent else { return .dyn }
    return content.joined(with: types[1])
  }

  @Sendable private static func elementType(_ types: [StaticType]) -> StaticType? {
    guard case .list(let element) = types[0] else { return any }
    return .optional(element)
  }

  @Sendable private static func unwrappedType(_ types: [StaticType]) -> StaticType? {
    guard case .list(let element) = types[0] else { return .list(.dyn) }
    return .list(element.optionalContent ?? .dyn)
  }
}

extension Operands {
  /// What an optional holds, or nil.
  fileprivate func content(_ position: Int) throws(EvaluationFailure) -> Value? {
    switch values[position].optionalContent {
    case .nothing?: nil
    case .value(let value)?: value
    case nil: throw .noOverload
    }
  }
}
