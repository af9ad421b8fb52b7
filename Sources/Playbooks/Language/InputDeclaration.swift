package import Diagnostics
package import Expressions

/// What a playbook asks of its caller under one name, or a field of a record.
package struct InputDeclaration: Sendable, Hashable {
  /// What a value must be, as `type`, `of`, `pattern` and `enum` say.
  package var schema: ValueSchema
  /// The one-line description for people, or nil when the author gave none.
  package var summary: String?
  /// The value used when the caller gives none; nil makes the input required.
  ///
  /// Already of the declared type. A `file` default is the path as text, relative to the playbook.
  package var defaultValue: Value?
  /// Whether the value is a secret that does not exist yet, which is typed twice at a terminal.
  package var isNew: Bool
  /// Where the name of the input or field stands.
  package var location: SourceLocation

  /// A declaration of `schema`, required unless it has a default.
  package init(
    _ schema: ValueSchema, summary: String? = nil, defaultValue: Value? = nil,
    isNew: Bool = false, location: SourceLocation
  ) {
    self.schema = schema
    self.summary = summary
    self.defaultValue = defaultValue
    self.isNew = isNew
    self.location = location
  }

  /// The type of the value.
  package var type: ValueType { schema.type }

  /// What must be given, with the summary: "a string: Login name".
  package var phrase: String {
    (type == .secret ? "secret" : type.phrase) + (summary.map { ": \($0)" } ?? "")
  }
}
