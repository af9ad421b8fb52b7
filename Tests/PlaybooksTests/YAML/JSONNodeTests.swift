import Diagnostics
import Expressions
import Playbooks
import Testing

/// JSON as data that a person hands over.
@Suite struct JSONNodeTests {
  private static func node(_ text: String, file: String = "in.json") throws -> YAMLNode {
    try YAMLNode(parsingData: Array(text.utf8), file: file)
  }

  private static func diagnostics(_ text: String, file: String = "in.json") -> [String] {
    do throws(InvalidInput) {
      _ = try YAMLNode(parsingData: Array(text.utf8), file: file)
      return []
    } catch {
      return error.diagnostics.map {
        "\($0.location?.description ?? ""): \($0.message) | "
          + ($0.hint ?? $0.related.map(\.location.description).joined())
      }
    }
  }

  @Test(
    arguments: [
      (#"{"a": "\ud83d\ude00"}"#, ["a": "😀"]), ("{\n\t\"a\":\t[1,\n\t\t2]\n}", ["a": [1, 2]]),
      (#"{"a": {"b": null, "c": true, "d": 1.5e3}}"#, ["a": ["b": .null, "c": true, "d": 1500.0]]),
      (#"{"a": "x\/y\u0085"}"#, ["a": "x/y\u{85}"]), ("\u{FEFF}{}", [:]),
    ] as [(String, Value)], ["in.json", "in.JSON", "in.yaml", "/dev/fd/63"])
  func `JSON is read whatever its file is called`(
    _ pair: (String, Value), _ file: String
  ) throws {
    #expect(try Self.node(pair.0, file: file).value == pair.1)
  }

  @Test(
    arguments: [
      ("{a: 1, b: [x, 'y']}", ["a": 1, "b": ["x", "y"]]), (#"["a", b]"#, ["a", "b"]),
      ("{}\n# c", [:]), ("a: 1", ["a": 1]),
    ] as [(String, Value)])
  func `YAML that begins like JSON is still read`(_ text: String, _ expected: Value) throws {
    #expect(try Self.node(text, file: "in.yaml").value == expected)
  }

  @Test func `every part has its position`() throws {
    let text = "{\n\t\"é\": \"x\", \"b\": [12,\r\n {\"c\": true}]\n}"
    let node = try Self.node(text)
    func place(_ line: Int, _ column: Int, _ length: Int) -> Diagnostics.SourceLocation {
      Diagnostics.SourceLocation(file: "in.json", line: line, column: column, length: length)
    }
    #expect(node.location == place(1, 1, 1))
    #expect(node.entries?.map(\.keyLocation) == [place(2, 2, 3), place(2, 12, 3)])
    #expect(node["é"]?.location == place(2, 7, 3))
    #expect(node["b"]?.location == place(2, 17, 1))
    #expect(node["b"]?.elements?.map(\.location) == [place(2, 18, 2), place(3, 2, 1)])
    #expect(node["b"]?.elements?[1]["c"]?.location == place(3, 8, 4))
  }

  @Test(arguments: [
    (
      "{\"a\": 1,\n \"a\": 2, \"b\": {\"c\": 1, \"c\": 2}}",
      [
        "2:2: the key `a` is given twice | in.json:1:2",
        "2:24: the key `c` is given twice | in.json:2:16",
      ]
    ),
    (
      "{\n  // label\n  \"a\": 1\n}",
      [
        "2:3: this is not valid JSON: expected a name in double quotes | "
          + "JSON has no comments: remove this one"
      ]
    ),
    (
      "{\"a\": 1,\n}",
      [
        "2:1: this is not valid JSON: expected a name in double quotes | "
          + "remove the comma before `}`"
      ]
    ),
    (
      #"{"a": 007}"#,
      [
        "1:10: this is not valid JSON: the number is malformed | "
          + "write it in quotes to keep its zeros, or without them"
      ]
    ),
    (
      "",
      ["1:1: this is not valid JSON: the document ends where a value is expected | "]
    ),
  ])
  func `what is wrong is said where it is`(_ text: String, _ expected: [String]) {
    #expect(Self.diagnostics(text) == expected.map { "in.json:" + $0 })
  }

  @Test func `the error of a document that looks like JSON is that of JSON`() {
    #expect(
      Self.diagnostics("{\"a\": 1,\n\t\"b\": 2,,\n}", file: "in.yaml").first?.contains("JSON")
        == true)
    #expect(Self.diagnostics("{a: 1,\nb: [}", file: "in.yaml").first?.contains("JSON") == false)
  }

  @Test func `nesting is bounded as in YAML`() {
    let deep = String(repeating: "[", count: 80) + String(repeating: "]", count: 80)
    #expect(
      Self.diagnostics(deep) == [
        "in.json:1:66: lists and maps are nested deeper than 64 levels | "
          + "keep large data in files of their own, and pass their paths as inputs"
      ])
  }
}
