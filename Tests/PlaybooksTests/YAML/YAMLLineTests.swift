import Diagnostics
import Expressions
import Playbooks
import Testing

/// What ends a line, and what only looks as if it did.
@Suite struct YAMLLineTests {
  private static func diagnostics(_ text: String) -> [String] {
    do throws(InvalidInput) {
      _ = try YAMLNode(parsing: Array(text.utf8), file: "a.yaml")
      return []
    } catch {
      return error.diagnostics.map { "\($0.location?.description ?? ""): \($0.message)" }
    }
  }

  @Test(arguments: ["\u{85}", "\u{2028}", "\u{2029}"], ["'", "\""])
  func `separators of Unicode inside quotes are characters like any other`(
    _ separator: String, _ quote: String
  ) throws {
    let text = "a: \(quote)x\(separator)y \(separator) z\(quote)\nb: 1"
    let node = try YAMLNode(parsing: Array(text.utf8), file: "a.yaml")
    #expect(node.value == ["a": .string("x\(separator)y \(separator) z"), "b": 1])
    #expect(node["b"]?.location.line == 2)
  }

  @Test func `private characters beside separators stay themselves`() throws {
    let text = #"a: "\U000F0000 \#u{F0001}\#u{85}\#u{F0002}\L""#
    let node = try YAMLNode(parsing: Array(text.utf8), file: "a.yaml")
    #expect(node.value == ["a": "\u{F0000} \u{F0001}\u{85}\u{F0002}\u{2028}"])
  }

  @Test(arguments: [
    ("a: 1 # c\u{2028}b: 2\n", ["a.yaml:1:9: the character U+2028 (line separator)"]),
    ("# c\u{85}b: 2\na: 1\n", ["a.yaml:1:4: the character U+0085 (next line)"]),
    ("a: x\u{2029}y\n", ["a.yaml:1:5: the character U+2029 (paragraph separator)"]),
    ("a: |\n  x\u{85}y\n", ["a.yaml:2:4: the character U+0085 (next line)"]),
    (
      "a: '\u{85}' # \u{85}\r\nb: 1\r\n# \u{2028}",
      [
        "a.yaml:1:10: the character U+0085 (next line)",
        "a.yaml:3:3: the character U+2028 (line separator)",
      ]
    ),
  ])
  func `separators of Unicode outside quotes are refused where they are`(
    _ text: String, _ expected: [String]
  ) {
    #expect(Self.diagnostics(text) == expected.map { "\($0) is only allowed inside quotes" })
  }

  @Test(arguments: [
    "a: 1\n\t\nb: 2\n", "a: 1\n \t \nb: 2\n\t", "\t\na: 1\nb: 2\n", "a: 1\n\t# c\nb: 2\n",
    "a: 1\t# c\n\t\t# c\nb:\t2\t\n", "a:\n  1\n\t\n\nb:\n\t\n  2\n",
  ])
  func `tabs before nothing indent nothing`(_ text: String) throws {
    let node = try YAMLNode(parsing: Array(text.utf8), file: "a.yaml")
    #expect(node.value == ["a": 1, "b": 2])
  }

  @Test func `tabs inside block scalars and strings are kept`() throws {
    let text = "\t\na: |\n  x\n  \t\n  \ty\nb: \"\tx\t\"\n"
    let node = try YAMLNode(parsing: Array(text.utf8), file: "a.yaml")
    #expect(node.value == ["a": "x\n\t\n\ty\n", "b": "\tx\t"])
  }

  @Test(arguments: [
    ("a:\n\tb: 1\n", "a.yaml:2:1: a tab cannot indent"),
    ("a:\n  -\tb: 1\n", "a.yaml:2:4: unexpected tab"),
  ])
  func `tabs before something are refused`(_ text: String, _ expected: String) {
    #expect(Self.diagnostics(text) == [expected])
  }

  @Test(arguments: [
    ("a: 1\n---\n", "remove this line: nothing follows it"),
    ("a: 1\n--- \n# end\n", "remove this line: nothing follows it"),
    ("a: 1\n---\nb: 2\n", "keep one document per file"),
    ("%YAML 1.2\na: 1\n", "write `---` above this line, or remove the `%` lines"),
    ("%YAML 1.3\n---\na: 1\n", "write `%YAML 1.2`, or remove the line"),
    ("%YAML:1.0\n---\na: 1\n", "write `%YAML 1.2`, or remove the line"),
    (
      #"a: "\ud83d\ude00""#,
      "write the character itself, or `\\U` and the eight digits of its code point"
    ),
  ])
  func `markers that do not fit say what to do`(_ text: String, _ hint: String) throws {
    let error = try #require(throws: InvalidInput.self) {
      try YAMLNode(parsing: Array(text.utf8), file: "a.yaml")
    }
    #expect(error.diagnostics.map(\.hint) == [hint])
  }
}
