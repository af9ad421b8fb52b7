import OrderedCollections

extension Value {
  /// CEL's `==`: numbers by value whatever their kind, everything else only within its kind.
  ///
  /// Secrets must have been revealed. Costs one step per element compared (CEL spec, "Equality").
  /// Two lists or maps that differ in what is known are different whatever is unknown in them;
  /// throws what they wait for where that decides.
  func isEqual(to other: Value, meter: inout Meter) throws(EvaluationFailure) -> Bool {
    try meter.charge(1)
    switch (self, other) {
    case (.list(let left), .list(let right)):
      guard left.count == right.count else { return false }
      var doubt = EqualityDoubt()
      for (left, right) in zip(left, right) {
        guard try doubt.isEqual(left, right, meter: &meter) ?? true else { return false }
      }
      try doubt.check()
      return true
    case (.map(let left), .map(let right)):
      guard left.count == right.count else { return false }
      var doubt = EqualityDoubt()
      for (key, value) in left.entries {
        guard let counterpart = right[key: key] else { return false }
        guard try doubt.isEqual(value, counterpart, meter: &meter) ?? true else { return false }
      }
      try doubt.check()
      return true
    case (.unknown(let left), .unknown(let right)):
      throw EvaluationFailure(waitingFor: left.union(right))
    case (.unknown(let unknown), _), (_, .unknown(let unknown)):
      throw EvaluationFailure(waitingFor: unknown)
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
    case .null, .bool, .string, .bytes, .list, .map, .timestamp, .duration, .type, .secret,
      .unknown:
      false
    }
  }
}

/// Comparisons of which some are open as long as something is unknown.
struct EqualityDoubt {
  private var unknown: Unknown?

  /// Whether the values are equal; nil where that is open, which is noted.
  mutating func isEqual(
    _ left: Value, _ right: Value, meter: inout Meter
  ) throws(EvaluationFailure) -> Bool? {
    do throws(EvaluationFailure) {
      return try left.isEqual(to: right, meter: &meter)
    } catch {
      guard let other = error.unknown else { throw error }
      if unknown == nil { unknown = other } else { unknown?.formUnion(other) }
      return nil
    }
  }

  /// Throws what the open comparisons wait for, if there are any.
  func check() throws(EvaluationFailure) {
    if let unknown { throw EvaluationFailure(waitingFor: unknown) }
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
    case .null, .bool, .double, .string, .bytes, .list, .map, .timestamp, .duration, .type, .secret,
      .unknown:
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
    case .null, .bool, .int, .string, .bytes, .list, .map, .timestamp, .duration, .type, .secret,
      .unknown:
      return self
    }
  }
}
