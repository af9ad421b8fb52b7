import Expressions
import Operations
import Playbooks

/// The schema of one field under `with`, whose value can be an expression.
struct FieldSchema {
  let field: Field

  init(_ field: Field) { self.field = field }

  /// The schema with the field's summary and what the service takes where it is left out.
  var value: Value {
    var schema = SchemaParts.described(Self.schema(of: field.schema), description)
    // Null is the same as leaving the field out.
    if !field.isRequired { schema = Self.optional(schema) }
    guard let usual = field.defaultText, let value = Self.plain(usual, field.type) else {
      return schema
    }
    return SchemaParts.adding(["default": value], to: schema)
  }

  private var description: String? {
    let isSentence = field.summary.isEmpty || field.summary.hasSuffix(".")
    let summary = isSentence ? field.summary : field.summary + "."
    let parts = [summary, field.isSensitive ? "Secret." : ""].filter { !$0.isEmpty }
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  private static func plain(_ text: String, _ type: ValueType) -> Value? {
    switch type {
    case .integer: Int64(text).map { .int($0) }
    case .number: Double(text).map { .double($0) }
    case .boolean: Bool(text).map { .bool($0) }
    case .string, .secret: .string(text)
    case .bytes, .file, .any, .list, .map, .record: nil
    }
  }

  private static func optional(_ schema: Value) -> Value {
    guard case .map(let map) = schema else { return schema }
    switch map["type"] {
    case .string(let word):
      return SchemaParts.adding(["type": [.string(word), "null"]], to: schema)
    case .list(let words): return SchemaParts.adding(["type": .list(words + ["null"])], to: schema)
    case _:
      guard case .list(let choices) = map["anyOf"] else { return schema }
      return SchemaParts.adding(["anyOf": .list(choices + [["type": "null"]])], to: schema)
    }
  }

  // MARK: By type

  private static let expression = SchemaParts.reference("expression")

  private static func schema(of schema: ValueSchema) -> Value {
    guard schema.allowed.isEmpty else {
      return ["anyOf": [["enum": .list(schema.allowed)], expression]]
    }
    switch schema.type {
    case .string, .secret: return text(schema)
    case .bytes: return ["type": "string"]
    case .integer, .number:
      return bounded(computed(.string(schema.type.word)), "minimum", "maximum", schema)
    case .boolean: return computed("boolean")
    case .list(let element):
      let items: Value = ["items": self.schema(of: ValueSchema(element))]
      let list = SchemaParts.adding(items, to: computed("array"))
      return bounded(list, "minItems", "maxItems", schema)
    case .map(let element):
      let members: Value = [
        "propertyNames": SchemaParts.reference("constantKey"),
        "additionalProperties": element == .any
          ? SchemaParts.reference("value") : self.schema(of: ValueSchema(element)),
      ]
      return SchemaParts.adding(members, to: computed("object"))
    case .any, .file, .record:
      return SchemaParts.adding(
        ["type": ["string", "number", "boolean", "array", "object"]],
        to: SchemaParts.reference("value"))
    }
  }

  /// A value of the JSON type, or an expression that gives one.
  private static func computed(_ type: Value) -> Value {
    [
      "type": [type, "string"], "pattern": .string(CommonDefinitions.expressionMark),
      "patternErrorMessage": "a value of another type is written as an expression: ${{ … }}",
    ]
  }

  private static func text(_ schema: ValueSchema) -> Value {
    var bounds = bounded(["type": "string"], "minLength", "maxLength", schema)
    if let pattern = schema.pattern.flatMap(PortablePattern.init) {
      bounds = SchemaParts.adding(["pattern": .string(pattern.whole)], to: bounds)
    }
    return bounds == ["type": "string"] ? bounds : ["anyOf": [bounds, expression]]
  }

  private static func bounded(
    _ value: Value, _ minimum: String, _ maximum: String, _ schema: ValueSchema
  ) -> Value {
    var bounds: [(String, Value)] = []
    if let limit = schema.minimum { bounds.append((minimum, .int(Int64(limit)))) }
    if let limit = schema.maximum { bounds.append((maximum, .int(Int64(limit)))) }
    return SchemaParts.adding(SchemaParts.members(bounds), to: value)
  }
}
