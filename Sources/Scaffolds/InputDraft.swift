import Expressions
import Operations
import OrderedCollections
import Playbooks

/// An input that a written playbook declares for a field.
struct InputDraft: Sendable, Hashable {
  /// What a value must be, of a type that a playbook can declare.
  let schema: ValueSchema
  /// What the value is for; empty where the description does not say it.
  let summary: String
  /// Whether the value is a secret that does not exist yet.
  let isNew: Bool

  init(_ schema: ValueSchema, summary: String, isNew: Bool = false) {
    self.schema = schema
    self.summary = summary
    self.isNew = isNew
  }

  /// The input for `field`, which is called `name`; `setsPassword` where it holds a new password.
  init(_ field: Field, named name: String, setsPassword: Bool = false) {
    var schema = field.schema
    schema.type = Self.type(of: field, named: name)
    schema.isSensitive = false
    let isText = schema.type == .string || schema.type == .secret
    if !isText { schema.pattern = nil }
    if !(isText || schema.type == .integer || schema.type == .number) { schema.allowed = [] }
    if schema.type == .secret { schema.allowed = [] }
    self.init(
      schema, summary: field.summary, isNew: setsPassword && schema.type == .secret)
  }

  /// Fields take bytes, and some a path or the file itself; people give a file, or a string.
  private static func type(of field: Field, named name: String) -> ValueType {
    switch field.type {
    case .string, .secret, .bytes: return field.isSensitive ? .secret : .string
    case .any where field.role == .source || name == "file": return .file
    case .any: return field.isSensitive ? .secret : .string
    case .integer, .number, .boolean, .file: return field.type
    case .list(let element): return .list(of: declarable(element))
    case .map(let element): return .map(of: declarable(element))
    case .record: return .map(of: .any)
    }
  }

  private static func declarable(_ element: ValueType) -> ValueType {
    switch element {
    case .bytes: .string
    case .list(let element): .list(of: declarable(element))
    case .map(let element): .map(of: declarable(element))
    case .record: .map(of: .any)
    case .string, .integer, .number, .boolean, .secret, .file, .any: element
    }
  }
}

/// As YAML.
extension InputDraft {
  /// The widest line, in characters.
  private static let width = 100

  /// The lines that declare the input under `name`, without indentation.
  func lines(named name: String) -> [String] {
    let members = self.members
    let line = "\(name): { \(members.map { "\($0.key): \($0.text)" }.joined(separator: ", ")) }"
    if line.count + 2 <= Self.width { return [line] }
    return ["\(name):"] + members.flatMap { Self.lines(of: $0.key, $0.text, summary) }
  }

  /// The lines of a member; a summary that is too wide is folded.
  private static func lines(of key: String, _ text: String, _ summary: String) -> [String] {
    let line = "  \(key): \(text)"
    guard key == "summary", line.count + 2 > width else { return [line] }
    var lines = ["  \(key): >-"]
    for word in summary.replacing("${{", with: "$${{").split(whereSeparator: \.isWhitespace) {
      if let last = lines.last, lines.count > 1, last.count + word.count + 3 <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append("    \(word)")
      }
    }
    return lines
  }

  private var members: [(key: String, text: String)] {
    var members = Self.members(of: schema.type)
    if isNew { members.append(("new", "true")) }
    if let pattern = schema.pattern {
      members.append(("pattern", YAMLWriter.scalar(pattern.replacing("${{", with: "$${{"))))
    }
    if !schema.allowed.isEmpty, let lines = YAMLWriter.lines(of: .list(schema.allowed)),
      lines.count == 1
    {
      members.append(("enum", lines[0]))
    }
    if !summary.isEmpty {
      members.append(("summary", YAMLWriter.scalar(summary.replacing("${{", with: "$${{"))))
    }
    return members
  }

  private static func members(of type: ValueType) -> [(key: String, text: String)] {
    let own = ("type", type.word)
    guard let element = type.element, element != .any else { return [own] }
    guard element.element.map({ $0 != .any }) ?? false else { return [own, ("of", element.word)] }
    let inner = members(of: element).map { "\($0.key): \($0.text)" }.joined(separator: ", ")
    return [own, ("of", "{ \(inner) }")]
  }
}

/// Names of fields and operations as names in a playbook.
enum PlaybookName {
  /// Words that expressions read as something else.
  private static let words: Set<String> = [
    "inputs", "steps", "run", "answer", "error", "changed",
    "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function",
    "if", "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
  ]

  /// The longest name, in bytes.
  private static let limit = 100

  /// `text` as an identifier: what stands between its letters, digits and `_` is left out, and the letter
  /// after a dash or a dot is a capital.
  static func identifier(_ text: String) -> String {
    var name = ""
    var startsWord = false
    for scalar in text.unicodeScalars {
      guard isPart(scalar) else {
        startsWord = !name.isEmpty && (scalar == "-" || scalar == "." || scalar == " ")
        continue
      }
      name += startsWord ? String(scalar).uppercased() : String(scalar)
      startsWord = false
    }
    if name.isEmpty || name.unicodeScalars.first.map({ ("0"..."9").contains($0) }) ?? false {
      name = "_\(name)"
    }
    name = String(name.prefix(limit - "Value".count))
    return words.contains(name) ? "\(name)Value" : name
  }

  /// `name` with its first letter as a capital.
  static func capitalized(_ name: String) -> String {
    name.prefix(1).uppercased() + name.dropFirst()
  }

  /// Whether the name says what it is of, as `deviceIdentifier` does and `name` does not.
  static func isSpecific(_ name: String) -> Bool {
    name.contains("_") || name.dropFirst().contains(where: \.isUppercase)
  }

  private static func isPart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "_": true
    case _: false
    }
  }
}
