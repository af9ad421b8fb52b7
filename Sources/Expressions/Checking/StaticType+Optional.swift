import OrderedCollections

// The type of an optional has the form of its value (`Value+Optional.swift`): that of a map whose key is a
// type, which no map has.
extension StaticType {
  /// The type of an optional that may hold a value of type `content`.
  static func optional(_ content: StaticType) -> StaticType { .map(key: .type, value: content) }

  /// The type of what the optional holds; nil for the type of anything else.
  var optionalContent: StaticType? {
    guard case .map(.type, let content) = self else { return nil }
    return content
  }

  /// The type of what is selected from: a part of an optional is looked up in what it holds, and is
  /// optional again.
  var unwrapped: (type: StaticType, isOptional: Bool) {
    optionalContent.map { ($0.unwrapped.type, true) } ?? (self, false)
  }

  /// The type of `Value.withoutOptionals`, where the optionals hold values.
  var withoutOptionals: StaticType {
    switch self {
    case .list(let element): .list(element.withoutOptionals)
    case .map(let key, let value):
      optionalContent?.withoutOptionals ?? .map(key: key, value: value.withoutOptionals)
    case .object(let fields): .object(fields.mapValues(\.withoutOptionals))
    case .attribute(let type): .attribute(type.withoutOptionals)
    case .dyn, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .unavailable:
      self
    }
  }
}
