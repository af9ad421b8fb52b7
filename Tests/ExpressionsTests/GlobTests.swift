import Expressions
import Testing

/// Patterns of names.
struct GlobTests {
  @Test(arguments: [
    ("", "", true), ("", "a", false), ("abc", "abc", true), ("abc", "abcd", false),
    ("abc", "ab", false), ("ABC", "abc", false), ("*", "", true), ("*", "abc", true),
    ("a*", "abc", true), ("a*", "ba", false), ("*b*d", "abcbd", true), ("*b*d", "abcbde", false),
    ("a?c", "abc", true), ("a?c", "ac", false), ("a*c", "abcd", false), ("**x", "yyx", true),
    ("?", "é", true), ("[a]", "a", false), ("a*a*a*b", "aaaaaaaaaaaa", false),
  ])
  func `a glob fits a whole text`(pattern: String, text: String, fits: Bool) {
    #expect(Glob(pattern).matches(text) == fits)
  }

  @Test(arguments: [("acme", true), ("acme-*", false), ("acm?", false), ("", true)])
  func `a glob without a wildcard is literal`(pattern: String, isLiteral: Bool) {
    #expect(Glob(pattern).isLiteral == isLiteral)
  }
}
