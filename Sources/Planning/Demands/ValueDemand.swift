import Expressions
import Operations
import OrderedCollections
import Playbooks

/// What is asked for under one name: by a field of a call, or by an input of a playbook.
struct ValueDemand: Sendable, Hashable {
  indirect enum Kind: Sendable, Hashable {
    case string
    case integer
    case number
    case boolean
    case bytes
    case file
    case any
    case list(Kind)
    case map(Kind)
  }

  var kind: Kind
  /// The values allowed, or none for any.
  var allowed: [Value] = []
  /// The bounds of a number, or of the count of characters or elements.
  var minimum: Int?
  var maximum: Int?
  /// The regular expression a whole text must match.
  var pattern: String?
  /// Whether what is given must not be quoted.
  var isSensitive = false

  init(_ kind: Kind) {
    self.kind = kind
  }

  init(_ field: Field) {
    kind = Kind(field.kind)
    allowed = field.allowed.map { .string($0) }
    minimum = field.minimum
    maximum = field.maximum
    pattern = field.pattern
    isSensitive = field.isSensitive
  }

  init(_ declaration: InputDeclaration) {
    kind = Kind(declaration.kind)
    allowed = declaration.allowed ?? []
    pattern = declaration.pattern
    isSensitive = declaration.kind.holdsSecret
  }
}

extension ValueDemand.Kind {
  init(_ kind: Field.Kind) {
    switch kind {
    case .string: self = .string
    case .integer: self = .integer
    case .number: self = .number
    case .boolean: self = .boolean
    case .bytes: self = .bytes
    case .list(let element): self = .list(Self(element))
    case .map: self = .map(.any)
    case .any: self = .any
    }
  }

  init(_ kind: InputDeclaration.Kind) {
    switch kind {
    case .string, .secret: self = .string
    case .integer: self = .integer
    case .number: self = .number
    case .boolean: self = .boolean
    case .file: self = .file
    case .list(let element): self = .list(element.map { Self($0) } ?? .any)
    case .map(let element): self = .map(element.map { Self($0) } ?? .any)
    }
  }

  /// The type that expressions see.
  var staticType: StaticType {
    switch self {
    case .string: .string
    case .integer: .int
    case .number: .double
    case .boolean: .bool
    case .bytes: .bytes
    case .any: .dyn
    case .file:
      .object(["path": .string, "name": .string, "extension": .string, "size": .int])
    case .list(let element): .list(element.staticType)
    case .map(let element): .map(key: .string, value: element.staticType)
    }
  }

  /// What a value of this kind is called, with its article.
  var phrase: String {
    switch self {
    case .string: "a string"
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
    }
  }

  private var plural: String {
    switch self {
    case .string: "strings"
    case .integer: "integers"
    case .number: "numbers"
    case .boolean: "booleans"
    case .bytes: "bytes or strings"
    case .file: "files"
    case .any: "values"
    case .list: "lists"
    case .map: "maps"
    }
  }
}
