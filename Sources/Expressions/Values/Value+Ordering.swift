/// How two values stand to each other.
enum ValueOrder: Hashable {
  case less, same, greater
}

extension Value {
  /// Whether this comes before `other` under `<`; nil where the two have no order, as with a NaN.
  package func precedes(_ other: Value) -> Bool? {
    do throws(EvaluationFailure) {
      return try order(to: other).map { $0 == .less }
    } catch {
      return nil
    }
  }

  /// How this stands to `other` under `<`; nil with a NaN.
  ///
  /// Numbers compare across kinds; text by Unicode scalars, bytes by bytes (CEL spec, "Ordering").
  /// Throws `EvaluationFailure.noOverload` where there is no order.
  func order(to other: Value) throws(EvaluationFailure) -> ValueOrder? {
    switch (self, other) {
    case (.bool(let left), .bool(let right)): ValueOrder(left ? 1 : 0, right ? 1 : 0)
    case (.string(let left), .string(let right)): ValueOrder(left.utf8, right.utf8)
    case (.bytes(let left), .bytes(let right)): ValueOrder(left, right)
    case (.timestamp(let left), .timestamp(let right)):
      left.seconds == right.seconds
        ? ValueOrder(left.nanoseconds, right.nanoseconds) : ValueOrder(left.seconds, right.seconds)
    case (.duration(let left), .duration(let right)): ValueOrder(left, right)
    case _ where isNumber && other.isNumber: numericOrder(to: other)
    default: throw .noOverload
    }
  }

  /// The order of two numbers; an int or uint beside a double is rounded to a double first.
  func numericOrder(to other: Value) -> ValueOrder? {
    switch (self, other) {
    case (.int(let left), .int(let right)): return ValueOrder(left, right)
    case (.uint(let left), .uint(let right)): return ValueOrder(left, right)
    case (.int(let left), .uint(let right)):
      return left < 0 ? .less : ValueOrder(UInt64(left), right)
    case (.uint(let left), .int(let right)):
      return right < 0 ? .greater : ValueOrder(left, UInt64(right))
    default:
      guard let left = asDouble, let right = other.asDouble, !left.isNaN, !right.isNaN else {
        return nil
      }
      return ValueOrder(left, right)
    }
  }

  private var asDouble: Double? {
    switch self {
    case .int(let number): Double(number)
    case .uint(let number): Double(number)
    case .double(let number): number
    case .null, .bool, .string, .bytes, .list, .map, .timestamp, .duration, .type, .secret,
      .unknown:
      nil
    }
  }
}

extension ValueOrder {
  fileprivate init<T: Comparable>(_ left: T, _ right: T) {
    self = left < right ? .less : left == right ? .same : .greater
  }

  fileprivate init(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) {
    if left.lexicographicallyPrecedes(right) {
      self = .less
    } else {
      self = right.lexicographicallyPrecedes(left) ? .greater : .same
    }
  }
}
