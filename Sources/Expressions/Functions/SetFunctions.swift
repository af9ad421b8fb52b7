import OrderedCollections

extension Function {
  /// The functions of CEL's sets extension: lists whose order and repetitions do not count.
  static let sets: [Function] = [
    comparison("sets.contains") { $1.isSubset(of: $0) },
    comparison("sets.equivalent") { $0 == $1 },
    comparison("sets.intersects") { !$0.isDisjoint(with: $1) },
  ]

  private static func comparison(
    _ name: String,
    _ body: @escaping @Sendable (Set<ValueSet.Member>, Set<ValueSet.Member>) -> Bool
  ) -> Function {
    Function(name, [.global(.list(.dyn), .list(.dyn), result: .bool)], readsElements: true) {
      operands, meter throws(EvaluationFailure) in
      var sets = (ValueSet(number: 0), ValueSet(number: 1))
      for element in try operands.list(0) { _ = try sets.0.insert(element, meter: &meter) }
      for element in try operands.list(1) { _ = try sets.1.insert(element, meter: &meter) }
      return .bool(body(sets.0.members, sets.1.members))
    }
  }
}

/// Values of which no two are equal in an expression.
struct ValueSet {
  /// A value in a form that is equal in Swift where the values are equal in an expression.
  ///
  /// The whole of it is hashed, so that a list of many maps with the same keys is no slow one.
  enum Member: Hashable {
    case scalar(Value)
    case list([Member])
    case map([Value: Member])
    /// Something with a NaN in it equals nothing, not even itself: the number of its set, and its own.
    case unequal(Int, Int)
  }

  private(set) var members: Set<Member> = []
  private let number: Int
  private var unequalCount = 0

  /// An empty set; sets that are compared have different numbers.
  init(number: Int = 0) {
    self.number = number
  }

  /// Adds a value that is neither secret nor unknown; false when it is in the set already.
  ///
  /// Charges for what is read.
  mutating func insert(_ value: Value, meter: inout Meter) throws(EvaluationFailure) -> Bool {
    try meter.charge(contentsOf: value)
    return members.insert(member(value) ?? unequal()).inserted
  }

  private mutating func unequal() -> Member {
    unequalCount += 1
    return .unequal(number, unequalCount)
  }

  /// Nil for what equals nothing.
  private func member(_ value: Value) -> Member? {
    switch value {
    case .double(let number) where number.isNaN: return nil
    case .list(let elements):
      var members: [Member] = []
      for element in elements {
        guard let member = member(element) else { return nil }
        members.append(member)
      }
      return .list(members)
    case .map(let map):
      var members: [Value: Member] = [:]
      for (key, element) in map.entries {
        guard let member = member(element) else { return nil }
        members[key.asLookupKey] = member
      }
      return .map(members)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .secret, .unknown:
      return .scalar(value.asLookupKey)
    }
  }
}
