package import Diagnostics

/// Why an expression has no value, and which part of it is to blame.
package struct EvaluationError: Error, Sendable, Hashable {
  /// One sentence without a full stop.
  ///
  /// Never holds what is or came from a secret.
  package var message: String
  /// The part of the expression that has no value, in the file that holds it.
  package var location: SourceLocation
  /// What to do about it, when that is known.
  package var hint: String?
  /// What the value waits for when it is unknown; nil when the expression is wrong.
  package var unknown: Unknown?

  /// An error about the part of an expression at `location`; `hint` says what to do next.
  package init(
    _ message: String, at location: SourceLocation, hint: String? = nil, unknown: Unknown? = nil
  ) {
    self.message = message
    self.location = location
    self.hint = hint
    self.unknown = unknown
  }

  /// The value depends on what is unknown, and nothing is wrong with the expression at `location`.
  init(waitingFor unknown: Unknown, at location: SourceLocation) {
    self.init(
      EvaluationFailure(waitingFor: unknown).message, at: location, unknown: unknown)
  }

  /// The same as a diagnostic about the file, with code `evaluation-failed`.
  package var diagnostic: Diagnostic {
    Diagnostic(.evaluationFailed, message, at: location, hint: hint)
  }
}
