package import OrderedCollections
package import Diagnostics
package import Expressions

/// One playbook file, read: syntactically whole, its references not yet checked.
package struct Playbook: Sendable, Hashable {
  package var name: String
  package var summary: String?
  package var inputs: OrderedDictionary<String, InputDeclaration>
  /// The credentials of the default session, or nil when the caller's session is used.
  package var session: Credentials?
  package var steps: [Step]
  package var outputs: OrderedDictionary<String, OutputDeclaration>
  package var location: SourceLocation

  package init(
    name: String, summary: String? = nil,
    inputs: OrderedDictionary<String, InputDeclaration> = [:], session: Credentials? = nil,
    steps: [Step], outputs: OrderedDictionary<String, OutputDeclaration> = [:],
    location: SourceLocation
  ) {
    self.name = name
    self.summary = summary
    self.inputs = inputs
    self.session = session
    self.steps = steps
    self.outputs = outputs
    self.location = location
  }
}

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

  package var kind: Kind
  package var summary: String?
  /// The value used when the caller gives none; nil makes the input required.
  ///
  /// Already of the declared kind. A `file` default is the path as text, relative to the playbook.
  package var defaultValue: Value?
  /// A regular expression the whole text must match (strings and secrets).
  package var pattern: String?
  /// The values allowed, or nil for any.
  package var allowed: [Value]?
  package var location: SourceLocation

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

/// What a playbook hands back under one name.
package struct OutputDeclaration: Sendable, Hashable {
  package var value: Template
  package var location: SourceLocation

  package init(value: Template, location: SourceLocation) {
    self.value = value
    self.location = location
  }
}

/// Who a session belongs to.
package struct Credentials: Sendable, Hashable {
  package var username: Template
  package var password: Template
  package var location: SourceLocation

  package init(username: Template, password: Template, location: SourceLocation) {
    self.username = username
    self.password = password
    self.location = location
  }
}
