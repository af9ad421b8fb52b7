/// The maps of a playbook that have keys of the language, and their keys; those of a step are in `StepKind`.
///
/// Whatever knows keys (the reader, the JSON Schema, the reference) takes them from here.
package enum PlaybookMapping: Sendable, Hashable, CaseIterable {
  /// The whole file.
  case playbook
  /// An entry of `inputs`.
  case input
  /// An entry of `fields` of a record.
  case field
  /// The type of the elements of a list or map, under `of`.
  case element
  /// The credentials of a profile.
  case login
  /// The tokens of an application.
  case application
  case retry
  /// What the pages of a `for-each` are read by.
  case pages
  /// `wait` until a condition is true.
  case wait
  /// A condition with a message, under `assert` and `expect`.
  case assertion
  case approve
  /// An entry of `fields` of `approve`.
  case formField

  /// The keys, in the order of the reference.
  package var keys: [String] {
    switch self {
    case .playbook:
      [
        "playbook", "name", "summary", "labels", "inputs", "let", "session", "undo-on", "steps",
        "outputs",
      ]
    case .input: Self.field.keys + ["new"]
    case .field: ["type", "of", "fields", "summary", "default", "pattern", "enum"]
    case .element: ["type", "of", "fields"]
    case .login: ["username", "password", "revoke"]
    case .application: ["access-token", "refresh-token", "expires-at", "revoke"]
    case .retry: ["attempts", "backoff", "max-backoff", "on"]
    case .pages: ["call", "with", "items", "next", "timeout", "retry", "expect"]
    case .wait: ["until", "call", "with", "every"]
    case .assertion: ["that", "message"]
    case .approve: ["message", "fields"]
    case .formField: ["type", "summary"]
    }
  }

  /// The keys that must be there; what else must be depends on other keys.
  package var requiredKeys: [String] {
    switch self {
    case .playbook: ["playbook", "steps"]
    case .input, .field, .element, .formField: ["type"]
    case .login: ["username", "password"]
    case .application: ["access-token"]
    case .retry: ["attempts"]
    case .pages: ["call", "items", "next"]
    case .wait: ["until", "call"]
    case .assertion: ["that"]
    case .approve: ["message"]
    }
  }
}
