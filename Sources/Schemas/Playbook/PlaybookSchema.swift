import Expressions
import Operations
import OrderedCollections
import Playbooks

/// The schema of playbooks.
///
/// Everything that depends on a word, such as the fields under `with` on that of `call`, is chosen by
/// `if` and `then`: editors report what is wrong with the one form that is meant, and offer its keys alone.
struct PlaybookSchema {
  let api: APIDescription

  /// The schema with all its definitions.
  var document: Value {
    let mapping = PlaybookMapping.playbook
    let properties = mapping.keys.map { key in
      (key, Self.property(key, of: mapping, topLevel(key)))
    }
    let file = SchemaParts.closed(properties, required: mapping.requiredKeys)
    return SchemaParts.adding(
      ["$defs": SchemaParts.members(definitions)],
      to: SchemaParts.adding(
        file,
        to: [
          "$schema": SchemaParts.dialect,
          "title": "Privirun playbook, version 1",
          "description": """
          What a playbook looks like. YAML editors find the schema by a first line such as \
          `# yaml-language-server: $schema=schemas/playbook.schema.json`. Expressions, references and \
          what other files say are checked by `privirun check`.
          """,
        ]))
  }

  /// The member of a key, with its meaning.
  static func property(
    _ key: String, of mapping: PlaybookMapping, _ schema: Value
  ) -> Value {
    SchemaParts.described(schema, KeyMeanings.meaning(of: key, in: mapping))
  }

  private var definitions: [(String, Value)] {
    CommonDefinitions.all + declarations + sessions + refusals + retries + steps + calls
  }

  private func topLevel(_ key: String) -> Value {
    switch key {
    case "playbook": ["const": .int(Int64(PlaybookReader.languageVersion))]
    case "name", "summary": SchemaParts.reference("constant")
    case "labels":
      [
        "type": "object", "propertyNames": SchemaParts.reference("labelName"),
        "additionalProperties": SchemaParts.reference("text"),
      ]
    case "inputs": Self.named(by: "input")
    case "let": SchemaParts.reference("locals")
    case "session": SchemaParts.reference("credentials")
    case "undo-on":
      [
        "type": "array", "uniqueItems": true,
        "items": Self.choice(UndoCause.allCases) { KeyMeanings.meaning(of: $0) },
      ]
    case "steps": SchemaParts.reference("steps")
    case "outputs": Self.named(by: "value")
    case _: [:]
    }
  }

  /// A map of identifiers to what a definition says.
  static func named(by definition: String) -> Value {
    [
      "type": "object", "propertyNames": SchemaParts.reference("identifier"),
      "additionalProperties": SchemaParts.reference(definition),
    ]
  }
}

/// Sessions.
extension PlaybookSchema {
  private var sessions: [(String, Value)] {
    let application = PlaybookMapping.application
    let own = application.keys.filter { !PlaybookMapping.login.keys.contains($0) }
    return [
      (
        "credentials",
        SchemaParts.adding(
          SchemaParts.conditional(
            ["anyOf": .list(own.map { SchemaParts.having($0) })],
            then: SchemaParts.reference("application"), otherwise: SchemaParts.reference("login")),
          to: ["type": "object"])
      ),
      ("login", credentials(.login)),
      ("application", credentials(application)),
      (
        "session",
        [
          "anyOf": [
            SchemaParts.words([
              ("default", "The session of the playbook, or of the steps around."),
              ("none", "No session: requests carry no token."),
            ]),
            SchemaParts.reference("credentials"),
          ]
        ]
      ),
      ("tokenSession", ["anyOf": [["enum": ["default"]], SchemaParts.reference("credentials")]]),
      ("needsSession", ["enum": SchemaParts.strings(operationsWithToken)]),
    ]
  }

  /// The operations that cannot be called with `session: none`.
  private var operationsWithToken: [String] {
    api.operations.values.filter { $0.authorization == .token }.map(\.id)
  }

  /// A step that calls something under `key` has a session where the operation needs a token.
  static func sessionRule(under key: String) -> Value {
    let call: Value = [
      "type": "object", "properties": ["call": SchemaParts.reference("needsSession")],
      "required": ["call"],
    ]
    return SchemaParts.conditional(
      ["properties": SchemaParts.members([(key, call)])],
      then: ["properties": ["session": SchemaParts.reference("tokenSession")]])
  }

  private func credentials(_ mapping: PlaybookMapping) -> Value {
    let properties = mapping.keys.map { key in
      let schema: Value =
        switch key {
        case "revoke": ["type": "boolean", "default": false]
        case "expires-at":
          [
            "type": "string",
            "pattern": .string(
              "^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]+([Zz]|[+-][0-9]{2}:[0-9]{2})$|"
                + CommonDefinitions.expressionMark),
          ]
        case _: SchemaParts.reference("text")
        }
      return (key, Self.property(key, of: mapping, schema))
    }
    return SchemaParts.closed(properties, required: mapping.requiredKeys)
  }
}
