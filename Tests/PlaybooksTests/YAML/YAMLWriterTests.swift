import Expressions
import Playbooks
import Randomness
import Testing

struct YAMLWriterTests {
  static let scalars: [(String, String)] = [
    ("vault-a", "vault-a"), ("Information security risk", "Information security risk"),
    ("a@example.com", "a@example.com"), ("https://b.example/cb", "https://b.example/cb"),
    ("/tmp/a.txt", "/tmp/a.txt"), ("Zoë", "Zoë"), ("漢字", "漢字"),
    ("", "\"\""), ("yes", "\"yes\""), ("No", "\"No\""), ("true", "\"true\""), ("~", "\"~\""),
    ("null", "\"null\""), ("12", "\"12\""), ("012", "\"012\""), ("1e3", "\"1e3\""),
    ("2026-01-01", "\"2026-01-01\""), ("12:30", "\"12:30\""), (".inf", "\".inf\""),
    (" a", "\" a\""), ("a ", "\"a \""), ("a: b", "\"a: b\""), ("a:", "\"a:\""),
    ("a #b", "\"a #b\""), ("- a", "\"- a\""), ("---", "\"---\""), ("<<", "\"<<\""),
    ("*a", "\"*a\""), ("&a", "\"&a\""), ("!a", "\"!a\""), ("a,b", "\"a,b\""), ("[a]", "\"[a]\""),
    ("it's", "\"it's\""), (#"say "yes""#, #"'say "yes"'"#), (#"it's "a""#, #"'it''s "a"'"#),
    (#"a\b"#, #"'a\b'"#), ("${{ inputs.a }}", "\"${{ inputs.a }}\""),
    ("a\nb", #""a\nb""#), ("\"\n", #""\"\n""#), ("a\tb\r", #""a\tb\r""#),
    ("\u{0}\u{7F}", #""\x00\x7F""#), ("\u{85}\u{2028}", #""\x85\u2028""#),
    ("\u{202E}a", #""\u202Ea""#), ("\u{FEFF}", #""\uFEFF""#), ("\u{A0}", #""\xA0""#),
    ("\u{F0000}", #""\U000F0000""#), ("\u{FFFF}", #""\uFFFF""#),
  ]

  @Test(arguments: scalars)
  func `a string is quoted where it must be`(text: String, written: String) throws {
    #expect(YAMLWriter.scalar(text) == written)
    #expect(try Self.read("a: \(written)\n") == ["a": .string(text)])
    #expect(try Self.read("- [\(written), \(written)]\n") == [[.string(text), .string(text)]])
  }

  @Test func `lists and maps are written in block style, short lists on one line`() throws {
    let value: Value = [
      "devices": [
        ["name": "vault-a", "approved": true, "roles": ["storage"]],
        ["name": "phone", "approved": false, "roles": []],
      ],
      "none": [], "empty": [:], "nested": [["a", ["b", "c"]], [["d": nil]]],
      "numbers": [1, 1.0, .double(1e21), .double(-.infinity), .uint(7), .uint(.max)],
      "text of a list": .list(Array(repeating: "0123456789", count: 9)),
    ]
    let lines = try #require(YAMLWriter.lines(of: value))
    #expect(
      lines.prefix(19).joined(separator: "\n") == """
        devices:
          - name: vault-a
            approved: true
            roles: [storage]
          - name: phone
            approved: false
            roles: []
        none: []
        empty: {}
        nested:
          - - a
            - [b, c]
          - - d: null
        numbers: [1, 1.0, 1e+21, -.inf, 7, "18446744073709551615"]
        text of a list:
          - "0123456789"
          - "0123456789"
          - "0123456789"
          - "0123456789"
        """)
    var expected = value
    if case .map(var map) = expected {
      map["numbers"] = [
        1, 1.0, .double(1e21), .double(-.infinity), 7, "18446744073709551615",
      ]
      expected = .map(map)
    }
    #expect(try Self.read(lines.joined(separator: "\n")) == expected)
  }

  @Test(
    arguments: [
      .secret(text: "a"), ["a": [.secret(text: "b")]], .bytes([1]), .duration(.seconds(1)),
      .unknown(Unknown("a")),
    ] as [Value])
  func `what is no plain data is not written`(value: Value) {
    #expect(YAMLWriter.lines(of: value) == nil)
  }

  @Test func `what is nested too deep for a file is not written`() throws {
    func nested(_ depth: Int) -> Value { (0..<depth).reduce("a") { value, _ in ["b": value] } }
    let deepest = nested(YAMLWriter.deepest)
    let lines = try #require(YAMLWriter.lines(of: deepest))
    #expect(try Self.read(lines.joined(separator: "\n")) == deepest)
    #expect(YAMLWriter.lines(of: nested(YAMLWriter.deepest + 1)) == nil)
  }

  @Test func `whatever is written is read as the same value`() throws {
    var random = SplitMix(seed: 20_261_129)
    for _ in 0..<3000 {
      let value = Self.value(depth: 0, &random)
      let text = try #require(YAMLWriter.lines(of: value)).joined(separator: "\n") + "\n"
      #expect(try Self.read(text) == value, "\(text)")
    }
  }

  private static func read(_ text: String) throws -> Value {
    try YAMLNode(parsing: Array(text.utf8), file: "a.yaml").value
  }

  private static let pieces = [
    "a", "Z", "0", "9", " ", "  ", ":", ": ", "#", " #", "-", "- ", "?", "!", "&", "*", "|", ">",
    "'", "\"", "%", "@", "`", "{", "}", "[", "]", ",", "\\", "\n", "\r\n", "\r", "\t", "\u{0}",
    "\u{1B}", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}", "\u{2029}", "\u{FEFF}", "\u{FFFD}",
    "\u{FFFE}", "é", "e\u{301}", "漢", "😀", "\u{202E}", "\u{F0000}", "\u{10FFFF}", "${{", "}}",
    "$${{", "yes", "null", "true", "1e3", "0x1F", ".inf", "~", "<<", "---", "...", "=",
  ]

  private static func text(_ random: inout SplitMix) -> String {
    if Int.random(in: 0..<40, using: &random) == 0 {
      return String(repeating: "long", count: Int.random(in: 240...400, using: &random))
    }
    let count = Int.random(in: 0...5, using: &random)
    return (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
  }

  private static func value(depth: Int, _ random: inout SplitMix) -> Value {
    let kinds = depth > 3 ? 6 : 8
    let count = Int.random(in: 0...4, using: &random)
    switch Int.random(in: 0..<kinds, using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .int(Int64.random(in: .min ... .max, using: &random))
    case 3:
      return .double(
        Double(
          sign: .minus, exponent: Int.random(in: -900...900, using: &random), significand: 1.25))
    case 4, 5: return .string(text(&random))
    case 6: return .list((0..<count).map { _ in value(depth: depth + 1, &random) })
    default:
      var map = ValueMap()
      for _ in 0..<count { map[text(&random)] = value(depth: depth + 1, &random) }
      return .map(map)
    }
  }
}
