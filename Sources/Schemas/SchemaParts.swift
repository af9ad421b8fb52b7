import Expressions

/// Pieces of JSON Schema.
enum SchemaParts {
  /// The dialect of all schemas.
  static let dialect: Value = "https://json-schema.org/draft/2020-12/schema"

  /// What `$defs` holds under `name`; a description of its own comes before that of the definition.
  static func reference(_ name: String, _ description: String? = nil) -> Value {
    described(["$ref": .string("#/$defs/\(name)")], description)
  }

  /// The schema with a description.
  static func described(_ schema: Value, _ description: String?) -> Value {
    guard let description else { return schema }
    return adding(["description": .string(description)], to: schema)
  }

  /// The schema with further keywords, which replace those that it has already.
  static func adding(_ keywords: Value, to schema: Value) -> Value {
    guard case .map(var all) = schema, case .map(let added) = keywords else { return schema }
    for name in added.names { all[name] = added[name] }
    return .map(all)
  }

  /// A map with these members and no others.
  static func closed(
    _ properties: [(String, Value)], required: [String], description: String? = nil
  ) -> Value {
    var schema: Value = ["type": "object"]
    schema = described(schema, description)
    schema = adding(["properties": members(properties)], to: schema)
    if !required.isEmpty { schema = adding(["required": strings(required)], to: schema) }
    return adding(["additionalProperties": false], to: schema)
  }

  /// A map of members in this order.
  static func members(_ entries: [(String, Value)]) -> Value {
    var map = ValueMap()
    for (name, value) in entries { map[name] = value }
    return .map(map)
  }

  /// A list of strings.
  static func strings(_ texts: [String]) -> Value {
    .list(texts.map { .string($0) })
  }

  /// `then` where an object fits `condition`, else `otherwise`.
  static func conditional(
    _ condition: Value, then: Value? = nil, otherwise: Value? = nil
  ) -> Value {
    var schema: Value = ["if": condition]
    if let then { schema = adding(["then": then], to: schema) }
    if let otherwise { schema = adding(["else": otherwise], to: schema) }
    return schema
  }

  /// One of several words, each explained where an editor offers it.
  static func words(_ words: [(word: String, meaning: String)]) -> Value {
    [
      "enum": strings(words.map(\.word)), "enumDescriptions": strings(words.map(\.meaning)),
    ]
  }

  /// An object that has the key.
  static func having(_ key: String) -> Value {
    ["type": "object", "required": strings([key])]
  }

  /// An object whose `key` is the constant.
  static func having(_ key: String, _ constant: Value) -> Value {
    ["properties": members([(key, ["const": constant])]), "required": strings([key])]
  }

  /// `text` with whatever means something in a regular expression escaped.
  static func quoted(_ text: String) -> String {
    text.reduce(into: "") { quoted, character in
      if "\\^$.|?*+()[]{}/".contains(character) { quoted.append("\\") }
      quoted.append(character)
    }
  }
}
