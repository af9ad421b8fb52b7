import OrderedCollections

extension ValueMap {
  /// The same map with these attributes in place of those it has.
  package func with(attributes: [String: Value]) -> ValueMap {
    var map = self
    map.attributes = attributes
    return map
  }

  /// The entry or attribute of this name, as an expression selects it.
  func field(_ name: String) -> Value? { self[name] ?? attributes[name] }
}

extension Value {
  /// A map, secret or not, with these attributes; any other value as it is.
  package func with(attributes: [String: Value]) -> Value {
    switch self {
    case .map(let map): .map(map.with(attributes: attributes))
    case .secret(let secret): .secret(secret.mapped { $0.with(attributes: attributes) })
    case .null, .bool, .int, .uint, .double, .string, .bytes, .list, .timestamp, .duration, .type,
      .unknown:
      self
    }
  }

  /// The value without the attributes of the maps in it: what is handed on, sent or recorded.
  package var withoutAttributes: Value {
    switch self {
    case .list(let elements): .list(elements.map(\.withoutAttributes))
    case .map(let map): .map(ValueMap(map.entries.mapValues(\.withoutAttributes)))
    case .secret(let secret): .secret(secret.mapped(\.withoutAttributes))
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .unknown:
      self
    }
  }
}
