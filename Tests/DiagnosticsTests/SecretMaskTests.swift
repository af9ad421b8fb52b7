import Diagnostics
import Testing

/// Lines that are quoted must not show a secret, whatever is wrong with them.
@Suite struct SecretMaskTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var text: String
    /// Line, column and length of what is wrong.
    var place: (line: Int, column: Int, length: Int)
    var shown: String
    var marker: String

    var testDescription: String { text }

    init(
      _ text: String, _ line: Int, _ column: Int, _ length: Int, _ shown: String, _ marker: String
    ) {
      self.text = text
      place = (line, column, length)
      self.shown = shown
      self.marker = marker
    }
  }

  static let examples = [
    Example("password: hunter2", 1, 11, 7, "password: •••", "          ^^^"),
    Example("passwrd: hunter2", 1, 1, 7, "passwrd: •••", "^^^^^^^"),
    Example("password: \"hunter2", 1, 11, 8, "password: •••", "          ^^^"),
    Example("password: hunter2: foo", 1, 18, 1, "password: •••", "          ^^^"),
    Example("password:hunter2", 1, 1, 8, "password:•••", "^^^^^^^^"),
    Example("  new-pwd: 'it''s' # x", 1, 3, 7, "  new-pwd: •••'s' # x", "  ^^^^^^^"),
    Example(
      #"{ "username": 5, "password": "hun\"ter2", "stores": "a" }"#, 1, 53, 3,
      #"{ "username": 5, "password": •••, "stores": "a" }"#,
      "                                            ^^^"),
    Example(
      "{ user: bob, password: hunter2, x: 1 }", 1, 33, 1, "{ user: bob, password: •••, x: 1 }",
      "                            ^"),
    // Declared names, in whatever case.
    Example("bob: hunter2", 1, 1, 3, "bob: •••", "^^^"),
    // Nested in the name.
    Example("pw: { default: hunter2, x: 1 }", 1, 1, 2, "pw: { default: •••, x: 1 }", "^^"),
    Example("password:\n  default: hunter2", 2, 3, 7, "  default: •••", "  ^^^^^^^"),
    Example("password:\n  tpye: secret", 2, 3, 4, "  tpye: secret", "  ^^^^"),
    Example("password: |-\n  hunter2", 2, 3, 7, "  •••", "  ^^^"),
    Example("password:\n\n    hunter2: x", 3, 5, 7, "    •••", "    ^^^"),
    // What only names a secret is shown.
    Example("password: env:P", 1, 1, 8, "password: env:P", "^^^^^^^^"),
    Example("password: \"${{ inputs.p }}\"", 1, 1, 8, "password: \"${{ inputs.p }}\"", "^^^^^^^^"),
    Example("password: { type: secret }", 1, 1, 8, "password: { type: secret }", "^^^^^^^^"),
    // A list or a map of values may hold a secret anywhere.
    Example("passwords: [hunter2, [x]]", 1, 1, 9, "passwords: •••", "^^^^^^^^^"),
    Example(
      #"{"name":"a","password":{"a":"hunter2"}}"#, 1, 3, 4, #"{"name":"a","password":•••"#, "  ^^^^"
    ),
    Example("password:", 1, 1, 8, "password:", "^^^^^^^^"),
    Example("token: dtk-1", 1, 1, 5, "token: dtk-1", "^^^^^"),
    Example("name: x:y", 1, 1, 4, "name: x:y", "^^^^"),
  ]

  @Test(arguments: examples)
  func `the value of what is or may be a secret is not quoted`(example: Example) {
    var texts = SourceTexts()
    texts["a.yaml"] = example.text
    texts.hide(valueOf: "Bob")
    let location = SourceLocation(
      file: "a.yaml", line: example.place.line, column: example.place.column,
      length: example.place.length)
    let rendered = DiagnosticRenderer(texts: texts).render(
      Diagnostic(.unknownKey, "wrong", at: location))
    let lines = rendered.split(separator: "\n").map { $0.dropFirst("  1 | ".count) }
    #expect(lines[1] == example.shown)
    #expect(lines[2] == example.marker)
  }

  @Test func `a line that is hidden for one diagnostic is hidden for all`() {
    var texts = SourceTexts()
    texts["a.yaml"] = "pin: hunter2"
    let place = SourceLocation(file: "a.yaml", line: 1, column: 1, length: 3)
    let diagnostics = [
      Diagnostic(.unknownKey, "unknown key", at: place),
      Diagnostic(.secretInClear, "in plain text", at: place, quotation: .none),
    ]
    #expect(
      DiagnosticRenderer(texts: texts).render(diagnostics)
        == "a.yaml:1:1: error[P0201]: unknown key [unknown-key]\n\na.yaml:1:1: error[P0702]: in plain text [secret-in-clear]"
    )
  }
}
