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

/// What a playbook hands back under one name.
package struct OutputDeclaration: Sendable, Hashable {
  package var value: Template
  package var location: SourceLocation

  package init(value: Template, location: SourceLocation) {
    self.value = value
    self.location = location
  }
}
