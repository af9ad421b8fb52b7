package import Diagnostics
package import Expressions

/// What a playbook asks of its caller under one name.
package struct InputDeclaration: Sendable, Hashable {
  /// The types an input can have; `list` and `map` may name the type of their elements.
  package indirect enum Kind: Sendable, Hashable {
    case string
    case integer
    case number
    case boolean
    case secret
    case file
    case list(of: Kind?)
    case map(of: Kind?)
  }

  /// The type under `type`, and for lists and maps the type under `of`.
  package var kind: Kind
  /// The one-line description for people, or nil when the author gave none.
  package var summary: String?
  /// The value used when the caller gives none; nil makes the input required.
  ///
  /// Already of the declared kind. A `file` default is the path as text, relative to the playbook.
  package var defaultValue: Value?
  /// A regular expression the whole text must match (strings and secrets).
  package var pattern: String?
  /// The values allowed, or nil for any.
  package var allowed: [Value]?
  /// Where the input's name stands.
  package var location: SourceLocation

  /// A declaration of type `kind`: required, and open to every value, unless said otherwise.
  package init(
    kind: Kind, summary: String? = nil, defaultValue: Value? = nil, pattern: String? = nil,
    allowed: [Value]? = nil, location: SourceLocation
  ) {
    self.kind = kind
    self.summary = summary
    self.defaultValue = defaultValue
    self.pattern = pattern
    self.allowed = allowed
    self.location = location
  }
}
