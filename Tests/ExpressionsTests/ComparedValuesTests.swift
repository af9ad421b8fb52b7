import Diagnostics
import Expressions
import Testing

/// What is shown of a condition that is false.
@Suite struct ComparedValuesTests {
  private static let bindings = Bindings([
    "a": 1, "b": "x", "flag": false, "list": ["p", "q"], "map": ["status": "pending"],
    "secret": .secret(text: "hunter2"), "long": .string(String(repeating: "l", count: 500)),
  ])

  private static func values(_ condition: String) throws -> String? {
    try Template.parse("${{ \(condition) }}", literal: .null) {
      Diagnostics.SourceLocation(file: "a.yaml", line: 1, column: $0 + 1)
    }.comparedValues(with: bindings)
  }

  @Test(
    arguments: [
      ("a == 2", "`a` is 1"), ("map.status == 'ready'", #"`map.status` is "pending""#),
      ("a > size(list)", "`a` is 1, `size(list)` is 2"), ("1 == 2", nil), ("flag", nil),
      ("!(a == 1)", "`a` is 1"), ("a == 1 && b == 'y' && flag", #"`b` is "x""#),
      ("a == 1 && flag", "`flag` is false"),
      ("a == 2 || b == 'y' || flag", #"`a` is 1, `b` is "x", `flag` is false"#),
      ("!(flag || a == 1)", "`a` is 1"), ("b in ['y', 'z']", #"`b` is "x""#),
      ("b.startsWith('y')", #"`b` is "x""#), ("list.exists(e, e == 'r')", #"`list` is ["p","q"]"#),
      ("flag ? a == 1 : a == 3", "`flag` is false, `a` is 1"),
      ("b == secret", "`b` is •••, `secret` is •••"), ("!(a == 1 || b == secret)", "`a` is 1"),
      ("a == 1 && secret == 'x'", "`secret` is •••"),
      ("long == 'x'", "`long` is \"\(String(repeating: "l", count: 99))…"),
      (
        "a * 2 + size(list) == 5",
        "`a * 2 + size(list)` is 4, `a * 2` is 2, `a` is 1, `size(list)` is 2"
      ),
      (
        "(a * 2 > 10 ? b : list[a]) == 'r'",
        "`(a * 2 > 10 ? b : list[a])` is \"q\", `a * 2 > 10` is false, `a * 2` is 2, `a` is 1, "
          + "`list[a]` is \"q\""
      ),
      (
        "(flag ? b : secret) == b",
        "`(flag ? b : secret)` is •••, `flag` is •••, `secret` is •••, `b` is •••"
      ),
      ("a ==\n  2", "`a` is 1"), ("nothing == 1", nil),
    ] as [(String, String?)])
  func `the values that decided are shown`(_ condition: String, _ expected: String?) throws {
    #expect(try Self.values(condition) == expected)
  }
}
