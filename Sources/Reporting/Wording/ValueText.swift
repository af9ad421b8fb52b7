import Events
import Expressions

/// Values as people read them: texts bare, everything else as JSON, secrets masked, and what is unknown
/// as `(known after apply)`.
enum ValueText {
  /// The text of `value`, cut to `limit` characters; nil for no limit.
  static func text(_ value: Value, limit: Int?) -> String {
    let text =
      switch value {
      case .string(let string): string
      case .secret: value.unknown == nil ? Secret.mask : Unknown.text
      case .list, .map, .unknown:
        value.holdsUnknown ? value.displayText : EncodedValue.json(value).line
      case .null, .bool, .int, .uint, .double, .bytes, .timestamp, .duration, .type:
        EncodedValue.json(value).line
      }
    guard let limit else { return text }
    let characters = text.prefix(limit)
    return characters.endIndex == text.endIndex
      ? text : characters + " (cut: `privirun show RUN --full`)"
  }

  /// The members of `map`, one `(name, text)` each.
  static func members(of map: ValueMap, limit: Int?) -> [(name: String, text: String)] {
    map.entries.map { (text($0.key, limit: limit), text($0.value, limit: limit)) }
  }
}
