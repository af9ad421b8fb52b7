import Expressions
import OrderedCollections
import Playbooks

extension InputDeclaration.Kind {
  /// The value that `text` from the command line stands for, or nil when it is not of this kind.
  ///
  /// Lists and maps are written as YAML or JSON in one line.
  func read(_ text: String) -> Value? {
    switch self {
    case .string, .secret, .file: return .string(text)
    case .integer: return Int64(text).map { .int($0) }
    case .number: return Int64(text).map { .int($0) } ?? Double(text).map { .double($0) }
    case .boolean: return ["true": true, "false": false][text].map { .bool($0) }
    case .list, .map:
      guard let node = try? YAMLNode(parsing: Array(text.utf8), file: "input") else { return nil }
      return adopt(node.value)
    }
  }

  /// `value` where it is of this kind, or nil.
  func adopt(_ value: Value) -> Value? {
    switch (self, value) {
    case (.string, .string), (.secret, .string), (.file, .string), (.integer, .int),
      (.number, .int), (.number, .double), (.boolean, .bool), (.list(of: nil), .list),
      (.map(of: nil), .map):
      return value
    case (.list(let kind?), .list(let elements)):
      let adopted = elements.compactMap(kind.adopt)
      return adopted.count == elements.count ? .list(adopted) : nil
    case (.map(let kind?), .map(let map)):
      return map.entries.values.allSatisfy { kind.adopt($0) != nil } ? value : nil
    case (.string, _), (.secret, _), (.file, _), (.integer, _), (.number, _), (.boolean, _),
      (.list, _), (.map, _):
      return nil
    }
  }

  /// The kind in words, with its article.
  var phrase: String {
    switch self {
    case .string: "a string"
    case .integer: "an integer"
    case .number: "a number"
    case .boolean: "`true` or `false`"
    case .secret: "a secret"
    case .file: "the path of a file"
    case .list(let kind): kind.map { "a list, each element \($0.phrase)" } ?? "a list"
    case .map(let kind): kind.map { "a map, each value \($0.phrase)" } ?? "a map"
    }
  }

  var example: String {
    switch self {
    case .string: "text"
    case .integer: "42"
    case .number: "1.5"
    case .boolean: "true"
    case .secret: "env:NAME"
    case .file: "./contract.txt"
    case .list: "[a, b]"
    case .map: "{a: 1}"
    }
  }

  /// What the checker knows of such an input.
  var staticType: StaticType {
    switch self {
    case .string, .secret: .string
    case .integer: .int
    case .number: .dyn
    case .boolean: .bool
    case .file:
      .object(["path": .string, "name": .string, "extension": .string, "size": .int])
    case .list(let kind): .list(kind?.staticType ?? .dyn)
    case .map(let kind): .map(key: .string, value: kind?.staticType ?? .dyn)
    }
  }
}
