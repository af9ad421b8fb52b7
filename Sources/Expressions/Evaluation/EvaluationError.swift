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

  /// An error about the part of an expression at `location`; `hint` says what to do next.
  package init(_ message: String, at location: SourceLocation, hint: String? = nil) {
    self.message = message
    self.location = location
    self.hint = hint
  }

  /// The same as a diagnostic about the file, with code `evaluation-failed`.
  package var diagnostic: Diagnostic {
    Diagnostic("evaluation-failed", message, at: location, hint: hint)
  }
}
