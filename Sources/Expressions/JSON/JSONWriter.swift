import FoundationEssentials
import OrderedCollections

/// Writes one value as JSON text.
struct JSONWriter {
  private(set) var text = ""

  private let secrets: JSON.SecretHandling
  private let style: JSON.Style
  private var depth = 0

  init(secrets: JSON.SecretHandling, style: JSON.Style) {
    self.secrets = secrets
    self.style = style
  }

  mutating func write(_ value: Value) {
    switch value {
    case .null: text += "null"
    case .bool(let flag): text += flag ? "true" : "false"
    case .int(let number): text += String(number)
    case .uint(let number): text += String(number)
    case .double(let number) where number.isFinite: text += number.description
    case .double(let number): write(text: number.text)
    case .string(let string): write(text: string)
    case .bytes(let bytes): write(text: Data(bytes).base64EncodedString())
    case .timestamp(let timestamp): write(text: timestamp.text)
    case .duration(let duration): write(text: duration.secondsText)
    case .type(let name): write(text: name)
    case .list(let elements): write(list: elements)
    case .map(let map): write(map: map)
    case .secret(let secret): write(secret)
    }
  }

  private mutating func write(_ secret: Secret) {
    switch secrets {
    case .masked: write(text: Secret.mask)
    case .revealed: write(secret.reveal())
    }
  }

  private mutating func write(list elements: [Value]) {
    open("[")
    for (index, element) in elements.enumerated() {
      separate(index)
      write(element)
    }
    close("]", isEmpty: elements.isEmpty)
  }

  private mutating func write(map: ValueMap) {
    open("{")
    for (index, entry) in map.entries.enumerated() {
      separate(index)
      write(key: entry.key)
      text += style == .pretty ? ": " : ":"
      write(entry.value)
    }
    close("}", isEmpty: map.isEmpty)
  }

  /// A name is text in JSON; other keys are written as they are in expressions.
  private mutating func write(key: Value) {
    switch key {
    case .bool(let flag): write(text: String(flag))
    case .int(let number): write(text: String(number))
    case .uint(let number): write(text: String(number))
    case .double(let number): write(text: number.text)
    case .null: write(text: "null")
    case .string, .bytes, .timestamp, .duration, .type, .list, .map, .secret: write(key)
    }
  }

  private mutating func open(_ bracket: String) {
    text += bracket
    depth += 1
  }

  private mutating func separate(_ index: Int) {
    if index > 0 { text += "," }
    breakLine()
  }

  private mutating func close(_ bracket: String, isEmpty: Bool) {
    depth -= 1
    if !isEmpty { breakLine() }
    text += bracket
  }

  private mutating func breakLine() {
    guard style == .pretty else { return }
    text += "\n" + String(repeating: "  ", count: depth)
  }

  private mutating func write(text string: String) {
    var quoted = String.UnicodeScalarView("\"".unicodeScalars)
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        quoted.append("\\")
        quoted.append(scalar)
      case "\n": quoted.append(contentsOf: "\\n".unicodeScalars)
      case "\r": quoted.append(contentsOf: "\\r".unicodeScalars)
      case "\t": quoted.append(contentsOf: "\\t".unicodeScalars)
      case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}":
        let digits = String(scalar.value, radix: 16)
        let zeros = String(repeating: "0", count: 4 - digits.count)
        quoted.append(contentsOf: "\\u\(zeros)\(digits)".unicodeScalars)
      default: quoted.append(scalar)
      }
    }
    text += String(quoted) + "\""
  }
}
