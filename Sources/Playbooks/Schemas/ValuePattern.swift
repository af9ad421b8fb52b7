import Diagnostics
import Expressions

/// The `pattern` of an input: a regular expression that the whole text must match.
///
/// Patterns are those of the expression function `matches`, so the language has one dialect (RE2),
/// and none can take more than linear time.
package enum ValuePattern {
  /// Whether the whole of `text` matches; false when the limits are reached first.
  package static func matches(_ text: String, pattern: String) -> Bool {
    (try? search(text, for: "^(?:\(pattern))$")) == .bool(true)
  }

  /// Why `pattern` cannot be read, or nil when it can.
  package static func problem(in pattern: String) -> String? {
    do throws(EvaluationError) {
      _ = try search("", for: pattern)
      _ = try search("", for: "^(?:\(pattern))$")
      return nil
    } catch {
      return error.message
    }
  }

  /// Parsed once: tenants files have many thousands of values.
  private static let expression = try? Expression(
    parsing: "text.matches(pattern)", at: SourceLocation(file: "", line: 1, column: 1))

  private static func search(
    _ text: String, for pattern: String
  ) throws(EvaluationError) -> Value {
    guard let expression else {
      throw EvaluationError(
        "patterns are not available", at: SourceLocation(file: "", line: 1, column: 1))
    }
    return try expression.evaluate(
      with: Bindings(["text": .string(text), "pattern": .string(pattern)]))
  }
}
