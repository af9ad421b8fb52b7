import Diagnostics
import Expressions

/// The regular expression of an input: RE2 syntax, as the language's `matches()` reads it.
struct InputPattern {
  enum Verdict: Hashable {
    case yes
    case no
    /// The pattern itself is wrong, or needs too much work.
    case unusable(String)
  }

  private let pattern: String

  init(_ pattern: String) {
    self.pattern = pattern
  }

  /// Whether the whole of `text` matches.
  func matches(_ text: String) -> Verdict {
    let nowhere = SourceLocation(file: "pattern", line: 1, column: 1)
    let bindings: Bindings = ["text": .string(text), "pattern": .string("^(?:\(pattern))$")]
    do throws(InvalidInput) {
      let expression = try Expression(parsing: "text.matches(pattern)", at: nowhere)
      return Self.verdict(of: expression, bindings)
    } catch {
      return .unusable(error.diagnostics.first?.message ?? "it cannot be read")
    }
  }

  private static func verdict(of expression: Expression, _ bindings: Bindings) -> Verdict {
    do throws(EvaluationError) {
      return try expression.evaluate(with: bindings) == .bool(true) ? .yes : .no
    } catch {
      return .unusable(error.message)
    }
  }
}
