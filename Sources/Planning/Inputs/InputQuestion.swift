/// What a person is asked at a terminal for an input that is missing.
package struct InputQuestion: Sendable, Hashable {
  /// How often a secret is typed.
  package enum Round: Sendable, Hashable {
    case first
    /// The same once more, to find what was mistyped.
    case repeated
  }

  /// The name of the input.
  package var name: String
  /// What must be given, such as "a string".
  package var expected: String
  /// What the playbook says about the input, or nil.
  package var summary: String?
  /// The values allowed, as text; empty when any value will do.
  package var allowed: [String]
  /// Whether what is typed is not shown.
  package var isSecret: Bool
  /// Whether a list, map or record is typed, as JSON or YAML, with references in place of its secrets.
  package var hasParts: Bool
  /// Whether this is the first time that the value is asked for.
  package var round: Round = .first
  /// What is wrong with the answer before, or nil when there was none.
  package var complaint: String?

  /// A first question, with nothing wrong yet.
  package init(
    name: String, expected: String, summary: String? = nil, allowed: [String] = [], isSecret: Bool,
    hasParts: Bool = false
  ) {
    self.name = name
    self.expected = expected
    self.summary = summary
    self.allowed = allowed
    self.isSecret = isSecret
    self.hasParts = hasParts
  }
}
