import Diagnostics
import Expressions
import OrderedCollections
import Testing

@Suite struct TemplateTests {
  private static let bindings: Bindings = [
    "name": "ann", "n": 3, "list": [1, "a"], "map": ["a": 1.5], "none": .null,
    "bytes": .bytes([0x68, 0x69]), "bad": .bytes([0xFF]), "flag": true, "half": 0.5,
  ]

  /// Reads `text` as the second line of a file, from column 5.
  private static func template(_ text: String) throws(InvalidInput) -> Template {
    try Template.parse(text, literal: .string(text), locate: location)
  }

  private static func location(_ offset: Int) -> Diagnostics.SourceLocation {
    SourceLocation(file: "a.yaml", line: 2, column: 5 + offset)
  }

  @Test(
    arguments: [
      ("plain", "plain"), ("", ""), ("$5 and ${x} and {{ y }}", "$5 and ${x} and {{ y }}"),
      ("${{ n }}", 3), ("${{n}}", 3), ("${{ list }}", [1, "a"]), ("${{ none }}", .null),
      ("${{ {'a': {'b': 1}} }}", ["a": ["b": 1]]), ("${{ {'a': {'b': 1}}}}", ["a": ["b": 1]]),
      ("${{ {'a': {}}['a'] }}", [:]), ("${{ '}}' }}", "}}"), ("${{ \"}}\" + '{{' }}", "}}{{"),
      ("${{ r'\\}}' }}", "\\}}"), ("a ${{ n }} b", "a 3 b"), ("${{ n }}${{ n }}", "33"),
      (" ${{ n }}", " 3"), ("${{ n }}\n", "3\n"), ("${{ name }}: ${{ flag }}", "ann: true"),
      ("is ${{ half }}", "is 0.5"), ("is ${{ 2.0 }}", "is 2"), ("is ${{ 7u }}", "is 7"),
      ("is ${{ list }}", #"is [1,"a"]"#), ("is ${{ map }}", #"is {"a":1.5}"#),
      ("is ${{ bytes }}", "is hi"), ("is ${{ duration('90s') }}", "is 90s"),
      ("is ${{ timestamp(0) }}", "is 1970-01-01T00:00:00Z"), ("is ${{ int }}", "is int"),
      ("$${{ n }}", "${{ n }}"), ("$${{ n }} ${{ n }}", "${{ n }} 3"), ("$$${{ n }}", "$${{ n }}"),
      ("€ ${{ name }} 🐱", "€ ann 🐱"), ("${{ n // why\n }}", 3),
    ] as [(String, Value)])
  func `a scalar keeps its type or becomes text`(_ text: String, _ expected: Value) throws {
    #expect(try Self.template(text).evaluate(with: Self.bindings) == expected)
  }

  @Test(
    arguments: [
      ("a", "a"), ("$${{ x }}", "${{ x }}"), ("$$${{ $${", "$${{ $${"),
      ("${VAR} $$ {{ }}", "${VAR} $$ {{ }}"),
      ("${{ x }}", nil), ("$${{ ${{", nil), ("", ""),
    ] as [(String, String?)])
  func `strings that hold no expression have the escape too`(_ text: String, _ expected: String?) {
    #expect(Template.literalString(of: text) == expected)
  }

  @Test func `a literal keeps the spelling that its value does not show`() throws {
    let kept = try Template.parse("0x1F", literal: 31, locate: Self.location)
    #expect(kept == .literal(31, Self.location(0), written: "0x1F"))
    let same = try Template.parse("a", literal: "a", locate: Self.location)
    #expect(same == .literal("a", Self.location(0)))
  }

  @Test func `a scalar without expressions is the literal`() throws {
    let template = try Template.parse("12", literal: 12, locate: Self.location)
    #expect(template == .literal(12, Self.location(0)))
    let escaped = try Template.parse("$${{", literal: 12, locate: Self.location)
    #expect(escaped == .literal("${{", Self.location(0)))
  }

  @Test(arguments: [
    Marked("${{ n", "^^^", "the expression is not closed", hint: "close it with `}}`"),
    Marked("a ${{ n }", "  ^^^", "the expression is not closed", hint: "close it with `}}`"),
    Marked("a ${{ {'a': 1 }}", "  ^^^", "the expression is not closed", hint: "close it with `}}`"),
    Marked(
      "${{ n // why }}", "^^^", "the expression is not closed",
      hint: "a `//` comment continues to the end of the line, `}}` included"),
    Marked("a ${{ }} b", "  ^^^^^^", "the expression is empty"),
    Marked("${{}}", "^^^^^", "the expression is empty"),
    Marked("a ${{ n + }} b", "         ^", "expected a value, found the end of the expression"),
    Marked("a ${{ 'b }}", "      ^", "the string is not closed", hint: "close it with '"),
    Marked("a ${{ n n }} b", "        ^", "expected an operator or the end, found `n`"),
  ])
  func `a mistake is marked inside the scalar`(_ marked: Marked) throws {
    let error = try #require(throws: InvalidInput.self) { try Self.template(marked.source) }
    var expected = marked.diagnostic(.expressionSyntax)
    expected.location?.line = 2
    expected.location?.column += 4
    #expect(error.diagnostics == [expected])
  }

  @Test func `all syntax errors of a scalar are found`() throws {
    let text = "${{ 1 + }} ${{ 'a }} ${{ ) }} ${{ n"
    let error = try #require(throws: InvalidInput.self) { try Self.template(text) }
    #expect(error.diagnostics.map(\.location?.column) == [12, 20, 30, 35])
  }

  @Test func `places follow a scalar that is escaped or folded`() throws {
    // As YAML has it: "${{ \"a\" + \n   b }}", where each backslash hides one column.
    let text = "${{ \"a\" + b }}"
    let columns = [2, 3, 4, 5, 6, 8, 9, 11, 12, 13, 4, 5, 6, 7]
    let template = try Template.parse(text, literal: .null) { offset in
      SourceLocation(file: "a.yaml", line: offset < 10 ? 1 : 2, column: columns[offset])
    }
    #expect(
      template.check(in: [:]).diagnostics.map(\.location)
        == [SourceLocation(file: "a.yaml", line: 2, column: 4)])
    #expect(template.location == SourceLocation(file: "a.yaml", line: 1, column: 6, length: 7))
  }

