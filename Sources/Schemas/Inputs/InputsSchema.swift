import Expressions
package import OrderedCollections
package import Playbooks

/// The schema of inputs files: of any playbook, or of one.
enum InputsSchema {
  private static let title = "Privirun inputs file"

  /// The schema of the inputs files of any playbook.
  static var document: Value {
    [
      "$schema": SchemaParts.dialect,
      "title": .string(title),
      "description": """
      What a file for `--inputs` looks like: the values of inputs by name, in YAML or JSON. A secret is a \
      reference, `env:VARIABLE` or `file:PATH`. `privirun schema inputs PLAYBOOK` prints the schema of \
      the inputs of one playbook.
      """,
      "type": "object",
      "properties": ["shared": shared],
      "propertyNames": ["pattern": "^[A-Za-z_][A-Za-z0-9_]*$"],
      "additionalProperties": ["type": ["string", "number", "boolean", "array", "object"]],
      // A playbook given for an inputs file by mistake.
      "not": ["required": ["playbook", "steps"]],
    ]
  }

  private static let shared: Value = [
    "description": """
    As the first entry: `true` says that the file is for several playbooks, so that names which a \
    playbook does not have are left out.
    """
  ]

  /// The schema of the inputs files of the playbook `name`, which declares `inputs`.
  static func document(
    for inputs: OrderedDictionary<String, InputDeclaration>, of name: String,
    _ completeness: InputsCompleteness
  ) -> Value {
    let members = inputs.map { ($0.key, InputSchema($0.value).value) }
    let names = inputs.keys.map { ($0, Value.bool(true)) }
    let own = inputs["shared"] == nil ? [("shared", shared)] : []
    let document: Value = [
      "$schema": SchemaParts.dialect,
      "title": .string("\(title) of \(name)"),
      "type": "object", "properties": SchemaParts.members(own + members),
      // A file for several playbooks may have other names, too.
      "if": SchemaParts.having("shared", true),
      "else": ["properties": SchemaParts.members(names), "additionalProperties": false],
    ]
    let required = inputs.filter { $0.value.defaultValue == nil }.map(\.key)
    guard completeness == .whole, !required.isEmpty else { return document }
    return SchemaParts.adding(["required": SchemaParts.strings(required)], to: document)
  }
}

/// Whether an inputs file must hold every input that has no default.
package enum InputsCompleteness: Sendable {
  case whole
  /// Further files, `--input` or prompts give what is missing.
  case partial
}

extension SchemaDocument {
  /// The schema of the inputs files of the playbook `name`, which declares `inputs`.
  package init(
    inputs: OrderedDictionary<String, InputDeclaration>, of name: String,
    _ completeness: InputsCompleteness
  ) {
    self.init(InputsSchema.document(for: inputs, of: name, completeness))
  }
}
