import Expressions
import Testing

@Suite struct PatternTests {
  private static func matches(_ text: String, _ pattern: String) throws -> Value {
    try evaluate("text.matches(pattern)", ["text": .string(text), "pattern": .string(pattern)])
  }

  @Test(arguments: [
    ("abc", "b", true), ("abc", "^b", false), ("abc", "^a.c$", true), ("abc", "d", false),
    ("", "", true), ("abc", "", true), ("", "^$", true), ("a\nb", "a.b", false),
    ("a\nb", "(?s)a.b", true), ("a\nb", "^b", false), ("a\nb", "(?m)^b", true),
    ("a\nb", "a$", false), ("a\nb", "(?m)a$", true), ("ABC", "abc", false),
    ("ABC", "(?i)abc", true),
    ("ABC", "(?i:ab)c", false), ("ABC", "(?i:ab)C", true), ("aB", "a(?i)b", true),
    ("aBC", "(a(?i)b)c", false), ("É", "(?i)é", true), ("aab", "^a{2}b", true),
    ("ab", "^a{2}b", false), ("aaa", "^a{2,}$", true), ("aaa", "^a{1,2}$", false),
    ("", "^a{0}$", true),
    ("b", "^a{0,2}b", true), ("a{2}", "a\\{2}", true), ("a{,2}", "a{,2}", true), ("a{", "a{", true),
    ("ac", "^ab?c", true), ("abbc", "^ab+?c", true), ("ac", "^ab*c", true), ("b", "a|b", true),
    ("", "a|", true), ("cd", "^(ab|cd)$", true), ("abcd", "^(?:ab|cd)+$", true),
    ("x1", "(?P<n>x)(?<m>1)", true), ("7", "^\\d$", true), ("٧", "^\\d$", false),
    ("a", "\\D", true),
    ("_", "^\\w$", true), ("é", "^\\w$", false), (" ", "^\\s$", true), ("a", "^\\S$", true),
    ("-", "^\\W$", true), ("a b", "a\\b", true), ("ab", "a\\b", false), ("ab", "a\\Bb", true),
    ("ab", "\\Aab\\z", true), ("b", "[abc]", true), ("d", "[abc]", false), ("d", "[^abc]", true),
    ("b", "^[a-c]$", true), ("-", "^[a-]$", true), ("]", "^[]]$", true), ("a", "^[^]]$", true),
    ("5", "^[\\d]$", true), ("a", "^[^\\d]$", true), ("x", "^[\\D]$", true),
    ("5", "^[\\D]$", false),
    ("5", "^[[:digit:]]$", true), ("a", "^[[:^digit:]]$", true), ("\t", "^\\t$", true),
    ("A", "^\\x41$", true), ("🐱", "^\\x{1F431}$", true), ("🐱", "^.$", true),
    ("e\u{301}", "^.$", false),
    ("a.b", "a\\.b", true), ("axb", "a\\.b", false), ("a-b", "^[\\w-]+$", true),
    ("K", "(?i)^[a-z]$", true),
    ("k", "(?i)^[^K]$", false), ("a@example.com", "^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$", true),
    ("b", "^(a*)*b", true), ("ab", "^(|a)+b", true), ("(", "\\(", true), ("a", "^(?-i)a", true),
    ("é", "^\\pL$", true), ("5", "^\\p{L}$", false), ("٧", "^\\p{Nd}$", true),
    ("É", "^\\p{Lu}$", true),
    ("é", "^\\p{Lu}$", false), ("é", "(?i)^\\p{Lu}$", true), ("é", "^\\P{L}$", false),
    ("5", "^\\PL$", true),
    ("5", "^\\p{^L}$", true), ("é", "^\\P{^L}$", true), ("é7-", "^[\\p{L}\\pN-]+$", true),
    ("é_", "^[\\p{L}\\pN-]+$", false), ("é", "^[\\P{L}]$", false), ("é", "^[^\\pL]$", false),
    ("5", "^[^\\pL]$", true), ("é", "^[[:alpha:]\\pL]+$", true), ("é", "^[[:^alpha:]]$", true),
    ("x", "^[\\p{Lu}a-z]$", true), ("🐱", "^\\p{So}$", true), ("\u{378}", "^\\P{L}$", true),
    ("\u{378}", "^[\\P{L}]$", true), ("\u{2003}", "^\\p{Z}$", true), ("🐱", "^\\p{Any}$", true),
    ("a", "^\\P{Any}$", false), ("a", "^[\\P{Any}]$", false),
  ])
  func `patterns match as RE2 does`(_ text: String, _ pattern: String, _ expected: Bool) throws {
    #expect(try Self.matches(text, pattern) == .bool(expected))
  }

  @Test(arguments: [
    ("(", "`(` is not closed"), (")", "`)` closes nothing"), ("[a", "`[` is not closed"),
    ("*a", "there is nothing to repeat"), ("a|*", "there is nothing to repeat"),
    ("a**", "a repetition cannot be repeated"), ("a{2}{3}", "a repetition cannot be repeated"),
    ("a{3,2}", "a count goes from low to high, and to 1000 at most"),
    ("a{1001}", "a count goes from low to high, and to 1000 at most"),
    ("[b-a]", "a range goes from low to high"),
    ("\\1", "there are no backreferences such as `\\1`"),
    ("\\pX", "`\\p` needs a general category of Unicode, such as `\\p{L}` or `\\p{Lu}`"),
    ("\\p{Greek}", "`\\p` needs a general category of Unicode, such as `\\p{L}` or `\\p{Lu}`"),
    ("\\p{}", "`\\p` needs a general category of Unicode, such as `\\p{L}` or `\\p{Lu}`"),
    ("\\p", "`\\p` needs a general category of Unicode, such as `\\p{L}` or `\\p{Lu}`"),
    ("[\\p{L]", "`\\p{` is not closed"),
    ("\\y", "unknown escape `\\y`"),
    ("a\\", "nothing follows the `\\`"),
    ("(?=a)", "unknown flag; there is no lookaround"),
    ("(?<=a)", "unknown flag; there is no lookaround"),
    ("[[:foo:]]", "unknown class of characters"),
    ("\\x4", "`\\x` needs two hexadecimal digits, or up to six in braces"),
    ("(?P<n", "the group's name is not closed"), ("(?i", "`(?` is not closed"),
  ])
  func `what is no pattern is refused`(_ pattern: String, _ message: String) throws {
    let error = try evaluationError("'a'.matches(p)", ["p": .string(pattern)])
    #expect(error.message.hasPrefix("the pattern is malformed: \(message): before position"))
  }

  @Test(arguments: [
    (String(repeating: "a", count: 1001), "the pattern is longer than 1000 characters"),
    ("(a{1000}){1000}", "the pattern is too large"),
    (
      String(repeating: "(", count: 6) + String(repeating: "){1000}", count: 6),
      "the pattern is too large"
    ),
    (
      String(repeating: "(", count: 51) + String(repeating: ")", count: 51),
      "the pattern is malformed: groups are nested more than 50 levels deep"
    ),
  ])
  func `patterns have limits`(_ pattern: String, _ message: String) throws {
    let error = try evaluationError("'a'.matches(p)", ["p": .string(pattern)])
    #expect(error.message.hasPrefix(message))
  }

  @Test(arguments: ["(a+)+$", "^(a|a)*$", "(a|aa)+$", "(.*a){20}$", "^(a?){30}a{30}$"])
  func `no pattern takes long`(_ pattern: String) throws {
    #expect(try Self.matches(String(repeating: "a", count: 300) + "b", pattern) == false)
  }
}
