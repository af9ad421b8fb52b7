extension Function {
  /// The functions of CEL's lists extension; `sortBy` is a macro.
  static let lists: [Function] = [
    Function("lists.range", [.global(.int, result: .list(.int))]) {
      operands, meter throws(EvaluationFailure) in
      let count = max(0, try operands.int(0))
      try meter.charge(count)
      return .list((0..<count).map { .int(Int64($0)) })
    },
    Function(
      "distinct", [.member(.list(.dyn), result: .list(.dyn))], readsElements: true,
      typing: typeOfFirst
    ) { operands, meter throws(EvaluationFailure) in
      var seen = ValueSet()
      var kept: [Value] = []
      for element in try operands.list(0) where try seen.insert(element, meter: &meter) {
        kept.append(element)
      }
      return .list(kept)
    },
    Function(
      "flatten",
      [
        .member(.list(.dyn), result: .list(.dyn)), .member(.list(.dyn), .int, result: .list(.dyn)),
      ], readsElements: true, typing: flattenedType
    ) { operands, meter throws(EvaluationFailure) in
      let depth = operands.count == 2 ? try operands.int(1) : 1
      guard depth >= 0 else { throw EvaluationFailure("a list is flattened by 0 or more levels") }
      var flat: [Value] = []
      try flatten(try operands.list(0), depth: depth, into: &flat, meter: &meter)
      return .list(flat)
    },
    Function(
      "slice", [.member(.list(.dyn), .int, .int, result: .list(.dyn))], typing: typeOfFirst
    ) { operands, meter throws(EvaluationFailure) in
      let elements = try operands.list(0)
      let (start, end) = (try operands.int(1), try operands.int(2))
      guard start >= 0, start <= end, end <= elements.count else {
        throw EvaluationFailure(
          "the slice is outside the list",
          detail: "from \(start) to \(end) in a list of \(elements.count)")
      }
      try meter.charge(end - start)
      return .list(Array(elements[start..<end]))
    },
    Function(
      "sort", [.member(.list(.dyn), result: .list(.dyn))], readsElements: true, typing: sortedType
    ) { operands, meter throws(EvaluationFailure) in
      let elements = try operands.list(0)
      return .list(try SortKeys(elements, for: "sort").sorted(elements, meter: &meter))
    },
  ]

  private static func flatten(
    _ elements: [Value], depth: Int, into flat: inout [Value], meter: inout Meter
  ) throws(EvaluationFailure) {
    for element in elements {
      try meter.charge(1)
      if depth > 0, case .list(let inner) = element {
        try flatten(inner, depth: depth - 1, into: &flat, meter: &meter)
      } else {
        flat.append(element)
      }
    }
  }

  /// Without a depth, a list of lists becomes one list; of other lists too little is known.
  @Sendable private static func flattenedType(_ types: [StaticType]) -> StaticType? {
    guard types.count == 1, case .list(.list(let element)) = types[0] else { return .list(.dyn) }
    return .list(element)
  }

  @Sendable private static func sortedType(_ types: [StaticType]) -> StaticType? {
    guard case .list(let element) = types[0] else { return types[0] }
    return element.mayBeSortKey ? types[0] : nil
  }
}

extension StaticType {
  /// Whether values of this type have an order, as far as is known.
  var mayBeSortKey: Bool {
    switch self {
    case .dyn, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .unavailable:
      true
    case .null, .type, .list, .map, .object, .attribute: false
    }
  }
}

/// Keys that can be ordered: all of one type, and none of them NaN.
struct SortKeys {
  private let keys: [Value]

  /// Checks `keys`, which are neither secret nor unknown; `name` is what failures call the sort.
  init(_ keys: [Value], for name: String) throws(EvaluationFailure) {
    for key in keys {
      guard let first = keys.first, key.typeName == first.typeName else {
        throw EvaluationFailure(
          "`\(name)` needs values of one type, not \(keys[0].typeName) and \(key.typeName)",
          hint: "convert them, for example with `double()` or `string()`")
      }
      guard StaticType(of: key).mayBeSortKey else {
        throw EvaluationFailure(
          "`\(name)` needs values that have an order, not \(key.typeName)",
          hint: "write `list.sortBy(x, x.field)`")
      }
      if case .double(let number) = key, number.isNaN {
        throw EvaluationFailure("`\(name)` has no result: NaN is not ordered")
      }
    }
    self.keys = keys
  }

  /// `elements` in the order of the keys at their positions; equal ones stay as they are.
  func sorted(_ elements: [Value], meter: inout Meter) throws(EvaluationFailure) -> [Value] {
    // Each of the elements is compared as often as its number has binary digits.
    let comparisons = keys.count.bitWidth - keys.count.leadingZeroBitCount
    for key in keys {
      try meter.charge(comparisons)
      if case .string(let text) = key { try meter.charge(bytes: text.utf8.count * comparisons) }
      if case .bytes(let bytes) = key { try meter.charge(bytes: bytes.count * comparisons) }
    }
    let order = keys.indices.sorted { left, right in
      if keys[left].precedes(keys[right]) == true { return true }
      return keys[right].precedes(keys[left]) == true ? false : left < right
    }
    return order.map { elements[$0] }
  }
}
