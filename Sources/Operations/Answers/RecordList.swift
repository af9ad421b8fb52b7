import Expressions
import OrderedCollections

/// Lists of records in the shapes that services give them (protocol.md §13, "lists").
enum RecordList {
  /// Names under which an object holds its list.
  private static let wrappers = ["items", "data", "results", "rows"]

  /// The elements, or nil when `value` is no list in any shape.
  ///
  /// An object keyed by id becomes its values, each with its key under `id` unless it has one. An
  /// object that has one of `knownNames` is a list of one record.
  static func read(_ value: Value, knownNames: Set<String> = []) -> [Value]? {
    switch value {
    case .list(let elements): return elements
    case .map(let map):
      for name in wrappers {
        if let inner = map[name], let elements = read(inner, knownNames: knownNames) {
          return elements
        }
      }
      if let keyed = keyedRecords(map) { return keyed }
      return knownNames.contains { map[$0] != nil } ? [value] : nil
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .secret, .unknown:
      return nil
    }
  }

  /// The records of an object keyed by id, or nil when not all its values are objects.
  private static func keyedRecords(_ map: ValueMap) -> [Value]? {
    var records: [Value] = []
    for (key, value) in map.entries {
      guard case .map(var record) = value else { return nil }
      if record["id"] == nil { record["id"] = key.plainText.map { .string($0) } }
      records.append(.map(record))
    }
    return records
  }

  /// The record with the value of each known name under that name, whatever its spelling was.
  static func normalised(_ value: Value, names: OrderedDictionary<String, [String]>) -> Value {
    guard case .map(var record) = value else {
      guard let name = names.keys.first, value.plainText != nil else { return value }
      return .map([name: value])
    }
    let original = record
    for (name, spellings) in names {
      let value = spellings.lazy.compactMap { original.value(at: $0) }.first { $0 != .null }
      if let value { record[name] = value }
    }
    return .map(record)
  }
}
