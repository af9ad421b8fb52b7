package import OrderedCollections
package import Playbooks

/// One field that a finished call offers to later steps.
package struct AnswerField: Sendable, Hashable {
  /// What the field's value is converted to; a value that does not fit counts as missing.
  ///
  /// A sensitive one is secret for expressions, in every output and in the journal.
  package var schema: ValueSchema
  /// Where it is looked for, in order; the first source that holds something fitting wins.
  package var from: [AnswerSource]
  /// Whether an answer without it cannot be used.
  package var isRequired: Bool
  /// For lists of records: a name that every record gets, and the spellings it is taken from.
  ///
  /// A record that is a bare text becomes a record with that text under the first name.
  package var record: OrderedDictionary<String, [String]>
  /// What the field holds, in one phrase for the operations' manual.
  package var summary: String

  /// An answer field found in `from`; it is optional and not secret unless said otherwise.
  package init(
    _ type: ValueType, from: [AnswerSource], isSensitive: Bool = false, isRequired: Bool = false,
    record: OrderedDictionary<String, [String]> = [:], summary: String = ""
  ) {
    schema = ValueSchema(type, isSensitive: isSensitive)
    self.from = from
    self.isRequired = isRequired
    self.record = record
    self.summary = summary
  }

  /// The type that the field's value is converted to.
  package var type: ValueType { schema.type }
  /// Whether the value is secret.
  package var isSensitive: Bool { schema.isSensitive }
}