  @Test(arguments: [
    ("a ${{ none }}", "null cannot be part of a string"),
    ("a ${{ bad }}", "the bytes are no UTF-8 text"),
    ("a ${{ missing }}", "unknown name `missing`"),
  ])
  func `what cannot be part of a string is an error`(_ text: String, _ message: String) throws {
    let template = try Self.template(text)
    let error = try #require(throws: EvaluationError.self) {
      try template.evaluate(with: Self.bindings)
    }
    #expect(error.message == message)
    #expect(error.location.column == 11)
  }

  @Test func `lists and maps of templates are checked and evaluated whole`() throws {
    let numbers = [try Self.template("${{ n }}"), try Self.template("${{ n + 1 }}")]
    let fields: OrderedDictionary<String, Template> = [
      "a": .list(numbers, Self.location(0)),
      "b": try Self.template("${{ nope }}"),
      "c": try Self.template("x ${{ nein }}"),
      "d": .literal(true, Self.location(0)),
    ]
    let template = Template.map(fields, Self.location(0))
    let checked = template.check(in: ["n": .int])
    #expect(
      checked.type == .object(["a": .list(.int), "b": .dyn, "c": .string, "d": .bool]))
    #expect(checked.diagnostics.map(\.message) == ["unknown name `nope`", "unknown name `nein`"])
    #expect(
      try template.evaluate(with: ["n": 1, "nope": "b", "nein": "c"])
        == ["a": [1, 2], "b": "b", "c": "x c", "d": true])
    #expect(template.referencedNames == ["n", "nope", "nein"])
    #expect(template.expressions.map(\.source) == ["n", "n + 1", "nope", "nein"])
  }

  @Test(
    arguments: [
      ("steps.upload.token", [["upload", "token"]]),
      ("steps['upload'].token", [["upload", "token"]]),
      ("steps.upload.tokens[0].id", [["upload", "tokens"]]),
      ("has(steps.upload.token)", [["upload", "token"]]),
      ("steps.a == steps.b.c", [["a"], ["b", "c"]]), ("steps", [[]]), ("steps[x].a", [[]]),
      ("[1].map(steps, steps.a)", []), ("[1].map(steps, .steps.a)", [["a"]]),
      ("steps.list.map(s, s.a)", [["list"]]), ("steps.name.startsWith('a')", [["name"]]),
      ("other.steps.a", []), ("f(steps.a)", [["a"]]), ("{'a': steps.a}.b", [["a"]]),
    ] as [(String, [[String]])])
  func `the uses of a variable are known`(_ source: String, _ paths: [[String]]) throws {
    #expect(try Expression(source).references(to: "steps").map(\.path) == paths)
  }

  @Test func `types and namespaces are no variables`() throws {
    let expression = try Expression("type(a) == int && base64.encode(b) == c.base64.encode(d)")
    #expect(expression.referencedNames == ["a", "b", "c", "d"])
    #expect(
      try Expression("1 + a.b").references == [
        Expression.Reference(
          variable: "a", path: ["b"],
          location: SourceLocation(file: "a.yaml", line: 1, column: 5, length: 3))
      ])
  }
}
