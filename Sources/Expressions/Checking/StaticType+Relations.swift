import OrderedCollections

extension StaticType {
  /// The type of a value that is already there; what a secret hides for a secret, `dyn` for what is
  /// unknown.
  package init(of value: Value) {
    switch value {
    case .null: self = .null
    case .bool: self = .bool
    case .int: self = .int
    case .uint: self = .uint
    case .double: self = .double
    case .string: self = .string
    case .bytes: self = .bytes
    case .timestamp: self = .timestamp
    case .duration: self = .duration
    case .type: self = .type
    case .list(let elements):
      self = .list(StaticType(joining: elements.map { StaticType(of: $0) }))
    case .map(let map):
      self = .map(
        key: StaticType(joining: map.entries.keys.map { StaticType(of: $0) }),
        value: StaticType(joining: map.entries.values.map { StaticType(of: $0) }))
    case .secret(let secret): self = StaticType(of: secret.reveal())
    case .unknown: self = .dyn
    }
  }

  /// The type of something that may be any of `types`; `dyn` when there are none.
  package init(joining types: some Sequence<StaticType>) {
    var iterator = types.makeIterator()
    var joined = iterator.next() ?? .dyn
    while joined != .dyn, let next = iterator.next() { joined = joined.joined(with: next) }
    self = joined
  }

  /// The narrowest type that holds both; `dyn` when they have nothing in common.
  package func joined(with other: StaticType) -> StaticType {
    if self == other { return self }
    switch (self, other) {
    case (.list(let left), .list(let right)): return .list(left.joined(with: right))
    case (.object, .object), (.object, .map), (.map, .object), (.map, .map):
      guard let left = mapTypes, let right = other.mapTypes else { return .dyn }
      return .map(
        key: left.key.joined(with: right.key), value: left.value.joined(with: right.value))
    default: return .dyn
    }
  }

  /// Whether a value of type `other` may stand where this is wanted, as far as is known.
  ///
  /// `dyn` on either side passes; the rest is left to evaluation (CEL spec, "Gradual Type
  /// Checking").
  package func accepts(_ other: StaticType) -> Bool {
    switch (self, other) {
    case (.dyn, _), (_, .dyn), (.unavailable, _), (_, .unavailable): return true
    case (.list(let left), .list(let right)): return left.accepts(right)
    case (.object(let left), .object(let right)):
      return left.allSatisfy { name, type in right[name].map(type.accepts) ?? false }
    case (.object, .map), (.map, .object), (.map, .map):
      guard let left = mapTypes, let right = other.mapTypes else { return false }
      return left.key.accepts(right.key) && left.value.accepts(right.value)
    default: return self == other
    }
  }

  /// The types of the keys and values, when this is any kind of map.
  var mapTypes: (key: StaticType, value: StaticType)? {
    switch self {
    case .map(let key, let value): (key, value)
    case .object(let fields): (.string, StaticType(joining: fields.values))
    case .dyn, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .list, .unavailable:
      nil
    }
  }
}
