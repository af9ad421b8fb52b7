import Expressions
import OrderedCollections
import Playbooks

/// The schema of the value of one input, or of one field of a record, in an inputs file.
struct InputSchema {
  let declaration: InputDeclaration

  init(_ declaration: InputDeclaration) { self.declaration = declaration }

  /// The schema with the declaration's summary and default.
  var value: Value {
    let schema = SchemaParts.described(restricted, declaration.summary)
    // The path of a default is relative to the playbook, and one in an inputs file to that file.
    guard let usual = declaration.defaultValue, !declaration.type.holdsFile else { return schema }
    return SchemaParts.adding(["default": usual], to: schema)
  }

  private var restricted: Value {
    let schema = Self.schema(of: declaration.type)
    let restrictions = declaration.schema
    guard restrictions.allowed.isEmpty else {
      return SchemaParts.adding(["enum": .list(restrictions.allowed)], to: schema)
    }
    // What a secret must match is in the variable or file that the reference names.
    guard declaration.type == .string,
      let pattern = restrictions.pattern.flatMap(PortablePattern.init)
    else { return schema }
    return SchemaParts.adding(["pattern": .string(pattern.whole)], to: schema)
  }

  private static func schema(of type: ValueType) -> Value {
    switch type {
    case .string, .bytes: ["type": "string"]
    case .integer, .number, .boolean: ["type": .string(type.word)]
    case .secret: secret
    case .file:
      ["type": "string", "minLength": 1, "$comment": "A path, relative to the inputs file."]
    case .any: [:]
    case .list(let element): ["type": "array", "items": schema(of: element)]
    case .map(let element): ["type": "object", "additionalProperties": schema(of: element)]
    case .record(let fields): record(of: fields)
    }
  }

  private static let secret: Value = [
    "type": "string",
    "pattern": "^(env:[A-Za-z_][A-Za-z0-9_]*|file:[\\s\\S]+)$",
    "patternErrorMessage": "a secret is a reference: env:VARIABLE or file:PATH",
    "examples": ["env:VARIABLE", "file:PATH"],
  ]

  private static func record(of fields: OrderedDictionary<String, InputDeclaration>) -> Value {
    SchemaParts.closed(
      fields.map { ($0.key, InputSchema($0.value).value) },
      required: fields.filter { $0.value.defaultValue == nil }.map(\.key))
  }
}
