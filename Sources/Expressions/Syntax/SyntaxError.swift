import Diagnostics

/// Why a text is no expression, before it is known where the text stands.
///
/// A class so that it takes one word in every frame of the parser, which nests deeply.
final class SyntaxError: Error {
  let code: DiagnosticCode
  let message: String
  let span: SourceSpan
  let hint: String?

  init(
    code: DiagnosticCode = .expressionSyntax, message: String, span: SourceSpan, hint: String? = nil
  ) {
    self.code = code
    self.message = message
    self.span = span
    self.hint = hint
  }

  func diagnostic(in places: SourceMap) -> Diagnostic {
    Diagnostic(code, message, at: places.location(of: span), hint: hint)
  }
}
