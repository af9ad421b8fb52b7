package import Expressions
import OrderedCollections

/// Writes plain data as YAML, so that readers of YAML 1.1 and 1.2 read the same values.
///
///     YAMLWriter.lines(of: ["name": "vault-a", "roles": ["storage"], "tag": "012"])
///     // ["name: vault-a", "roles: [storage]", "tag: \"012\""]
package enum YAMLWriter {
  /// The deepest nesting that is written; what is around it has a few of the 64 levels of a file.
  package static let deepest = 56
  /// The longest list that is written on one line, in characters.
  private static let longestLine = 80
  /// The longest key that is written in front of its colon; readers give up after 1,024 characters.
  private static let longestKey = 1000

  /// The lines of `value` in block style, without a newline at their ends.
  ///
  /// Nil for what is no plain data: a secret, something unknown, bytes, a time, a map with keys that
  /// are no text, and what is nested deeper than `deepest`.
  package static func lines(of value: Value) -> [String]? { lines(of: value, depth: 0) }

  private static func lines(of value: Value, depth: Int) -> [String]? {
    guard depth <= deepest else { return nil }
    switch value {
    case .list(let elements): return lines(of: elements, depth: depth)
    case .map(let map): return lines(of: map, depth: depth)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .secret, .unknown:
      return scalar(of: value).map { [$0] }
    }
  }

  private static func lines(of elements: [Value], depth: Int) -> [String]? {
    let scalars = elements.compactMap(scalar(of:))
    if scalars.count == elements.count {
      let line = "[\(scalars.joined(separator: ", "))]"
      if line.count <= longestLine { return [line] }
    }
    var result: [String] = []
    for element in elements {
      guard let lines = lines(of: element, depth: depth + 1) else { return nil }
      result += hanging(lines, behind: "- ")
    }
    return result
  }

  private static func lines(of map: ValueMap, depth: Int) -> [String]? {
    guard !map.isEmpty else { return ["{}"] }
    var result: [String] = []
    for (key, value) in map.entries {
      guard case .string(let name) = key, let lines = lines(of: value, depth: depth + 1),
        let first = lines.first
      else { return nil }
      let key = scalar(name)
      if key.count > longestKey {
        result += ["? \(key)"] + hanging(lines, behind: ": ")
      } else if isInline(value, lines) {
        result.append("\(key): \(first)")
      } else {
        result += ["\(key):"] + lines.map { "  \($0)" }
      }
    }
    return result
  }

  /// Whether the lines of a value stand behind its key: those of a scalar or of a short list.
  private static func isInline(_ value: Value, _ lines: [String]) -> Bool {
    switch value {
    case .list: lines.count == 1 && lines[0].hasPrefix("[")
    case .map(let map): map.isEmpty
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .secret, .unknown:
      true
    }
  }

  private static func hanging(_ lines: [String], behind mark: String) -> [String] {
    lines.enumerated().map { $0.offset == 0 ? mark + $0.element : "  " + $0.element }
  }
}

/// Scalars.
extension YAMLWriter {
  private static func scalar(of value: Value) -> String? {
    switch value {
    case .null: "null"
    case .bool(let bool): bool ? "true" : "false"
    case .int(let int): String(int)
    case .uint(let uint): Int64(exactly: uint).map { String($0) } ?? scalar(String(uint))
    case .double(let double): scalar(of: double)
    case .string(let text): scalar(text)
    case .bytes, .list, .map, .timestamp, .duration, .type, .secret, .unknown: nil
    }
  }

  private static func scalar(of double: Double) -> String {
    guard double.isFinite else { return double.isNaN ? ".nan" : double < 0 ? "-.inf" : ".inf" }
    return String(double)
  }

  /// `text` as a scalar on one line, in quotes unless every reader takes it for text without them.
  package static func scalar(_ text: String) -> String {
    if isPlain(text) { return text }
    return plainlyQuoted(text) ?? quoted(text)
  }

  /// `text` in the quotes that the writer prefers, without an escape: double ones, or single ones where
  /// it has double quotes or backslashes.
  ///
  /// Nil where something in it does not show, or not as what it is.
  package static func plainlyQuoted(_ text: String) -> String? {
    guard text.unicodeScalars.allSatisfy(isVisible) else { return nil }
    let needsEscape = text.utf8.contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
    return needsEscape ? "'\(text.replacing("'", with: "''"))'" : "\"\(text)\""
  }

  /// `text` in double quotes; whatever does not show, or not as what it is, as an escape.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars { result += escaped(scalar) }
    return result + "\""
  }

  /// `scalar` between double quotes: as it is where it shows, else its escape.
  package static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\"": return "\\\""
    case "\\": return "\\\\"
    case "\n": return "\\n"
    case "\r": return "\\r"
    case "\t": return "\\t"
    case _ where isVisible(scalar): return String(scalar)
    case _:
      let hex = String(scalar.value, radix: 16, uppercase: true)
      let (mark, width) =
        scalar.value <= 0xFF ? ("x", 2) : scalar.value <= 0xFFFF ? ("u", 4) : ("U", 8)
      return "\\\(mark)\(String(repeating: "0", count: width - hex.count))\(hex)"
    }
  }

  /// Whether it shows as what it is: no control or formatting character, and no other blank.
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return (" "..."~").contains(scalar) }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator,
      .lineSeparator, .paragraphSeparator:
      return false
    case _: return true
    }
  }

  /// What YAML 1.1 takes for booleans.
  private static let formerBooleans: Set<String> = ["y", "n", "yes", "no", "on", "off"]

  /// Whether `text` can stand without quotes, in block and flow style: it begins with a letter or a
  /// slash, and has nothing in it that a reader could take for anything else.
  private static func isPlain(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    guard let first = scalars.first, isLetter(first) || first == "/", scalars.last != " ",
      CoreSchema.kind(of: text) == .text, !formerBooleans.contains(text.lowercased())
    else { return false }
    return scalars.indices.allSatisfy { index in
      switch scalars[index] {
      case "0"..."9", "_", "-", ".", "/", "@", "+", " ": true
      case ":": scalars.dropFirst(index + 1).first.map { isLetter($0) || $0 == "/" } ?? false
      case let scalar: isLetter(scalar)
      }
    }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    case _: false
    }
  }
}
