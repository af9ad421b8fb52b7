import Expressions
import Playbooks

/// Inputs and the fields of records, whose other keys depend on `type`.
extension PlaybookSchema {
  var declarations: [(String, Value)] {
    [
      ("input", declaration(.input)),
      ("field", ["anyOf": [plainTypeName, declaration(.field)]]),
      ("element", element),
      ("typeName", typeName { _ in true }),
    ]
  }

  /// The names of types, without `record`, which is nothing without its fields.
  private static let plainWords = ValueType.declarable.map(\.word).filter { $0 != "record" }

  private func typeName(where isIncluded: (ValueType) -> Bool) -> Value {
    SchemaParts.words(
      ValueType.declarable.filter(isIncluded).map { ($0.word, KeyMeanings.meaning(of: $0)) })
  }

  private func declaration(_ mapping: PlaybookMapping) -> Value {
    let general = mapping.keys.map { key in
      (key, Self.property(key, of: mapping, declared(key, as: nil)))
    }
    return Self.chain(
      ValueType.declarable.map { type in
        let keys = mapping.keys.filter { Self.goes($0, with: type) }
        let properties = keys.map { key in
          (key, Self.property(key, of: mapping, declared(key, as: type)))
        }
        let required = mapping.requiredKeys + (type.word == "record" ? ["fields"] : [])
        return (
          SchemaParts.having("type", .string(type.word)),
          Self.restricted(SchemaParts.closed(properties, required: required), type)
        )
      }, otherwise: SchemaParts.closed(general, required: mapping.requiredKeys))
  }

  /// Whether a declaration of the type can have the key.
  static func goes(_ key: String, with type: ValueType) -> Bool {
    switch (key, type) {
    case ("of", .list), ("of", .map), ("fields", .record), ("new", .secret): true
    case ("pattern", .string), ("pattern", .secret): true
    case ("enum", .string), ("enum", .integer), ("enum", .number): true
    case ("default", .secret): false
    case ("of", _), ("fields", _), ("new", _), ("pattern", _), ("enum", _): false
    case (_, _): true
    }
  }

  private func declared(_ key: String, as type: ValueType?) -> Value {
    switch key {
    case "type": SchemaParts.reference("typeName")
    case "of": ofElements
    case "fields": SchemaParts.adding(["minProperties": 1], to: Self.named(by: "field"))
    case "new": ["type": "boolean", "default": false]
    case "enum":
      [
        "type": "array", "minItems": 1, "uniqueItems": true,
        "items": type.map(Self.data) ?? SchemaParts.reference("data"),
      ]
    case "default": type.map(Self.data) ?? SchemaParts.reference("data")
    case _: SchemaParts.reference("constant")
    }
  }

  /// Plain data of a type; what its elements are depends on `of`.
  private static func data(_ type: ValueType) -> Value {
    let noExpression = SchemaParts.reference("data")
    let word =
      switch type {
      case .string, .secret, .file: "string"
      case .list: "array"
      case .map, .record: "object"
      case .integer, .number, .boolean, .bytes, .any: type.word
      }
    return SchemaParts.adding(["type": .string(word)], to: noExpression)
  }

  /// A list or map whose elements are of a plain type has a default of such elements.
  private static func restricted(_ schema: Value, _ type: ValueType) -> Value {
    guard type.element != nil else { return schema }
    let rules = plainWords.compactMap { word -> Value? in
      guard let element = ValueType(declaredAs: word) else { return nil }
      let empty: Value = ["maxItems": 0, "maxProperties": 0]
      let each = data(element)
      let elements: Value = ["items": each, "additionalProperties": each]
      return SchemaParts.conditional(
        SchemaParts.having("of", .string(word)),
        then: ["properties": ["default": element.holdsSecret ? empty : elements]])
    }
    return SchemaParts.adding(["allOf": .list(rules)], to: schema)
  }

  private var ofElements: Value {
    ["anyOf": [plainTypeName, SchemaParts.reference("element")]]
  }

  /// The type of an element or a field where nothing else is said of it.
  private var plainTypeName: Value {
    typeName { type in if case .record = type { false } else { true } }
  }

  private var element: Value {
    let mapping = PlaybookMapping.element
    let general = mapping.keys.map { key in
      (key, Self.property(key, of: mapping, declared(key, as: nil)))
    }
    let cases = ValueType.declarable.map { type in
      let keys = mapping.keys.filter { Self.goes($0, with: type) }
      let properties = keys.map { key in
        (key, Self.property(key, of: mapping, declared(key, as: type)))
      }
      let required = mapping.requiredKeys + (type.word == "record" ? ["fields"] : [])
      return (
        SchemaParts.having("type", .string(type.word)),
        SchemaParts.closed(properties, required: required)
      )
    }
    return Self.chain(
      cases, otherwise: SchemaParts.closed(general, required: mapping.requiredKeys))
  }

  /// The schema of the first case whose condition is true, or that of none.
  static func chain(_ cases: [(condition: Value, schema: Value)], otherwise: Value) -> Value {
    cases.reversed().reduce(otherwise) { rest, next in
      SchemaParts.conditional(next.condition, then: next.schema, otherwise: rest)
    }
  }
}
