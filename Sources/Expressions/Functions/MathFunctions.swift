extension Function {
  /// The functions of CEL's math extension.
  static let math: [Function] = extremes + rounding + signs + bits

  private static let extremes: [Function] = [
    extreme("math.greatest", .greater), extreme("math.least", .less),
  ]

  /// The operand, or the element of the only list, that stands to all others as `wanted`; the first of equals.
  private static func extreme(_ name: String, _ wanted: ValueOrder) -> Function {
    Function(
      name, [.repeating(.dyn, result: .dyn)], readsElements: true,
      typing: extremeType
    ) { operands, meter throws(EvaluationFailure) in
      var numbers = operands.values
      if operands.count == 1, case .list(let elements) = operands[0] { numbers = elements }
      guard var found = numbers.first else {
        throw EvaluationFailure("`\(name)` needs at least one number, but the list is empty")
      }
      for number in numbers {
        try meter.charge(1)
        guard number.isNumber, found.isNumber else { throw .noOverload }
        guard let order = number.numericOrder(to: found) else {
          throw EvaluationFailure("`\(name)` has no result: NaN is not ordered")
        }
        if order == wanted { found = number }
      }
      return found
    }
  }

  @Sendable private static func extremeType(_ types: [StaticType]) -> StaticType? {
    var numbers = types
    if types.count == 1, case .list(let element) = types[0] { numbers = [element] }
    guard numbers.allSatisfy({ [.int, .uint, .double, .dyn].contains($0) }) else { return nil }
    return StaticType(joining: numbers)
  }

  private static let rounding: [Function] = [
    ofDouble("math.ceil") { .double($0.rounded(.up)) },
    ofDouble("math.floor") { .double($0.rounded(.down)) },
    ofDouble("math.round") { .double($0.rounded(.toNearestOrAwayFromZero)) },
    ofDouble("math.trunc") { .double($0.rounded(.towardZero)) },
    ofDouble("math.isInf", result: .bool) { .bool($0.isInfinite) },
    ofDouble("math.isNaN", result: .bool) { .bool($0.isNaN) },
    ofDouble("math.isFinite", result: .bool) { .bool($0.isFinite) },
  ]

  private static func ofDouble(
    _ name: String, result: StaticType = .double, _ body: @escaping @Sendable (Double) -> Value
  ) -> Function {
    Function(name, [.global(.double, result: result)]) { operands, _ throws(EvaluationFailure) in
      body(try operands.double(0))
    }
  }

  private static let signs: [Function] = [
    Function("math.abs", onNumber) { operands, _ throws(EvaluationFailure) in
      switch operands[0] {
      case .int(.min): throw .outOfRange("int")
      case .int(let number): .int(abs(number))
      case .double(let number): .double(abs(number))
      default: operands[0]
      }
    },
    Function("math.sign", onNumber) { operands, _ throws(EvaluationFailure) in
      switch operands[0] {
      case .int(let number): .int(number.signum())
      case .uint(let number): .uint(number.signum())
      case .double(let number) where number > 0: 1.0
      case .double(let number) where number < 0: -1.0
      case .double(let number): .double(number.isNaN ? number : 0)
      default: throw .noOverload
      }
    },
    Function("math.sqrt", onNumber.map { .global($0.parameters[0], result: .double) }) {
      operands, _ throws(EvaluationFailure) in
      switch operands[0] {
      case .int(let number): .double(Double(number).squareRoot())
      case .uint(let number): .double(Double(number).squareRoot())
      case .double(let number): .double(number.squareRoot())
      default: throw .noOverload
      }
    },
  ]

  private static let onNumber: [Overload] = [
    .global(.int, result: .int), .global(.uint, result: .uint), .global(.double, result: .double),
  ]
}

extension Function {
  private static let bits: [Function] = [
    ofBits("math.bitAnd") { $0 & $1 }, ofBits("math.bitOr") { $0 | $1 },
    ofBits("math.bitXor") { $0 ^ $1 },
    Function("math.bitNot", [.global(.int, result: .int), .global(.uint, result: .uint)]) {
      operands, _ throws(EvaluationFailure) in
      switch operands[0] {
      case .int(let number): .int(~number)
      case .uint(let number): .uint(~number)
      default: throw .noOverload
      }
    },
    // An int is shifted as the bits it consists of: its sign moves like any other bit.
    shift("math.bitShiftLeft") { $0 << $1 }, shift("math.bitShiftRight") { $0 >> $1 },
  ]

  private static func ofBits(
    _ name: String, _ combine: @escaping @Sendable (UInt64, UInt64) -> UInt64
  ) -> Function {
    Function(name, [.global(.int, .int, result: .int), .global(.uint, .uint, result: .uint)]) {
      operands, _ throws(EvaluationFailure) in
      switch (operands[0], operands[1]) {
      case (.int(let left), .int(let right)):
        .int(Int64(bitPattern: combine(UInt64(bitPattern: left), UInt64(bitPattern: right))))
      case (.uint(let left), .uint(let right)): .uint(combine(left, right))
      default: throw .noOverload
      }
    }
  }

  private static func shift(
    _ name: String, _ shifted: @escaping @Sendable (UInt64, Int) -> UInt64
  ) -> Function {
    Function(name, [.global(.int, .int, result: .int), .global(.uint, .int, result: .uint)]) {
      operands, _ throws(EvaluationFailure) in
      let distance = try operands.int(1)
      guard distance >= 0 else { throw EvaluationFailure("bits are shifted by 0 or more places") }
      switch operands[0] {
      case .int(let number):
        return .int(Int64(bitPattern: shifted(UInt64(bitPattern: number), distance)))
      case .uint(let number): return .uint(shifted(number, distance))
      default: throw .noOverload
      }
    }
  }
}
