extension UnaryOperator {
  func apply(to operand: Value) throws(EvaluationFailure) -> Value {
    switch (self, operand) {
    case (.not, .bool(let flag)): return .bool(!flag)
    case (.negate, .int(let number)):
      let (result, overflow) = (0 as Int64).subtractingReportingOverflow(number)
      return .int(try result.unless(overflow, "int"))
    case (.negate, .double(let number)): return .double(-number)
    default: throw .noOverload
    }
  }
}

extension BinaryOperator {
  /// The result for operands that are not secret.
  ///
  /// Throws `EvaluationFailure.noOverload` when the operands do not fit. Charges for what is read and made.
  func apply(_ left: Value, _ right: Value, meter: inout Meter) throws(EvaluationFailure) -> Value {
    switch self {
    case .equal: .bool(try left.isEqual(to: right, meter: &meter))
    case .notEqual: .bool(try !left.isEqual(to: right, meter: &meter))
    case .less: .bool(try left.order(to: right) == .less)
    case .lessOrEqual: .bool([.less, .same].contains(try left.order(to: right)))
    case .greater: .bool(try left.order(to: right) == .greater)
    case .greaterOrEqual: .bool([.greater, .same].contains(try left.order(to: right)))
    case .within: .bool(try left.isMember(of: right, meter: &meter))
    case .add, .subtract, .multiply, .divide, .remainder:
      try calculate(left, right, meter: &meter)
    }
  }

  private func calculate(
    _ left: Value, _ right: Value, meter: inout Meter
  ) throws(EvaluationFailure) -> Value {
    switch (left, right) {
    case (.int(let left), .int(let right)): .int(try whole(left, right, "int"))
    case (.uint(let left), .uint(let right)): .uint(try whole(left, right, "uint"))
    case (.double(let left), .double(let right)): .double(try floating(left, right))
    case (.string, .string), (.bytes, .bytes), (.list, .list):
      try concatenate(left, right, meter: &meter)
    default: try timeResult(left, right)
    }
  }

  private func whole<Number: FixedWidthInteger>(
    _ left: Number, _ right: Number, _ type: String
  ) throws(EvaluationFailure) -> Number {
    let (result, overflow): (Number, Bool)
    switch self {
    case .add: (result, overflow) = left.addingReportingOverflow(right)
    case .subtract: (result, overflow) = left.subtractingReportingOverflow(right)
    case .multiply: (result, overflow) = left.multipliedReportingOverflow(by: right)
    case .divide:
      guard right != 0 else { throw .divisionByZero }
      (result, overflow) = left.dividedReportingOverflow(by: right)
    case .remainder:
      guard right != 0 else { throw .divisionByZero }
      (result, overflow) = left.remainderReportingOverflow(dividingBy: right)
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .within:
      throw .noOverload
    }
    return try result.unless(overflow, type)
  }

  private func floating(_ left: Double, _ right: Double) throws(EvaluationFailure) -> Double {
    switch self {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    case .remainder, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .within:
      throw .noOverload
    }
  }

  private func concatenate(
    _ left: Value, _ right: Value, meter: inout Meter
  ) throws(EvaluationFailure) -> Value {
    switch (self, left, right) {
    case (.add, .string(let left), .string(let right)):
      try meter.charge(bytes: left.utf8.count + right.utf8.count)
      return .string(left + right)
    case (.add, .bytes(let left), .bytes(let right)):
      try meter.charge(bytes: left.count + right.count)
      return .bytes(left + right)
    case (.add, .list(let left), .list(let right)):
      try meter.charge(left.count + right.count)
      return .list(left + right)
    default: throw .noOverload
    }
  }
}

extension Value {
  /// CEL's `in`: among the elements of a list, or the keys of a map.
  fileprivate func isMember(of container: Value, meter: inout Meter) throws(EvaluationFailure)
    -> Bool
  {
    switch container {
    case .list(let elements):
      var doubt = EqualityDoubt()
      for element in elements {
        if try doubt.isEqual(self, element, meter: &meter) ?? false { return true }
      }
      try doubt.check()
      return false
    case .map(let map):
      guard container.optionalContent == nil else { throw .noOverload }
      return map[key: asLookupKey] != nil
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type, .secret,
      .unknown:
      throw .noOverload
    }
  }
}

extension FixedWidthInteger {
  fileprivate func unless(_ overflow: Bool, _ type: String) throws(EvaluationFailure) -> Self {
    guard !overflow else { throw .outOfRange(type) }
    return self
  }
}
