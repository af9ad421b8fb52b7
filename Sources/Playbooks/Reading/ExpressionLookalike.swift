import Diagnostics

/// Strings that look like expressions of other tools, and would be sent as they are.
package enum ExpressionLookalike {
  private static let roots = ["inputs", "steps"]
  /// What other tools have and expressions here do not.
  private static let foreignRoots = ["env", "vars", "secrets", "var", "lookup", "github", "matrix"]

  /// What to write instead of `text`, or nil when it looks like an ordinary string.
  ///
  /// `text` holds no expression of this language.
  package static func hint(for text: String) -> String? {
    if text.utf8.contains(UInt8(ascii: "{")),
      let inner = inside("{{", "}}", of: text) ?? inside("${", "}", of: text),
      !inner.isEmpty, !inner.contains("{")
    {
      return hint(forExpression: inner)
    }
    if text.hasPrefix("env:"), text.dropFirst(4).allSatisfy({ $0.isLetter || $0 == "_" }) {
      return "`env:` names a variable for an input: declare one and write `${{ inputs.… }}`"
    }
    let name = text.first == "$" ? text.dropFirst() : text[...]
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count > 1, let root = parts.first, roots.contains(String(root)),
      parts.allSatisfy({ $0.first?.isLetter ?? false && $0.allSatisfy(Self.isNamePart) })
    else { return nil }
    return hint(forExpression: String(name))
  }

  /// The whole of `text` as an expression in double quotes, where it is `{{ … }}` and nothing else.
  static func meant(by text: String) -> String? {
    guard text.hasPrefix("{{"), text.hasSuffix("}}"), let inner = inside("{{", "}}", of: text),
      text.count(where: { "{}".contains($0) }) == 4, !inner.isEmpty,
      !inner.contains(where: { $0 == "\"" || $0 == "\\" || $0.isNewline }),
      !foreignRoots.contains(String(inner.prefix(while: { isNamePart($0) && $0 != "[" })))
    else { return nil }
    return "\"${{ \(inner) }}\""
  }

  private static func hint(forExpression inner: String) -> String {
    let root = inner.prefix { isNamePart($0) && $0 != "[" }
    guard !foreignRoots.contains(String(root)) else {
      return "there is no `\(root)` in expressions: declare an input and write `${{ inputs.… }}`"
    }
    if let filter = inner.firstRange(of: "|"), !inner.contains("||") {
      let value = inner[..<filter.lowerBound].reversed().drop { $0 == " " }.reversed()
      let written = "an expression is written `${{ \(String(value)) }}`"
      return written + ", with functions in place of filters"
    }
    return "an expression is written `${{ \(inner) }}`"
  }

  /// What stands between the first `opening` and the `closing` behind it, without blanks around it.
  private static func inside(_ opening: String, _ closing: String, of text: String) -> String? {
    guard let start = text.firstRange(of: opening),
      let end = text[start.upperBound...].firstRange(of: closing)
    else { return nil }
    let inner = text[start.upperBound..<end.lowerBound].drop { $0 == " " }
    return String(inner.reversed().drop { $0 == " " }.reversed())
  }

  private static func isNamePart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "_-[]'\"".contains(character)
  }
}
