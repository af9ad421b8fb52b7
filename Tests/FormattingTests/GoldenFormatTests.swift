import Diagnostics
import Formatting
import Testing

@Suite struct GoldenFormatTests {
  @Test(arguments: FormattingFixtures.names)
  func `a file becomes the text beside it`(name: String) throws {
    let bytes = try FormattingFixtures.bytes("\(name).yaml")
    let expected = String(
      decoding: try FormattingFixtures.bytes("\(name).expected"), as: UTF8.self)
    let result = try FormattedText(bytes, file: "\(name).yaml")
    #expect(result == .text(expected))
  }

  @Test(arguments: FormattingFixtures.names)
  func `a formatted text stays as it is`(name: String) throws {
    let bytes = try FormattingFixtures.bytes("\(name).expected")
    let result = try FormattedText(bytes, file: "\(name).yaml")
    #expect(result == .text(String(decoding: bytes, as: UTF8.self)))
  }

  @Test(arguments: [
    ("", UntouchedReason.empty),
    ("\u{FEFF}# none\n\n# yet\n", .empty),
    ("%YAML 1.2\n---\na: 1\n", .directive),
    ("--- {a: 1}\n", .valueBehindMarker),
    ("{\"a\": 1}\n", .json),
    ("# list\n[1, 2]\n", .json),
    ("? |\n  a\n  b\n: 1\n", .longKey),
    ("? \(String(repeating: "k", count: 1200))\n: 1\n", .longKey),
  ])
  func `what cannot be laid out otherwise is left as it is`(
    text: String, reason: UntouchedReason
  ) throws {
    #expect(try FormattedText(Array(text.utf8), file: "a.yaml") == .untouched(reason))
  }

  @Test(arguments: [
    ("a.json", #"{"a": "\ud83d\ude00"}"#, UntouchedReason.json),
    ("a.yaml", #"{"a": "\ud83d\ude00"}"#, .json), ("a.JSON", "{\n\t\"a\": 1}\n", .json),
    ("a.json", "", .empty), (".env", "A=1\nexport B='x: y'\n", .assignments),
    ("prod.env", "A: 1\n", .assignments), ("tenants.csv", "name,mail\na,\"b\"\n", .table),
    ("tenants.jsonl", "{\"a\": 1}\n{\"a\": 2}\n", .table),
  ])
  func `files that are not YAML are left as they are`(
    file: String, text: String, reason: UntouchedReason
  ) throws {
    #expect(try FormattedText(Array(text.utf8), file: file) == .untouched(reason))
  }

  @Test(arguments: [("a.json", "{a: 1}"), ("a.yaml", #"{"a": "\ud83d\ude0"}"#)])
  func `JSON that is broken throws what is wrong with it`(file: String, text: String) {
    let error = #expect(throws: InvalidInput.self) {
      try FormattedText(Array(text.utf8), file: file)
    }
    #expect(error?.diagnostics.map(\.code) == [.jsonSyntax])
  }

  @Test func `a bad file throws everything that is wrong with it`() {
    let text = "a: 1\na: 2\nb: *gone\nc: !odd x\n"
    let error = #expect(throws: InvalidInput.self) {
      try FormattedText(Array(text.utf8), file: "a.yaml")
    }
    #expect(error?.diagnostics.map(\.code) == [.duplicateKey, .unknownAlias, .unknownTag])
  }

  @Test func `line ends of other systems become those of this one`() throws {
    #expect(
      try FormattedText.of("\u{FEFF}a: 1\r\n\r\n\r\nb: |\r\n  x\r\n  y\r\n")
        == "a: 1\n\nb: |\n  x\n  y\n")
  }

  @Test func `a file with anchors keeps the order of its keys`() throws {
    let text = "name: a\nplaybook: 1\nsteps:\n- call:   a.b\n  id: &one x\n- id: *one\n"
    #expect(
      try FormattedText.of(text)
        == "name: a\nplaybook: 1\nsteps:\n  - call: a.b\n    id: &one x\n  - id: *one\n")
  }
}
