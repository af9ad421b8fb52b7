import Diagnostics
import Expressions
import Playbooks
import Testing

struct InputValueTests {
  static let unknown = Value.unknown(Unknown("a.id"))

  static let accepted: [(ValueType, Value, Value)] = [
    (.string, "a", "a"), (.file, "a", "a"), (.integer, 1, 1), (.number, 1.5, 1.5),
    (.number, 1, 1.0), (.boolean, true, true), (.secret, "a", .secret(text: "a")),
    (.secret, .secret(text: "a"), .secret(text: "a")),
    (.string, .secret(text: "a"), .secret(text: "a")),
    (.list(of: .any), [1, "a"], [1, "a"]), (.list(of: .number), [1, 1.5], [1.0, 1.5]),
    (.list(of: .secret), ["a"], [.secret(text: "a")]),
    (.map(of: .list(of: .number)), ["a": [1]], ["a": [1.0]]),
  ]

  @Test(arguments: accepted)
  func `a value of the declared type is taken as that type`(
    type: ValueType, value: Value, result: Value
  ) {
    #expect(type.value(from: value, .written) == result)
  }

  static let refused: [(ValueType, Value)] = [
    (.string, 1), (.string, nil), (.integer, 1.0), (.integer, "1"), (.number, "1"),
    (.boolean, "true"), (.boolean, 1), (.secret, 1), (.file, 1), (.list(of: .any), ["a": 1]),
    (.list(of: .string), ["a", 1]), (.map(of: .any), [1]), (.map(of: .integer), ["a": "b"]),
    (.integer, .secret(text: "1")),
  ]

  @Test(arguments: refused)
  func `a value of another type is refused`(type: ValueType, value: Value) {
    #expect(type.value(from: value, .written) == nil)
  }

  @Test(arguments: [
    ("abc", true), ("abcd", false), ("xabc", false), ("ABC", false), ("abc\n", false), ("b", true),
  ])
  func `a pattern matches the whole text`(text: String, matches: Bool) {
    #expect(ValuePattern.matches(text, pattern: "abc|b") == matches)
  }

  @Test(
    arguments: [
      (ValueSchema(.string, allowed: ["red", "blue"]), "red", []),
      (ValueSchema(.string, allowed: ["red", "blue"]), "green", ["must be one of `red`, `blue`"]),
      (ValueSchema(.secret, pattern: "[0-9]{4}"), .secret(text: "1234"), []),
      (
        ValueSchema(.secret, pattern: "[0-9]{4}"), .secret(text: "12345"),
        ["does not match the pattern `[0-9]{4}`"]
      ),
      (ValueSchema(.integer, minimum: 1), 0, ["must be at least 1, not 0"]),
      (ValueSchema(.integer, minimum: 1, isSensitive: true), 0, ["must be at least 1"]),
      (ValueSchema(.secret, minimum: 3), .secret(text: "ab"), ["must have at least 3 characters"]),
      (ValueSchema(.list(of: .string)), ["a", 1], ["must be a list of strings"]),
      (ValueSchema(.list(of: .any)), [1, nil], []), (ValueSchema(.map(of: .any)), ["a": nil], []),
      (ValueSchema(.integer, allowed: [60, 120]), 60, []),
      (ValueSchema(.integer, allowed: [60, 120]), 61, ["must be one of `60`, `120`"]),
      (ValueSchema(.string, allowed: ["abc"], minimum: 3, pattern: "[a-z]+"), unknown, []),
      (ValueSchema(.list(of: .string), maximum: 2), [unknown, "a"], []),
      (
        ValueSchema(.list(of: .string), maximum: 2), [unknown, "a", "b"],
        ["must have at most 2 elements, not 3"]
      ),
      (ValueSchema(.list(of: .string)), [unknown, 1], ["must be a list of strings"]),
      (
        ValueSchema(.string, allowed: ["abc"], minimum: 3, pattern: "[a-z]+"), "A",
        [
          "must be one of `abc`", "must have at least 3 characters, not 1",
          "does not match the pattern `[a-z]+`",
        ]
      ),
    ] as [(ValueSchema, Value, [String])])
  func `a schema objects to everything that does not fit`(
    schema: ValueSchema, value: Value, objections: [String]
  ) {
    #expect(schema.objections(to: value).map(\.phrase) == objections)
  }

  @Test(
    arguments: [
      (.number, 2, 2.0), (.integer, .uint(2), 2), (.string, .bytes([0x68, 0x69]), "aGk="),
      (.secret, "a", .secret(text: "a")), (.list(of: .secret), ["a"], [.secret(text: "a")]),
      (
        .file, ["path": "a", "name": "a", "extension": "", "size": 1],
        ["path": "a", "name": "a", "extension": "", "size": 1]
      ),
      (.string, unknown, unknown), (.secret, unknown, unknown), (.file, unknown, unknown),
      (.integer, .secret(Secret(unknown)), unknown), (.list(of: .secret), [unknown], [unknown]),
      (.map(of: .integer), ["a": unknown, "b": 1], ["a": unknown, "b": 1]),
      (.map(of: .integer), ["a": unknown, "b": "c"], nil),
      (.file, "a", nil), (.file, ["path": "a"], nil), (.string, 1, nil),
    ] as [(ValueType, Value, Value?)])
  func `a computed value is taken as the type holds it`(
    type: ValueType, value: Value, result: Value?
  ) {
    #expect(type.value(from: value, .computed) == result)
  }
}
