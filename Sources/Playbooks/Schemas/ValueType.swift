package import Expressions
package import OrderedCollections

/// What a value is: the one list of types for inputs, fields of operations, results and forms.
package indirect enum ValueType: Sendable, Hashable {
  case string
  case integer
  case number
  case boolean
  case bytes
  /// A string that is secret.
  case secret
  /// A file of this machine: a map with `path`, `name`, `extension` and `size`.
  case file
  case any
  case list(of: ValueType)
  case map(of: ValueType)
  /// A map with these fields and no others; a field with a default may be left out, and has it then.
  case record(OrderedDictionary<String, InputDeclaration>)
}

extension ValueType {
  /// The types that a playbook can name.
  package static let declarable: [ValueType] = [
    .string, .integer, .number, .boolean, .secret, .file, .list(of: .any), .map(of: .any),
    .record([:]),
  ]

  /// The type that a playbook names with `word`; elements of lists and maps are of any type,
  /// and a record has no fields yet.
  package init?(declaredAs word: String) {
    guard let type = Self.declarable.first(where: { $0.word == word }) else { return nil }
    self = type
  }

  /// The type in one word, as a playbook names it.
  package var word: String {
    switch self {
    case .string: "string"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .bytes: "bytes"
    case .secret: "secret"
    case .file: "file"
    case .any: "any"
    case .list: "list"
    case .map: "map"
    case .record: "record"
    }
  }

  /// The type with that of its elements, such as `list of string`.
  package var name: String {
    switch element {
    case nil: word
    // A map is one of anything unless it says more.
    case .any? where self == .map(of: .any): word
    case let element?: "\(word) of \(element.name)"
    }
  }

  /// What stands for a value of this type in a file, with its article.
  var writtenPhrase: String { self == .file ? "the path of a file" : phrase }

  /// What a value of this type is called, with its article.
  package var phrase: String {
    switch self {
    case .string, .secret: "a string"
    case .integer: "an integer"
    case .number: "a number"
    case .boolean: "true or false"
    case .bytes: "bytes or a string"
    case .file: "a file"
    case .any: "a value"
    case .list(.any): "a list"
    case .list(let element): "a list of \(element.plural)"
    case .map(.any): "a map"
    case .map(let element): "a map of \(element.plural)"
    case .record: "a record"
    }
  }

  private var plural: String {
    switch self {
    case .string, .secret: "strings"
    case .integer: "integers"
    case .number: "numbers"
    case .boolean: "booleans"
    case .bytes: "bytes or strings"
    case .file: "files"
    case .any: "values"
    case .list(.any): "lists"
    case .list(let element): "lists of \(element.plural)"
    case .map(.any): "maps"
    case .map(let element): "maps of \(element.plural)"
    case .record: "records"
    }
  }

  /// The type of a list's or map's elements, or nil.
  package var element: ValueType? {
    switch self {
    case .list(let element), .map(let element): element
    case .string, .integer, .number, .boolean, .bytes, .secret, .file, .any, .record: nil
    }
  }

  /// The types of what a value of this type contains.
  private var parts: [ValueType] {
    switch self {
    case .list(let element), .map(let element): [element]
    case .record(let fields): fields.values.map(\.type)
    case .string, .integer, .number, .boolean, .bytes, .secret, .file, .any: []
    }
  }

  /// Whether a value of this type is or contains a secret.
  package var holdsSecret: Bool {
    if case .secret = self { true } else { parts.contains(where: \.holdsSecret) }
  }

  /// Whether a value of this type is or contains a file.
  package var holdsFile: Bool {
    if case .file = self { true } else { parts.contains(where: \.holdsFile) }
  }

  /// Whether a value of this type is or contains a record.
  package var holdsRecord: Bool {
    if case .record = self { true } else { parts.contains(where: \.holdsRecord) }
  }

  /// The type that expressions see.
  package var staticType: StaticType {
    switch self {
    case .string, .secret: .string
    case .integer: .int
    case .number: .double
    case .boolean: .bool
    case .bytes: .bytes
    case .any: .dyn
    case .file:
      .object(["path": .string, "name": .string, "extension": .string, "size": .int])
    case .list(let element): .list(element.staticType)
    case .map(let element): .map(key: .string, value: element.staticType)
    case .record(let fields): .object(fields.mapValues(\.type.staticType))
    }
  }
}
