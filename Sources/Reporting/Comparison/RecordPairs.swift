import Expressions

/// Which maps of two lists correspond: those whose member of one name is the same.
///
/// Lists that a service returns have no fixed order, but their records have names.
struct RecordPairs: Sendable, Hashable {
  /// In the order of the second list; what only the first one has comes last.
  let pairs: [SequenceAlignment.Pair]

  /// Takes the first member that is different in all maps of each list and occurs in both lists; nil
  /// where there is none.
  init?(_ from: [Value], _ to: [Value]) {
    guard case .map(let record)? = from.first else { return nil }
    for name in record.names {
      guard let firsts = Self.positions(of: name, in: from),
        let seconds = Self.positions(of: name, in: to),
        seconds.keys.contains(where: { firsts[$0] != nil })
      else { continue }
      let both = to.enumerated().map { offset, record -> SequenceAlignment.Pair in
        record[field: name].flatMap { firsts[$0] }.map { .both($0, offset) } ?? .second(offset)
      }
      let removed = from.enumerated().compactMap { offset, record -> SequenceAlignment.Pair? in
        record[field: name].flatMap { seconds[$0] } == nil ? .first(offset) : nil
      }
      pairs = both + removed
      return
    }
    return nil
  }

  /// The position of each value of the member; nil unless all elements are maps that have it and differ
  /// in it.
  private static func positions(of name: String, in list: [Value]) -> [Value: Int]? {
    var positions: [Value: Int] = [:]
    for (offset, element) in list.enumerated() {
      guard let value = element[field: name], isName(value), positions[value] == nil else {
        return nil
      }
      positions[value] = offset
    }
    return positions
  }

  private static func isName(_ value: Value) -> Bool {
    switch value {
    case .string, .int, .uint: true
    case .null, .bool, .double, .bytes, .list, .map, .timestamp, .duration, .type, .secret,
      .unknown:
      false
    }
  }
}
