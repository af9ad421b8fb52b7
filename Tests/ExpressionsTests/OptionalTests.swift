import Diagnostics
import Expressions
import OrderedCollections
import Testing

/// What the specification's cases leave open about optional values, and where they end.
@Suite struct OptionalTests {
  private static let bindings: Bindings = [
    "user": ["name": "ann", "note": .null, "tags": ["a", "b"]], "empty": [:],
  ]

  @Test(
    arguments: [
      ("user.?name", "ann"), ("user.?age", .null), ("user.?note", .null),
      ("[user.?name, user.?age]", ["ann", .null]),
      ("{'a': user.?name, 'b': user.?age}", ["a": "ann", "b": .null]),
      ("optional.of(optional.of(1))", 1), ("[[optional.of([optional.none()])]]", [[[.null]]]),
      ("user.tags.first()", "a"), ("user.tags.last().value()", "b"), ("[].first()", .null),
      ("user.?age.orValue(1 / 0 == 1 ? 1 : 2) == 2 || true", true),
      ("user.?name.orValue(1 / 0)", "ann"),
      ("user.?name.or(1 / 0)", "ann"), ("user.?age.or(user.?name).or(optional.of(1 / 0))", "ann"),
      ("optional.unwrap([user.?name, user.?age])", ["ann"]),
      ("[user.?name, user.?age].unwrapOpt()", ["ann"]),
      ("[user.?name, user.?age].filter(o, o.hasValue()).size()", 1),
      ("[optional.of(1), optional.of(1u), optional.none()].distinct().size()", 2),
      ("optional.of(1) in [optional.of(1.0)]", true),
      ("json.encode([user.?name, user.?age])", #"["ann",null]"#),
      ("string(type(user.?name) == optional_type)", "true"), ("optional.of(1) == {}", false),
      ("optional.ofNonZeroValue(timestamp(0)).hasValue()", false),
      ("optional.ofNonZeroValue([0]).hasValue()", true),
      ("{?'a': user.?name, ?'b': user.?age, 'c': 1,}", ["a": "ann", "c": 1]),
      ("user.tags[?5].orValue('none')", "none"), ("user[?'name'].value()", "ann"),
      ("user.?tags[0]", "a"), ("user.?tags[?7]", .null), ("empty.?a.b.c.?d[0].hasValue()", false),
      ("user.?name.optMap(n, n.size()).orValue(0)", 3), ("has(user.?tags.x) || true", true),
      ("true ?.5 : 1.0", 0.5), ("empty.size()", 0),
    ] as [(String, Value)])
  func `an optional is what it holds, or null, where an expression ends`(
    _ source: String, _ expected: Value
  ) throws {
    #expect(try evaluate(source, Self.bindings) == expected)
  }

  @Test(arguments: [
    ("user.?age.value()", "the optional has no value"),
    ("user.?age + 1", "`+` does not work on optional_type and int"),
    ("size(user.?tags)", "`size` does not work on optional_type"),
    ("'a' in user.?tags", "`in` does not work on string and optional_type"),
    ("user.?tags.map(t, t)", "`map` goes over a list or a map, not optional_type"),
    ("user.?name.?x", "string has no fields"),
    ("user.tags[?'a']", "a list has no index of type string"),
    ("[?1]", "`?` needs an optional, not int"), ("{?'a': 1}", "`?` needs an optional, not int"),
    ("user.?name.optFlatMap(n, n)", "`optFlatMap` needs an optional, not string"),
    ("dyn(1).optMap(n, n)", "`optMap` needs an optional, not int"),
    ("user.?age.or(dyn(1))", "`or` does not work on optional_type"),
    ("user.orValue(1)", "`orValue` does not work on map"),
    ("'%s'.format([user.?name])", "`%s` does not write optional_type"),
    ("string(user.?name)", "`string` does not work on optional_type"),
    ("{user.?name: 1}", "optional_type cannot be the key of a map"),
    ("optional.unwrap([1])", "a list of optionals is unwrapped, but an element is int"),
    ("[user.?name].sort()", "`sort` needs values that have an order, not optional_type"),
    ("user.?name ? 1 : 2", "a condition is bool, not optional_type"),
    (
      "['a'].transformMapEntry(i, x, optional.of({}))",
      "`transformMapEntry` needs a map, not optional_type"
    ),
  ])
  func `what fails says so in words`(_ source: String, _ message: String) throws {
    #expect(try evaluationError(source, Self.bindings).message == message)
  }

  private static func template(_ text: String) throws -> Template {
    try Template.parse(text, literal: .string(text)) { offset in
      SourceLocation(file: "a.yaml", line: 1, column: 1 + offset)
    }
  }

  @Test func `a field that is an optional without a value is not given`() throws {
    let location = SourceLocation(file: "a.yaml", line: 1, column: 1)
    let (name, age) = (
      try Self.template("${{ user.?name }}"), try Self.template("${{ user.?age }}")
    )
    let map = Template.map(
      ["name": name, "age": age, "list": .list([name, age], location)], location)
    let expected: Value = ["name": "ann", "list": ["ann", .null]]
    #expect(try map.evaluate(with: Self.bindings) == expected)
    #expect(try map.evaluateAllowingUnknown(with: Self.bindings) == expected)
    #expect(try age.evaluate(with: Self.bindings) == .null)
    #expect(try age.evaluateIfGivenAllowingUnknown(with: Self.bindings) == nil)
    #expect(try name.evaluateIfGivenAllowingUnknown(with: Self.bindings) == "ann")
  }

  @Test func `a text takes what an optional holds, and null is no part of it`() throws {
    #expect(try Self.template("to ${{ user.?name }}").evaluate(with: Self.bindings) == "to ann")
    let error = try #require(throws: EvaluationError.self) {
      try Self.template("to ${{ user.?age }}").evaluate(with: Self.bindings)
    }
    #expect(error.message == "null cannot be part of a string")
  }

  @Test func `optional parts are used and contribute like others`() throws {
    let expression = try Expression("a.?b.c[?'d'].optMap(x, x + e.?f)")
    #expect(expression.references.map(\.path) == [["b", "c", "d"], ["f"]])
    #expect(Set(expression.contributions.map(\.variable)) == ["a", "e"])
    #expect(try Expression("a.?b.hasValue()").contributions == [])
    #expect(
      Set(try Expression("[?a.?b, c.orValue(d)]").contributions.map(\.variable)) == ["a", "c", "d"])
  }
}
