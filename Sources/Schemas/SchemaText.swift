import Expressions

/// Writes JSON for people: what fits on one line stands on one, the rest is indented by two spaces.
struct SchemaText {
  private static let width = 100

  private(set) var text = ""

  /// The document with a line break at its end.
  static func document(_ value: Value) -> String {
    var writer = SchemaText()
    writer.write(value, indent: 0, lead: 0)
    return writer.text + "\n"
  }

  /// Writes `value` behind `lead` characters of its line.
  private mutating func write(_ value: Value, indent: Int, lead: Int) {
    let line = Self.line(value)
    // One character is kept for a comma.
    if indent > 0, lead + line.unicodeScalars.count < Self.width {
      text += line
      return
    }
    switch value {
    case .map(let map) where !map.isEmpty:
      write(map.names, "{", "}", indent: indent) { writer, name in
        let key = "\(Self.line(.string(name))): "
        writer.text += key
        let lead = indent + 2 + key.unicodeScalars.count
        writer.write(map[name] ?? .null, indent: indent + 2, lead: lead)
      }
    case .list(let elements) where !elements.isEmpty:
      write(elements, "[", "]", indent: indent) { writer, element in
        writer.write(element, indent: indent + 2, lead: indent + 2)
      }
    case .map, .list, .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration,
      .type, .secret, .unknown:
      text += line
    }
  }

  private mutating func write<Part>(
    _ parts: [Part], _ opening: String, _ closing: String, indent: Int,
    each: (inout Self, Part) -> Void
  ) {
    text += opening
    for (index, part) in parts.enumerated() {
      text += index == 0 ? "\n" : ",\n"
      text += String(repeating: " ", count: indent + 2)
      each(&self, part)
    }
    text += "\n" + String(repeating: " ", count: indent) + closing
  }

  private static func line(_ value: Value) -> String {
    switch value {
    case .map(let map):
      let entries = map.names.map { name in
        "\(line(.string(name))): \(line(map[name] ?? .null))"
      }
      return "{\(entries.joined(separator: ", "))}"
    case .list(let elements): return "[\(elements.map { line($0) }.joined(separator: ", "))]"
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .secret, .unknown:
      return JSON.text(value)
    }
  }
}
