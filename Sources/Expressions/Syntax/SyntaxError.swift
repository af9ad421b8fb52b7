import Diagnostics

/// Why a text is no expression, before it is known where the text stands.
struct SyntaxError: Error, Hashable {
  var code = "expression-syntax"
  var message: String
  var span: SourceSpan
  var hint: String?

  func diagnostic(in places: SourceMap) -> Diagnostic {
    Diagnostic(code, message, at: places.location(of: span), hint: hint)
  }
}
