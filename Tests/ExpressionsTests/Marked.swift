import Diagnostics
import Expressions
import Testing

/// What is found in an expression, as a person would mark it.
struct Marked: Sendable, CustomTestStringConvertible {
  var source: String
  /// Carets below the source's first line.
  var marker: String
  var message: String
  var hint: String?

  init(_ source: String, _ marker: String, _ message: String, hint: String? = nil) {
    self.source = source
    self.marker = marker
    self.message = message
    self.hint = hint
  }

  var testDescription: String { source }

  /// The diagnostic that the marks describe.
  func diagnostic(_ code: DiagnosticCode, file: String = "a.yaml") -> Diagnostic {
    let column = marker.prefix { $0 == " " }.count + 1
    let location = SourceLocation(
      file: file, line: 1, column: column, length: marker.count - column + 1)
    return Diagnostic(
      code, message, at: location, hint: hint, fix: replacement.map { Fix($0, at: location) })
  }

  /// What a hint such as ``did you mean `count`?`` suggests, in the quotes of what is marked.
  private var replacement: String? {
    guard let hint, hint.hasPrefix("did you mean `") else { return nil }
    let quote = source.dropFirst(marker.prefix { $0 == " " }.count).first == "'" ? "'" : ""
    return hint.split(separator: "`").dropFirst().first.map { quote + $0 + quote }
  }
}

extension Expression {
  /// Reads an expression that begins a file.
  init(_ source: String) throws(InvalidInput) {
    try self.init(parsing: source, at: SourceLocation(file: "a.yaml", line: 1, column: 1))
  }
}

/// What reading `source` finds.
func syntaxDiagnostics(_ source: String) -> [Diagnostic] {
  do {
    _ = try Expression(source)
    return []
  } catch {
    return error.diagnostics
  }
}

/// The value of an expression that has one.
func evaluate(_ source: String, _ bindings: Bindings = [:]) throws -> Value {
  try Expression(source).evaluate(with: bindings)
}

/// Why an expression has no value.
func evaluationError(_ source: String, _ bindings: Bindings = [:]) throws -> EvaluationError {
  let expression = try Expression(source)
  return try #require(throws: EvaluationError.self) { try expression.evaluate(with: bindings) }
}
