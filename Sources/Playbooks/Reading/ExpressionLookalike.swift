import Diagnostics
import Expressions

/// Strings that look like expressions of other tools, and would be sent as they are.
package enum ExpressionLookalike {
  private static let roots = ["inputs", "steps"]
  /// What other tools have and expressions here do not.
  private static let foreignRoots = ["env", "vars", "secrets", "var", "lookup", "github", "matrix"]

  /// The names that an expression would know where a string stands.
  package struct Names: Sendable, Hashable {
    /// The inputs of the playbook.
    package var inputs: [String] = []
    /// What `for-each` and `let` bind.
    package var bound: [String] = []

    /// No names but those that every expression knows.
    package init(inputs: [String] = [], bound: [String] = []) {
      self.inputs = inputs
      self.bound = bound
    }

    /// `inner` with `inputs.` before it, where it begins with the name of an input.
    fileprivate func completing(_ inner: String) -> String {
      let root = inner.prefix { ExpressionLookalike.isNamePart($0) && $0 != "[" }
      let isInput = inputs.contains(String(root)) && !bound.contains(String(root))
      return isInput ? "inputs.\(inner)" : inner
    }

    /// Whether `text` is an expression of known names and functions.
    fileprivate func understand(_ text: String) -> Bool {
      let place = SourceLocation(file: "", line: 1, column: 1)
      guard let expression = try? Expression(parsing: text, at: place) else { return false }
      var environment: TypeEnvironment = ["inputs": .dyn, "steps": .dyn, "run": .dyn]
      for name in bound { environment[name] = .dyn }
      return expression.check(in: environment).diagnostics.isEmpty
    }
  }

  /// What to write instead of `text`, or nil when it looks like an ordinary string.
  ///
  /// `text` holds no expression of this language.
  package static func hint(for text: String, knowing names: Names = Names()) -> String? {
    guard mayBeOne(text) else { return nil }
    if text.contains("{%") {
      return "there are no tags: a step has `when`, and an expression is written "
        + "`${{ condition ? value : other }}`"
    }
    if text.utf8.contains(UInt8(ascii: "{")),
      let inner = inside("{{", "}}", of: text) ?? inside("${", "}", of: text),
      !inner.isEmpty, !inner.contains("{")
    {
      return hint(forExpression: inner, knowing: names)
    }
    if let inner = inside("$(", ")", of: text) {
      let expression = names.completing(inner)
      let root = expression.prefix { isNamePart($0) && $0 != "[" }
      if roots.contains(String(root)), expression.contains(".") {
        return hint(forExpression: expression, knowing: names)
      }
    }
    if text.hasPrefix("env:"), text.dropFirst(4).allSatisfy({ $0.isLetter || $0 == "_" }) {
      return "`env:` names a variable for an input: declare one and write `${{ inputs.… }}`"
    }
    let name = text.first == "$" ? text.dropFirst() : text[...]
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let root = parts.first, roots.contains(String(root)),
      parts.allSatisfy({ $0.first?.isLetter ?? false && $0.allSatisfy(Self.isNamePart) })
    else { return nil }
    return hint(forExpression: String(name), knowing: names)
  }

  /// Whether `text` has a sign of such strings at all, which most texts have not.
  private static func mayBeOne(_ text: String) -> Bool {
    text.utf8.contains { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "$") }
      || text.hasPrefix("env:") || roots.contains { text.hasPrefix($0) }
  }

  /// The whole of `text` as an expression in double quotes, where it is `{{ … }}`, `${ … }` or `$( … )` and
  /// nothing else; nil where that would be no expression of known names.
  package static func meant(by text: String, knowing names: Names) -> String? {
    let brackets = [("{{", "}}"), ("${", "}"), ("$(", ")")]
    for (opening, closing) in brackets where text.hasPrefix(opening) && text.hasSuffix(closing) {
      let outer = text.dropFirst(opening.count).dropLast(closing.count)
      guard !outer.contains(where: { "{}".contains($0) }), case let inner = trimmed(outer),
        !inner.isEmpty,
        !inner.contains(where: { $0 == "\"" || $0 == "\\" || $0.isNewline })
      else { continue }
      let expression = names.completing(inner)
      if names.understand(expression) { return "\"${{ \(expression) }}\"" }
    }
    return nil
  }

  private static func hint(forExpression inner: String, knowing names: Names) -> String {
    let root = inner.prefix { isNamePart($0) && $0 != "[" }
    guard !foreignRoots.contains(String(root)) else {
      return "there is no `\(root)` in expressions: declare an input and write `${{ inputs.… }}`"
    }
    if let filter = inner.firstRange(of: "|"), !inner.contains("||") {
      let value = inner[..<filter.lowerBound].reversed().drop { $0 == " " }.reversed()
      let written = "an expression is written `${{ \(names.completing(String(value))) }}`"
      return written + ", with functions in place of filters"
    }
    return "an expression is written `${{ \(names.completing(inner)) }}`"
  }

  /// What stands between the first `opening` and the `closing` behind it, without blanks around it.
  private static func inside(_ opening: String, _ closing: String, of text: String) -> String? {
    guard let start = text.firstRange(of: opening),
      let end = text[start.upperBound...].firstRange(of: closing)
    else { return nil }
    return trimmed(text[start.upperBound..<end.lowerBound])
  }

  private static func trimmed(_ text: Substring) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  fileprivate static func isNamePart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_-[]'\"".contains(character)
  }
}
