extension Function {
  /// `size`, the tests on text, and `matches`.
  static let content: [Function] = [
    Function(
      "size",
      [.string, .bytes, .list(.dyn), .map(key: .dyn, value: .dyn)].flatMap {
        [.global($0, result: .int), .member($0, result: .int)]
      }
    ) { operands, _ throws(EvaluationFailure) in
      .int(Int64(try operands[0].size()))
    },
    Function("contains", onText) { operands, _ throws(EvaluationFailure) in
      let part = try operands.text(1).utf8
      return .bool(SearchPart(part).firstOffset(in: try operands.text(0).utf8) != nil)
    },
    Function("startsWith", onText) { operands, _ throws(EvaluationFailure) in
      .bool(try operands.text(0).utf8.starts(with: try operands.text(1).utf8))
    },
    Function("endsWith", onText) { operands, _ throws(EvaluationFailure) in
      let ending = try operands.text(1).utf8.reversed()
      return .bool(try operands.text(0).utf8.reversed().starts(with: ending))
    },
    Function("matches", onText + [.global(.string, .string, result: .bool)]) {
      operands, meter throws(EvaluationFailure) in
      .bool(try Pattern(try operands.text(1)).matches(try operands.text(0), meter: &meter))
    },
  ]

  private static let onText: [Overload] = [.member(.string, .string, result: .bool)]
}

extension Value {
  /// Unicode scalars of a text, bytes, elements of a list, entries of a map.
  fileprivate func size() throws(EvaluationFailure) -> Int {
    switch self {
    case .string(let text): text.unicodeScalars.count
    case .bytes(let bytes): bytes.count
    case .list(let elements): elements.count
    case .map(let map): map.count
    case .null, .bool, .int, .uint, .double, .timestamp, .duration, .type, .secret, .unknown:
      throw .noOverload
    }
  }
}
