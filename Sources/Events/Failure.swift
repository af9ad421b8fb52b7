package import Diagnostics
package import Expressions
package import Playbooks

/// Why a step failed, and what a person can do about it.
package struct Failure: Error, Sendable, Hashable {
  /// The class of the failure, which `retry.on` names and expressions see as `error.class`.
  package var kind: FailureClass
  /// One sentence without a full stop; never holds a secret.
  package var message: String
  /// What to do next, when that is known.
  package var hint: String?
  /// The machine-readable reason for which the service refused a request, such as `device.name_taken`; nil
  /// where it gave none.
  package var reason: String? = nil
  /// The HTTP status, when an answer was the cause.
  package var status: Int?
  /// The operation or local action that failed.
  package var operation: String?
  /// What the service answered, cut to a bounded size, or null.
  package var answer: Value
  /// The step in its file.
  package var location: SourceLocation?
  /// Whether no connection to the service could be made, so that nothing was sent.
  package var isUnreachable: Bool
  /// The operation that reads whether it happened all the same, where the API's description names
  /// one.
  package var lookup: String?

  /// Whether another attempt may end otherwise; not for a certificate that is not accepted.
  package var allowsRetry = true

  /// A failure of class `kind` that another attempt may mend; `message` must hold no secret.
  package init(
    _ kind: FailureClass, _ message: String, hint: String? = nil, status: Int? = nil,
    operation: String? = nil, answer: Value = .null, location: SourceLocation? = nil,
    isUnreachable: Bool = false, lookup: String? = nil
  ) {
    self.kind = kind
    self.message = message
    self.hint = hint
    self.status = status
    self.operation = operation
    self.answer = answer
    self.location = location
    self.isUnreachable = isUnreachable
    self.lookup = lookup
  }
}
