import Diagnostics
import Expressions
import Playbooks
import Testing

struct InputValueTests {
  static let accepted: [(InputDeclaration.Kind, Value, Value)] = [
    (.string, "a", "a"), (.file, "a", "a"), (.integer, 1, 1), (.number, 1.5, 1.5),
    (.number, 1, 1.0), (.boolean, true, true), (.secret, "a", .secret(text: "a")),
    (.secret, .secret(text: "a"), .secret(text: "a")),
    (.string, .secret(text: "a"), .secret(text: "a")),
    (.list(of: nil), [1, "a"], [1, "a"]), (.list(of: .number), [1, 1.5], [1.0, 1.5]),
    (.list(of: .secret), ["a"], [.secret(text: "a")]),
    (.map(of: .list(of: .number)), ["a": [1]], ["a": [1.0]]),
  ]

  @Test(arguments: accepted)
  func `a value of the declared kind is taken as that kind`(
    kind: InputDeclaration.Kind, value: Value, result: Value
  ) {
    #expect(kind.value(from: value) == result)
  }

  static let refused: [(InputDeclaration.Kind, Value)] = [
    (.string, 1), (.string, nil), (.integer, 1.0), (.integer, "1"), (.number, "1"),
    (.boolean, "true"), (.boolean, 1), (.secret, 1), (.file, 1), (.list(of: nil), ["a": 1]),
    (.list(of: .string), ["a", 1]), (.map(of: nil), [1]), (.map(of: .integer), ["a": "b"]),
    (.integer, .secret(text: "1")),
  ]

  @Test(arguments: refused)
  func `a value of another kind is refused`(kind: InputDeclaration.Kind, value: Value) {
    #expect(kind.value(from: value) == nil)
  }

  @Test(arguments: [
    ("abc", true), ("abcd", false), ("xabc", false), ("ABC", false), ("abc\n", false), ("b", true),
  ])
  func `a pattern matches the whole text`(text: String, matches: Bool) {
    #expect(InputPattern.matches(text, pattern: "abc|b") == matches)
  }

  @Test func `a value outside the enum or the pattern is a problem`() {
    let place = Diagnostics.SourceLocation(file: "a.yaml", line: 1, column: 1)
    let color = InputDeclaration(kind: .string, allowed: ["red", "blue"], location: place)
    #expect(color.problem(with: "red") == nil)
    #expect(color.problem(with: "green") == "must be one of `red`, `blue`")
    let pin = InputDeclaration(kind: .secret, pattern: "[0-9]{4}", location: place)
    #expect(pin.problem(with: .secret(text: "1234")) == nil)
    #expect(
      pin.problem(with: .secret(text: "12345")) == "does not match the pattern `[0-9]{4}`")
  }
}
