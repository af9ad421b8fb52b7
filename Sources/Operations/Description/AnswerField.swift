package import OrderedCollections

/// One field that a finished call offers to later steps.
package struct AnswerField: Sendable, Hashable {
  /// The type that the field's value is converted to; a value that does not fit counts as missing.
  package var kind: Field.Kind
  /// Where it is looked for, in order; the first source that holds something fitting wins.
  package var from: [AnswerSource]
  /// Whether the value is secret for expressions, in every output and in the journal.
  package var isSensitive: Bool
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
    kind: Field.Kind, from: [AnswerSource], isSensitive: Bool = false, isRequired: Bool = false,
    record: OrderedDictionary<String, [String]> = [:], summary: String = ""
  ) {
    self.kind = kind
    self.from = from
    self.isSensitive = isSensitive
    self.isRequired = isRequired
    self.record = record
    self.summary = summary
  }
}
