/// A regular expression of RE2 that means the same to JSON Schema, whose patterns are those of ECMA-262.
struct PortablePattern {
  /// The pattern for a whole text.
  let whole: String

  /// What RE2 has and ECMA-262 lacks, or reads otherwise.
  private static let foreign = [
    "\\A", "\\z", "\\a", "\\C", "\\Q", "\\E", "\\p", "\\P", "\\x{", "\\s", "\\S", "[[:",
  ]

  /// Nil for a pattern that may mean something else.
  init?(_ pattern: String) {
    let groups = pattern.replacing("(?:", with: "(")
    guard !groups.contains("(?"), !Self.foreign.contains(where: { pattern.contains($0) }) else {
      return nil
    }
    whole = "^(?:\(pattern))$"
  }
}
