import OrderedCollections

// An optional lives only while an expression is evaluated: `Expression.evaluate` ends it. So it is no kind
// of `Value` that every other module would have to treat, but a map with a key that no map can have,
// whose value is what the optional holds. Secrets and unknown values in it are found like in any map.
extension Value {
  /// What an optional holds.
  enum OptionalContent {
    case nothing
    case value(Value)
  }

  /// An optional that holds nothing (CEL `optional.none()`).
  static let noValue = Value.map(ValueMap([.type("optional.none"): .null]))

  /// An optional that holds `value` (CEL `optional.of(value)`).
  static func optional(_ value: Value) -> Value {
    .map(ValueMap([.type("optional.of"): value]))
  }

  /// What the optional holds; nil for every other value, a secret included.
  var optionalContent: OptionalContent? {
    guard case .map(let map) = self, map.count == 1, let (key, value) = map.entries.elements.first,
      case .type(let form) = key
    else { return nil }
    return form == "optional.of" ? .value(value) : .nothing
  }

  /// The value without the optionals in it: what one holds, or null.
  var withoutOptionals: Value {
    switch self {
    case .list(let elements): return .list(elements.map(\.withoutOptionals))
    case .map(let map):
      switch optionalContent {
      case .nothing?: return .null
      case .value(let value)?: return value.withoutOptionals
      case nil:
        return .map(
          ValueMap(map.entries.mapValues(\.withoutOptionals)).with(attributes: map.attributes))
      }
    case .secret(let secret):
      // Null stays null, since it reveals nothing.
      return secret.reveal().withoutOptionals == .null
        ? .null : .secret(secret.mapped(\.withoutOptionals))
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .unknown:
      return self
    }
  }

  /// Whether this is what a value of its type is without content, such as `''`, `0` or `[]`.
  var isZero: Bool {
    switch self {
    case .null: true
    case .bool(let flag): !flag
    case .int(let number): number == 0
    case .uint(let number): number == 0
    case .double(let number): number == 0
    case .string(let text): text.isEmpty
    case .bytes(let bytes): bytes.isEmpty
    case .list(let elements): elements.isEmpty
    case .map(let map): map.isEmpty
    case .timestamp(let timestamp): timestamp == Timestamp(seconds: 0, nanoseconds: 0)
    case .duration(let duration): duration == .zero
    case .type, .unknown: false
    case .secret(let secret): secret.reveal().isZero
    }
  }
}
