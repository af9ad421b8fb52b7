package import Expressions
import OrderedCollections

extension ValueType {
  /// Where a value comes from.
  package enum Provenance: Sendable, Hashable {
    /// It is written in a file, where a file is its path as text.
    case written
    /// It was computed, where a file is a map.
    case computed
  }

  /// `value` as this type holds it, or nil when it is of another.
  ///
  /// A record is completed with the defaults of its fields.
  /// Integers become doubles where a number is required, bytes base64 where a string is, and strings
  /// secret where a secret is. Secrets are taken for what they hide, and stay secret.
  /// What is unknown may be of every type, and stays unknown.
  package func value(from value: Value, _ origin: Provenance) -> Value? {
    if case .secret(let secret) = value {
      return self.value(from: secret.reveal(), origin)?.hidden
    }
    switch (self, value) {
    case (_, .unknown): return value
    case (.string, .string), (.integer, .int), (.number, .double), (.boolean, .bool),
      (.bytes, .bytes), (.any, _):
      return value
    case (.file, .string) where origin == .written: return value
    case (.file, .map) where origin == .computed && admits(value): return value
    case (.secret, .string): return value.hidden
    case (.string, .bytes): return value.plainText.map { .string($0) }
    case (.secret, .bytes): return value.plainText.map { .string($0).hidden }
    case (.bytes, .string(let text)): return .bytes(Array(text.utf8))
    case (.integer, .uint(let number)): return Int64(exactly: number).map { .int($0) }
    case (.number, .int(let number)): return .double(Double(number))
    case (.number, .uint(let number)): return .double(Double(number))
    case (.list(let element), .list(let values)):
      let converted = values.compactMap { element.value(from: $0, origin) }
      return converted.count == values.count ? .list(converted) : nil
    case (.map(let element), .map(let map)): return Self.map(map, of: element, origin)
    case (.record(let fields), .map(let map)): return Self.record(map, of: fields, origin)
    case (.string, _), (.file, _), (.integer, _), (.number, _), (.boolean, _), (.secret, _),
      (.bytes, _), (.list, _), (.map, _), (.record, _):
      return nil
    }
  }

  /// The record with all its fields, in the order declared; what is left out has its default.
  private static func record(
    _ map: ValueMap, of fields: OrderedDictionary<String, InputDeclaration>, _ origin: Provenance
  ) -> Value? {
    guard map.names.count == map.count, map.names.allSatisfy({ fields[$0] != nil }) else {
      return nil
    }
    var converted = ValueMap()
    for (name, field) in fields {
      let value = map[name].map { field.type.value(from: $0, origin) } ?? field.defaultValue
      guard let value else { return nil }
      converted[name] = value
    }
    return .map(converted)
  }

  private static func map(_ map: ValueMap, of element: ValueType, _ origin: Provenance) -> Value? {
    if element == .any { return .map(map) }
    var converted = ValueMap()
    for name in map.names {
      guard let value = map[name].flatMap({ element.value(from: $0, origin) }) else { return nil }
      converted[name] = value
    }
    return converted.count == map.count ? .map(converted) : nil
  }
}
