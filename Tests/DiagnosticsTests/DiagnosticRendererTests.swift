import Diagnostics
import Testing

@Suite struct DiagnosticRendererTests {
  private static func render(_ text: String, _ diagnostics: Diagnostic...) -> String {
    var texts = SourceTexts()
    texts["a.yaml"] = text
    return DiagnosticRenderer(texts: texts).render(diagnostics)
  }

  private static func place(
    _ line: Int, _ column: Int, length: Int = 1, file: String = "a.yaml"
  ) -> Diagnostics.SourceLocation {
    SourceLocation(file: file, line: line, column: column, length: length)
  }

  @Test func `a diagnostic quotes its line and marks its span`() {
    let text = "steps:\n  - id: a\n    wen: 1\n"
    let diagnostic = Diagnostic(
      .unknownKey, "unknown key `wen`", at: Self.place(3, 5, length: 3),
      hint: "did you mean `when`?")
    let expected = """
      a.yaml:3:5: error[P0201]: unknown key `wen` [unknown-key]
        3 |     wen: 1
          |     ^^^
        hint: did you mean `when`?
      """
    #expect(Self.render(text, diagnostic) == expected)
  }

  @Test func `other places follow the quoted line, and the hint is last`() {
    let diagnostic = Diagnostic(
      .duplicateId, "the id `a` is given twice", at: Self.place(2, 1), hint: "rename one",
      related: [RelatedLocation("first given here", at: Self.place(1, 2))])
    #expect(
      Self.render("xa\nyb", diagnostic) == """
        a.yaml:2:1: error[P0303]: the id `a` is given twice [duplicate-id]
          2 | yb
            | ^
          first given here: a.yaml:1:2
          hint: rename one
        """)
  }

  @Test func `diagnostics come in the order of their places, those without one first`() {
    let text = "one\ntwo\n"
    let expected = """
      error[P0802]: no input `x` [missing-input]

      a.yaml:1:2: warning[P0202]: second [missing-key]
        1 | one
          |  ^

      a.yaml:2:1: error[P0201]: first [unknown-key]
        2 | two
          | ^
      """
    let found = Self.render(
      text, Diagnostic(.unknownKey, "first", at: Self.place(2, 1)),
      Diagnostic(.missingKey, "second", at: Self.place(1, 2), severity: .warning),
      Diagnostic(.missingInput, "no input `x`", at: nil))
    #expect(found == expected)
  }

  @Test(arguments: [
    ("ab", place(1, 3), "  1 | ab\n    |   ^"), ("ab", place(1, 9), "  1 | ab\n    |   ^"),
    ("ab", place(1, 1, length: 9), "  1 | ab\n    | ^^"), ("", place(1, 1), "  1 | \n    | ^"),
    ("\tab", place(1, 2), "  1 |  ab\n    |  ^"), ("a\r\nb", place(2, 1), "  2 | b\n    | ^"),
    ("é€🐱x", place(1, 4), "  1 | é€🐱x\n    |     ^"),
    ("日本 x'y", place(1, 5), "  1 | 日本 x'y\n    |       ^"),
    ("a 日本", place(1, 3, length: 2), "  1 | a 日本\n    |   ^^^^"),
    ("e\u{301}x", place(1, 3), "  1 | e\u{301}x\n    |  ^"),
    ("a\u{1B}[31mb", place(1, 2), "  1 | a\u{FFFD}[31mb\n    |  ^"),
    (String(repeating: "\n", count: 99) + "x", place(100, 1), "  100 | x\n      | ^"),
  ])
  func `the mark stays under what it marks`(
    _ text: String, _ place: Diagnostics.SourceLocation, _ quoted: String
  ) {
    let rendered = Self.render(text, Diagnostic(.unknownKey, "b", at: place))
    #expect(rendered == "\(place): error[P0201]: b [unknown-key]\n\(quoted)")
  }

  @Test func `a long line is shown around the mark`() {
    let text = String(repeating: "a", count: 500) + "X" + String(repeating: "b", count: 500)
    let shown = String(repeating: "a", count: 50) + "X" + String(repeating: "b", count: 49)
    let expected = """
      a.yaml:1:501: error[P0201]: b [unknown-key]
        1 | …\(shown)…
          | \(String(repeating: " ", count: 51))^
      """
    #expect(Self.render(text, Diagnostic(.unknownKey, "b", at: Self.place(1, 501))) == expected)
  }

  @Test(arguments: [place(9, 1), place(1, 1, file: "other.yaml"), place(0, 1)])
  func `a place that cannot be quoted is only named`(_ place: Diagnostics.SourceLocation) {
    let rendered = Self.render("x", Diagnostic(.unknownKey, "b", at: place))
    #expect(rendered == "\(place): error[P0201]: b [unknown-key]")
  }

  @Test func `a line that is kept alone is quoted without what is hidden in it`() {
    var texts = SourceTexts()
    texts.keep(line: 70_000, of: "a.csv", "acme,hunter2,x,hunter3", hiding: [5..<12, 15..<99])
    texts.keep(line: 70_001, of: "a.csv", "{\"password\": \"hunter2\"}")
    var all = SourceTexts()
    all.merge(texts)
    let rendered = DiagnosticRenderer(texts: all).render([
      Diagnostic(.unknownKey, "b", at: Self.place(70_000, 14, file: "a.csv")),
      Diagnostic(.unknownKey, "b", at: Self.place(70_000, 6, length: 7, file: "a.csv")),
      Diagnostic(.unknownKey, "b", at: Self.place(70_001, 2, length: 10, file: "a.csv")),
      Diagnostic(.unknownKey, "b", at: Self.place(70_002, 1, file: "a.csv")),
    ])
    #expect(
      rendered == """
        a.csv:70000:6: error[P0201]: b [unknown-key]
          70000 | acme,•••,x,•••
                |      ^^^

        a.csv:70000:14: error[P0201]: b [unknown-key]
          70000 | acme,•••,x,•••
                |          ^

        a.csv:70001:2: error[P0201]: b [unknown-key]
          70001 | {"password": •••}
                |  ^^^^^^^^^^

        a.csv:70002:1: error[P0201]: b [unknown-key]
        """)
  }

  @Test func `no part of a diagnostic drives the terminal`() {
    let diagnostic = Diagnostic(
      .unknownKey, "b\u{1B}[2J", at: Self.place(1, 1, file: "\u{1B}c.yaml"), hint: "c\u{7}\u{202E}")
    let rendered = DiagnosticRenderer(texts: SourceTexts()).render(diagnostic)
    #expect(
      rendered
        == "\u{FFFD}c.yaml:1:1: error[P0201]: b\u{FFFD}[2J [unknown-key]\n  hint: c\u{FFFD}\u{FFFD}"
    )
  }
}
