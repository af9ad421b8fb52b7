import Events
import Expressions
import Playbooks

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

  /// The widest list or map that is shown on one line, in characters.
  private static let longestLine = 72

  /// The lines of a list or map that is too long for one, as YAML; nil for any other value, and for what
  /// holds a secret or something unknown.
  ///
  /// They are cut to `limit` characters.
  static func block(_ value: Value, limit: Int) -> [String]? {
    switch value {
    case .list, .map: break
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type, .secret,
      .unknown:
      return nil
    }
    guard text(value, limit: nil).count > longestLine, let lines = YAMLWriter.lines(of: value)
    else { return nil }
    var shown: [String] = []
    var count = 0
    for line in lines {
      count += line.count + 1
      guard count <= limit else { return shown + ["(cut: `privirun show RUN --full`)"] }
      shown.append(line)
    }
    return shown
  }

  /// The members of `map`, one `(name, text)` each.
  static func members(of map: ValueMap, limit: Int?) -> [(name: String, text: String)] {
    map.entries.map { (text($0.key, limit: limit), text($0.value, limit: limit)) }
  }
}
