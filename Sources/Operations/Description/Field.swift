package import Playbooks

/// One field that a call takes.
package struct Field: Sendable, Hashable {
  /// Where the field travels.
  package enum Place: String, Sendable, Hashable, CaseIterable {
    case path
    case query
    case body
    /// In the `Authorization` header, as the operation's authorization says.
    case authorization
    /// Nowhere: it steers this program (a key that proves an answer, say).
    case local
  }

  /// What a local field does with the payload of its operation.
  package enum Role: String, Sendable, Hashable, CaseIterable {
    /// The file that goes out as the body, in place of the field in the body.
    case source
    /// The file that the data which comes down is written to.
    case target
    /// The data key: encrypts the source, decrypts the target, proves data inside a message.
    case key
  }

  /// Where the field is put when the request is made.
  package var place: Place
  /// What an argument is converted to before it is sent, and what bounds it.
  package var schema: ValueSchema
  /// Whether a call without the field is refused before anything is sent; null counts as absent.
  package var isRequired: Bool
  /// What the service takes when the field is left out, as the description writes it.
  package var defaultText: String?
  /// Names that other sources give the field; it is never sent under them.
  package var alsoKnownAs: [String]
  /// Further names under which the same value is sent too (protocol.md §13, column "send").
  package var alsoSentAs: [String]
  /// Whether a list travels as one text with commas between the elements.
  package var isCommaJoined: Bool
  /// What the field is for, in one phrase for the operations' manual.
  package var summary: String
  /// What a local field does with the operation's payload, or nil when it has no part in it.
  package var role: Role?

  /// A field that a call gives at `place`.
  package init(
    _ schema: ValueSchema, at place: Place, isRequired: Bool, defaultText: String? = nil,
    alsoKnownAs: [String] = [], alsoSentAs: [String] = [], isCommaJoined: Bool = false,
    summary: String = "", role: Role? = nil
  ) {
    self.place = place
    self.schema = schema
    self.isRequired = isRequired
    self.defaultText = defaultText
    self.alsoKnownAs = alsoKnownAs
    self.alsoSentAs = alsoSentAs
    self.isCommaJoined = isCommaJoined
    self.summary = summary
    self.role = role
  }

  /// The type that an argument is converted to.
  package var type: ValueType { schema.type }
  /// Whether the value is secret in every output and in the journal, however the caller gave it.
  package var isSensitive: Bool { schema.isSensitive }
}
