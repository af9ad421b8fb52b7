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

  /// What the field holds.
  package indirect enum Kind: Sendable, Hashable {
    case string
    case integer
    case number
    case boolean
    case bytes
    case list(of: Kind)
    case map
    case any
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
  /// The type that an argument is converted to before it is checked and sent.
  package var kind: Kind
  /// Whether a call without the field is refused before anything is sent; null counts as absent.
  package var isRequired: Bool
  /// Whether the value is secret in every output and in the journal, however the caller gave it.
  package var isSensitive: Bool
  /// The texts that the value may be; empty when any value will do.
  package var allowed: [String]
  /// The least number, or the least count of characters or elements.
  package var minimum: Int?
  /// The greatest number, or the greatest count of characters or elements.
  package var maximum: Int?
  /// The regular expression (RE2) that the whole text must match.
  package var pattern: String?
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

  /// A field that a call gives at `place`; nothing bounds its value unless said otherwise.
  package init(
    place: Place, kind: Kind, isRequired: Bool, isSensitive: Bool = false, allowed: [String] = [],
    minimum: Int? = nil, maximum: Int? = nil, pattern: String? = nil, defaultText: String? = nil,
    alsoKnownAs: [String] = [], alsoSentAs: [String] = [], isCommaJoined: Bool = false,
    summary: String = "", role: Role? = nil
  ) {
    self.place = place
    self.kind = kind
    self.isRequired = isRequired
    self.isSensitive = isSensitive
    self.allowed = allowed
    self.minimum = minimum
    self.maximum = maximum
    self.pattern = pattern
    self.defaultText = defaultText
    self.alsoKnownAs = alsoKnownAs
    self.alsoSentAs = alsoSentAs
    self.isCommaJoined = isCommaJoined
    self.summary = summary
    self.role = role
  }
}
