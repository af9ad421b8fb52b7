import OrderedCollections

extension Value {
  /// CEL's `==`: numbers by value whatever their kind, everything else only within its kind.
  ///
  /// Secrets must have been revealed. Costs one step per element compared (CEL spec, "Equality").
  func isEqual(to other: Value, meter: inout Meter) throws(EvaluationFailure) -> Bool {
    try meter.charge(1)
    switch (self, other) {
    case (.list(let left), .list(let right)):
      guard left.count == right.count else { return false }
      for (left, right) in zip(left, right) {
        guard try left.isEqual(to: right, meter: &meter) else { return false }
      }
      return true
    case (.map(let left), .map(let right)):
      guard left.count == right.count else { return false }
      for (key, value) in left.entries {
        guard let counterpart = right[key: key] else { return false }
        guard try value.isEqual(to: counterpart, meter: &meter) else { return false }
      }
      return true
    case (.string(let left), .string(let right)):
      try meter.charge(bytes: min(left.utf8.count, right.utf8.count))
      return left.hasSameScalars(as: right)
    case (.bytes(let left), .bytes(let right)):
      try meter.charge(bytes: min(left.count, right.count))
      return left == right
    default:
      return isNumber && other.isNumber ? isSameNumber(as: other) : self == other
    }
  }

  /// Equality of two numbers by their exact values: no integer is rounded to a double, so that two
  /// identifiers never become one.
  private func isSameNumber(as other: Value) -> Bool {
    switch (self, other) {
    case (.int(let int), .double(let double)), (.double(let double), .int(let int)):
      Int64(exactly: double) == int
    case (.uint(let uint), .double(let double)), (.double(let double), .uint(let uint)):
      UInt64(exactly: double) == uint
    // NaN is the one number without an order, and equals nothing.
    case _: numericOrder(to: other) == .same
    }
  }

  var isNumber: Bool {
    switch self {
    case .int, .uint, .double: true
    case .null, .bool, .string, .bytes, .list, .map, .timestamp, .duration, .type, .secret: false
    }
  }
}

extension ValueMap {
  /// The value under `key`, a number standing for every number of its value.
  subscript(key key: Value) -> Value? {
    if let value = entries[key] { return value }
    return key.numericTwin.flatMap { entries[$0] }
  }
}

extension Value {
  /// The other map key that is the same number: `1` for `1u`, and the reverse.
  var numericTwin: Value? {
    switch self {
    case .int(let number): UInt64(exactly: number).map { .uint($0) }
    case .uint(let number): Int64(exactly: number).map { .int($0) }
    case .null, .bool, .double, .string, .bytes, .list, .map, .timestamp, .duration, .type, .secret:
      nil
    }
  }

  /// The value as it is looked up in a list or map: an integer is an int if it fits, else a
  /// uint.
  var asLookupKey: Value {
    switch self {
    case .double(let number):
      if let int = Int64(exactly: number) { return .int(int) }
      return UInt64(exactly: number).map { .uint($0) } ?? self
    case .uint(let number): return Int64(exactly: number).map { .int($0) } ?? self
    case .null, .bool, .int, .string, .bytes, .list, .map, .timestamp, .duration, .type, .secret:
      return self
    }
  }
}
