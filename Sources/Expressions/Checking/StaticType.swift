package import OrderedCollections

/// What is known of a value before anything runs.
package indirect enum StaticType: Sendable, Hashable {
  /// Anything; every use of it is left to evaluation.
  case dyn
  case null, bool, int, uint, double, string, bytes, timestamp, duration
  /// The type of `int`, `string` and the other names of types.
  case type
  case list(StaticType)
  case map(key: StaticType, value: StaticType)
  /// A map with text keys, all of which are known.
  case object(OrderedDictionary<String, StaticType>)
  /// Of a field of an object that is no entry of the map (`ValueMap.attributes`).
  case attribute(StaticType)
  /// Known but not to be used here; the text says why, and becomes the diagnostic's message.
  case unavailable(String)
}

extension StaticType: CustomStringConvertible {
  /// The type as diagnostics name it, such as `list(string)`; an object is a `map` there.
  package var description: String {
    switch self {
    case .dyn: "dyn"
    case .null: "null"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .timestamp: "timestamp"
    case .duration: "duration"
    case .type: "type"
    case .list(let element): "list(\(element))"
    case .map(.type, let content): "\(Value.optionalTypeName)(\(content))"
    case .map(let key, let value): "map(\(key), \(value))"
    case .object: "map"
    case .attribute(let type): type.description
    case .unavailable: "unavailable"
    }
  }
}
