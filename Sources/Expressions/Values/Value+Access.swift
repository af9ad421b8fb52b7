import OrderedCollections

extension Value {
  /// A secret holding `text`.
  package static func secret(text: String) -> Value { .secret(Secret(text)) }

  /// Whether the value itself, not only something inside it, is secret.
  package var isSecret: Bool {
    if case .secret = self { true } else { false }
  }

  /// Whether the value or anything inside it is secret.
  package var holdsSecret: Bool {
    switch self {
    case .secret: true
    case .list(let elements): elements.contains(where: \.holdsSecret)
    case .map(let map): map.entries.values.contains(where: \.holdsSecret)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .unknown:
      false
    }
  }

  /// The secrets inside the value, or the value itself when it is one.
  package var secrets: [Secret] {
    switch self {
    case .secret(let secret): [secret]
    case .list(let elements): elements.flatMap(\.secrets)
    case .map(let map): map.entries.values.flatMap(\.secrets)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .unknown:
      []
    }
  }

  /// The value with its own secrecy, and that of everything inside it, taken away.
  package var revealed: Value {
    switch self {
    case .secret(let secret): secret.reveal().revealed
    case .list(let elements): .list(elements.map(\.revealed))
    case .map(let map): .map(ValueMap(map.entries.mapValues(\.revealed)))
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .unknown:
      self
    }
  }

  /// The value marked secret; null stays null and what is unknown stays unknown, since they reveal
  /// nothing.
  package var hidden: Value { revealsNothing ? self : .secret(Secret(self)) }

  /// The value marked secret as what it was computed from: content when no credential is in it.
  func hidden(like sources: [Value]) -> Value {
    guard !revealsNothing else { return self }
    let isPayload = sources.flatMap(\.secrets).allSatisfy(\.isPayload)
    return isPayload ? .secret(Secret(payload: self)) : hidden
  }

  /// Whether there is nothing in the value that could be secret.
  private var revealsNothing: Bool {
    switch self {
    case .null, .unknown: true
    case .bool, .int, .uint, .double, .string, .bytes, .list, .map, .timestamp, .duration, .type,
      .secret:
      false
    }
  }

  /// The text of a string, secret or not.
  package var text: String? {
    switch self {
    case .string(let text): text
    case .secret(let secret): secret.reveal().text
    case .null, .bool, .int, .uint, .double, .bytes, .list, .map, .timestamp, .duration, .type,
      .unknown:
      nil
    }
  }

  /// The map, when the value is one, secret or not.
  package var fields: ValueMap? {
    switch self {
    case .map(let map): map
    case .secret(let secret): secret.reveal().fields
    case .null, .bool, .int, .uint, .double, .string, .bytes, .list, .timestamp, .duration, .type,
      .unknown:
      nil
    }
  }

  /// The field `name` of a map, or nil when this is no map or has no such field.
  ///
  /// A field of a secret map is secret.
  package subscript(field name: String) -> Value? {
    switch self {
    case .map(let map): map[name]
    case .secret(let secret): secret.reveal()[field: name]?.hidden
    case .null, .bool, .int, .uint, .double, .string, .bytes, .list, .timestamp, .duration, .type,
      .unknown:
      nil
    }
  }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByBooleanLiteral,
  ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  /// A `string`; the literal is never read as an expression.
  package init(stringLiteral value: String) { self = .string(value) }
  /// An `int`; a `uint` has no literal.
  package init(integerLiteral value: Int64) { self = .int(value) }
  /// A `bool`, which equals no number and no text.
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A `double`, also for an integral one such as `1.0`.
  package init(floatLiteral value: Double) { self = .double(value) }
  /// A `list` of the elements in order.
  package init(arrayLiteral elements: Value...) { self = .list(elements) }
  /// A `map` with text keys in the order written; of a repeated key the last value counts.
  package init(dictionaryLiteral elements: (String, Value)...) {
    var map = ValueMap()
    for (name, value) in elements { map[name] = value }
    self = .map(map)
  }
  /// A `null`, which is a value and not the absence of one.
  package init(nilLiteral: ()) { self = .null }
}
