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
    // A map has one type of values, and an attribute is none of them.
    case (.object, .object) where hasAttributes || other.hasAttributes: return .dyn
    case (.map(.type, let left), .map(.type, let right)): return .optional(left.joined(with: right))
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
      return left.allSatisfy { name, type in
        type.isAttribute || right[name].map(type.accepts) ?? false
      }
    case (.map(.type, let left), .map(.type, let right)): return left.accepts(right)
    case (.object, .map), (.map, .object), (.map, .map):
      guard let left = mapTypes, let right = other.mapTypes else { return false }
      return left.key.accepts(right.key) && left.value.accepts(right.value)
    default: return self == other
    }
  }

  /// The types of the keys and values, when this is any kind of map; an optional is none.
  var mapTypes: (key: StaticType, value: StaticType)? {
    switch self {
    case .map(.type, _): nil
    case .map(let key, let value): (key, value)
    case .object(let fields): (.string, StaticType(joiningEntriesOf: fields))
    case .dyn, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .list, .attribute, .unavailable:
      nil
    }
  }
}

/// Attributes.
extension StaticType {
  /// Whether this is the type of an attribute.
  package var isAttribute: Bool {
    if case .attribute = self { true } else { false }
  }

  private var hasAttributes: Bool {
    guard case .object(let fields) = self else { return false }
    return fields.values.contains(where: \.isAttribute)
  }

  /// The type of any entry of an object with these fields.
  init(joiningEntriesOf fields: OrderedDictionary<String, StaticType>) {
    self.init(joining: fields.values.lazy.filter { !$0.isAttribute })
  }

  /// The type of `Value.withoutAttributes`.
  package var withoutAttributes: StaticType {
    switch self {
    case .list(let element): .list(element.withoutAttributes)
    case .map(let key, let value): .map(key: key, value: value.withoutAttributes)
    case .object(let fields):
      .object(fields.filter { !$0.value.isAttribute }.mapValues(\.withoutAttributes))
    case .dyn, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .attribute, .unavailable:
      self
    }
  }
}
