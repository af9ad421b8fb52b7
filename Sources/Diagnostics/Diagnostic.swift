/// One diagnostic about what the user wrote: where, what, and what to do next.
package struct Diagnostic: Sendable, Hashable {
  /// How much a diagnostic matters.
  package enum Severity: String, Sendable, Hashable {
    /// The file cannot be used.
    case error
    /// The file can be used; the diagnostic deserves a look.
    case warning
  }

  /// An error makes what was read unusable; a warning leaves the outcome as it is.
  package var severity: Severity
  /// The rule, such as `unknown-key`.
  package var code: DiagnosticCode
  /// One sentence without a full stop.
  ///
  /// Never holds the value of a secret.
  package var message: String
  /// Where, or nil when the diagnostic belongs to no text (an option of the command line, say).
  package var location: SourceLocation?
  /// What to do next, when that is known.
  package var hint: String?
  /// Other places that it is about, the most helpful first.
  package var related: [RelatedLocation]
  /// What certainly corrects it, when anything does.
  package var fix: Fix?
  /// Whether the line it points at is quoted when it is shown.
  package var quotation: Quotation

  /// Whether the line of a diagnostic is quoted.
  package enum Quotation: Sendable, Hashable {
    case line
    /// The line holds a secret in plain text: only its location is shown.
    case none
  }

  /// A diagnostic `code` that says `message`; `hint` says what to do next.
  ///
  /// It is an error whose line is quoted, unless `severity` and `quotation` say otherwise.
  package init(
    _ code: DiagnosticCode, _ message: String, at location: SourceLocation?, hint: String? = nil,
    related: [RelatedLocation] = [], fix: Fix? = nil, severity: Severity = .error,
    quotation: Quotation = .line
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.location = location
    self.hint = hint
    self.related = related
    self.fix = fix
    self.quotation = quotation
  }
}

/// All diagnostics of one reading, thrown together when at least one is an error.
package struct InvalidInput: Error, Sendable, Hashable {
  /// Errors, and the warnings found along with them.
  package var diagnostics: [Diagnostic]

  /// An error made of `diagnostics`, at least one of which is an error.
  package init(_ diagnostics: [Diagnostic]) {
    self.diagnostics = diagnostics
  }
}
