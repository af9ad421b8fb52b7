import Expressions
import OrderedCollections
import Testing

@Suite struct JSONTests {
  @Test(
    arguments: [
      ("null", .null), ("true", true), (" false ", false), ("0", 0), ("-0", 0), ("12", 12),
      ("-9223372036854775808", .int(.min)), ("9223372036854775807", .int(.max)),
      ("9223372036854775808", "9223372036854775808"),
      ("-12345678901234567890", "-12345678901234567890"),
      ("12345678901234567890.0", 12345678901234567890.0),
      ("1.0", 1.0), ("1e3", 1000.0),
      ("1E+2", 100.0), ("-1.5e-3", -0.0015), (#""""#, ""),
      (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u00e9\uD83D\uDC31""#, "é🐱"), (#""é🐱""#, "é🐱"), ("[]", []),
      ("[1, [2], {}]", [1, [2], [:]]),
      ("{}", [:]), (#"{"b": 1, "a": [null]}"#, ["b": 1, "a": [.null]]),
      (#"{"a": 1, "b": 2, "a": 3}"#, ["a": 3, "b": 2]), ("\u{FEFF}1", 1), ("\t\r\n1\n", 1),
    ] as [(String, Value)])
  func `JSON is read`(_ text: String, _ expected: Value) throws {
    #expect(try JSON.parse(text.utf8) == expected)
  }

  @Test func `names keep their order`() throws {
    let value = try JSON.parse(#"{"z": 1, "a": 2, "m": 3, "b": 4}"#.utf8)
    #expect(value.fields?.names == ["z", "a", "m", "b"])
  }

  @Test(arguments: [
    ("", "the document ends where a value is expected", 1),
    ("[1,", "the document ends where a value is expected", 4),
    ("[1", "expected `,` or `]`", 3), ("[1,]", "expected a value", 4),
    ("{", "expected a name in double quotes", 2), (#"{"a"}"#, "expected `:` after the name", 5),
    (#"{"a":1,}"#, "expected a name in double quotes", 8),
    ("{1:2}", "expected a name in double quotes", 2),
    (#"{"a":1"#, "expected `,` or `}`", 7), ("1 2", "there is more after the value", 3),
    ("nul", "expected a value", 1), ("True", "expected a value", 1),
    ("NaN", "expected a value", 1), ("<html>", "expected a value", 1),
    ("01", "the number is malformed", 3), ("-", "the number is malformed", 2),
    ("1.", "the number is malformed", 3), (".5", "expected a value", 1),
    ("1e", "the number is malformed", 3), ("+1", "expected a value", 1),
    ("1e999", "the number does not fit 64 bits", 1),
    (#""a"#, "the document ends inside a string", 3), (#"["é", x]"#, "expected a value", 7),
    ("\"a\nb\"", "a control character must be escaped", 3), (#""\q""#, "unknown escape", 4),
    (#""\u12"#, "`\\u` needs four hexadecimal digits", 6),
    (#""\uD800""#, "half a surrogate pair is no character", 9),
    (#""\uDC00""#, "half a surrogate pair is no character", 8),
    (#""\uD800\u0041""#, "half a surrogate pair is no character", 14),
  ])
  func `what is not JSON is refused with its position`(
    _ text: String, _ message: String, _ column: Int
  ) throws {
    let error = try #require(throws: JSONError.self) { try JSON.parse(text.utf8) }
    #expect(
      error == JSONError(message: message, line: 1, column: column, hint: error.hint))
  }

  @Test(arguments: [
    (#"{"a": 1,}"#, "remove the comma before `}`"),
    ("[1,]", "write a value, or remove the comma before this"),
    ("[1 // one\n]", "JSON has no comments: remove this one"),
    ("{\n# one\n}", "JSON has no comments: remove this one"),
    ("['a']", "a string is written in double quotes; the only words are true, false and null"),
    ("007", "write it in quotes to keep its zeros, or without them"),
    ("1e400", "write it in quotes to keep its digits as a string"),
  ])
  func `what other tools accept is refused with what to write`(
    _ text: String, _ hint: String
  ) throws {
    let error = try #require(throws: JSONError.self) { try JSON.parse(text.utf8) }
    #expect(error.hint == hint)
  }

  @Test(arguments: [
    (#"{"a": 1, "b": 2, "a": 3}"#, 18), (#"[{}, {"a": {"b": 1, "b": 1}}]"#, 21),
  ])
  func `names that are given twice are refused where a person wrote them`(
    _ text: String, _ column: Int
  ) throws {
    let error = try #require(throws: JSONError.self) {
      try JSON.parse(text.utf8, repeatedNames: .refused)
    }
    #expect(
      error == JSONError(message: "a name is given twice in a map", line: 1, column: column))
    #expect(throws: Never.self) { try JSON.parse(text.utf8) }
  }

  @Test func `names that differ in their scalars alone are two names`() throws {
    let value = try JSON.parse("{\"\u{E9}\": 1, \"e\u{301}\": 2}".utf8, repeatedNames: .refused)
    #expect(value.fields?.count == 2)
  }

  @Test func `text that is not UTF-8 is refused`() throws {
    let error = try #require(throws: JSONError.self) { try JSON.parse([0x22, 0xFF, 0x22]) }
    #expect(error.message == "the string is not UTF-8")
  }

  @Test func `nesting beyond the limit is refused`() throws {
    func nested(_ depth: Int) -> [UInt8] {
      Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
    }
    #expect(throws: Never.self) { try JSON.parse(nested(JSON.depthLimit)) }
    #expect(throws: JSONError.self) { try JSON.parse(nested(JSON.depthLimit + 1)) }
    #expect(throws: JSONError.self) { try JSON.parse(nested(1_000_000)) }
  }

  @Test(
    arguments: [
      (.null, "null"), (true, "true"), (.int(.min), "-9223372036854775808"),
      (.uint(.max), "18446744073709551615"), (1.0, "1.0"), (0.1, "0.1"), (1e300, "1e+300"),
      (.double(.nan), #""NaN""#), (.double(.infinity), #""Infinity""#), (-0.0, "-0.0"),
      ("a\"\\/\n\r\t\u{1}\u{7F}\u{2028}é🐱", #""a\"\\/\n\r\t\u0001\u007f\u2028é🐱""#),
      (.bytes([0, 255]), #""AP8=""#), ([], "[]"), ([1, "a", .null], #"[1,"a",null]"#), ([:], "{}"),
      (["b": 1, "a": [:]], #"{"b":1,"a":{}}"#),
      (.map(ValueMap([1: "a", true: "b", .uint(2): "c"])), #"{"1":"a","true":"b","2":"c"}"#),
      (.timestamp(Timestamp(seconds: 0, nanoseconds: 500_000_000)), #""1970-01-01T00:00:00.5Z""#),
      (.duration(.milliseconds(1500)), #""1.5s""#), (.type("int"), #""int""#),
      (["a": .secret(text: "x")], #"{"a":"•••"}"#), (.secret(text: "x"), #""•••""#),
    ] as [(Value, String)])
  func `values are written`(_ value: Value, _ expected: String) throws {
    #expect(JSON.text(value) == expected)
    #expect(throws: Never.self) { try JSON.parse(expected.utf8) }
  }

  @Test func `secrets are written only when asked for`() {
    let value: Value = ["a": .secret(Secret(["b": .secret(text: "x")]))]
    #expect(JSON.text(value, secrets: .masked) == #"{"a":"•••"}"#)
    #expect(JSON.text(value, secrets: .revealed) == #"{"a":{"b":"x"}}"#)
  }

  @Test func `the pretty form is indented`() {
    let value: Value = ["a": [1, ["b": .null]], "c": [], "d": [:]]
    let expected = """
      {
        "a": [
          1,
          {
            "b": null
          }
        ],
        "c": [],
        "d": {}
      }
      """
    #expect(JSON.text(value, style: .pretty) == expected)
  }

  @Test(
    arguments: [
      ("a \"b\"", "a \"b\""), (12, "12"), (["a": "b"], #"{"a":"b"}"#), (.secret(text: "x"), "•••"),
      (["a": .secret(text: "x")], #"{"a":"•••"}"#), (.null, "null"),
    ] as [(Value, String)])
  func `values are shown to people`(_ value: Value, _ expected: String) {
    #expect(value.displayText == expected)
  }
}
