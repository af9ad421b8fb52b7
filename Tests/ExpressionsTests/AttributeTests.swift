import Diagnostics
import Expressions
import OrderedCollections
import Testing

/// Fields of maps that are no entries of them.
@Suite struct AttributeTests {
  private static let plain: ValueMap = ["id": "a", "n": 1]
  private static let map = Value.map(plain).with(attributes: ["on": true, "n": 2])
  private static let bindings: Bindings = [
    "map": map, "plain": .map(plain), "list": [map, .map(plain)],
    "sealed": .secret(Secret(map)), "open": .map(plain.with(attributes: ["on": id])),
  ]
  private static let id = Value.unknown(Unknown("a.on"))

  @Test(
    arguments: [
      ("map.on", true), ("map['on']", true), ("has(map.on)", true), ("has(plain.on)", false),
      ("map.n", 1), ("size(map)", 2), ("map == plain", true), ("map in [plain]", true),
      ("list == [plain, plain]", true), ("'on' in map", false),
      ("map.map(name, name)", ["id", "n"]),
      ("json.encode(map)", #"{"id":"a","n":1}"#), ("list.exists(m, has(m.on) && m.on)", true),
      ("[map][0].on", true), ("(true ? map : plain).on", true),
      ("list.filter(m, has(m.on))[0].on", true), ("sealed.on", true),
      ("has(sealed.on)", .secret(Secret(true))), ("has(open.on)", true),
    ] as [(String, Value)])
  func `an attribute is selected by its name, and is nothing else of the map`(
    _ source: String, _ value: Value
  ) throws {
    #expect(try Expression(source).evaluate(with: Self.bindings) == value)
  }

  @Test func `an attribute may be unknown, and holds nothing up that does not use it`() throws {
    #expect(try Expression("open.id").evaluate(with: Self.bindings) == "a")
    let error = #expect(throws: EvaluationError.self) {
      try Expression("open.on").evaluate(with: Self.bindings)
    }
    #expect(error?.unknown == Unknown("a.on"))
    #expect(Self.bindings["open"]?.holdsUnknown == false)
  }

  @Test(
    arguments: [
      (map, .map(plain)), ([map, 1], [.map(plain), 1]), (["m": map], ["m": .map(plain)]),
      (.secret(Secret(map)), .secret(Secret(.map(plain)))), ("x", "x"), (.null, .null),
      (.secret(Secret(payload: "x")), .secret(Secret(payload: "x"))),
    ] as [(Value, Value)])
  func `what is handed on has no attributes`(_ value: Value, _ other: Value) {
    #expect(value.withoutAttributes == other)
    #expect((value == other) == (value.withoutAttributes == value))
  }

  private static let environment: TypeEnvironment = [
    "step": type, "other": .object(["on": .attribute(.bool)]), "list": .list(type),
    "closed": .object(["id": .string]), "yes": .bool,
  ]
  private static let type = StaticType.object(["id": .string, "on": .attribute(.bool)])

  @Test(
    arguments: [
      ("step.on", .bool), ("step['on']", .bool), ("has(step.on)", .bool), ("step", type),
      ("list.exists(s, s.on)", .bool), ("list.filter(s, s.on)", .list(type)),
      ("step == closed", .bool), ("step['i' + 'd']", .string), ("[step, step][0].on", .bool),
      ("(yes ? step : other).on", .dyn), ("[step, closed].map(s, s.on)", .list(.dyn)),
    ] as [(String, StaticType)])
  func `the type of an attribute is known`(_ source: String, _ type: StaticType) throws {
    let checked = try Expression(source).check(in: Self.environment)
    #expect(checked.type == type)
    #expect(checked.diagnostics == [])
  }

  /// Each part is typed once: with two walks for each level, this would not end.
  @Test func `comparisons of attributes inside comparisons are checked in one walk`() throws {
    var environment = Self.environment
    environment.words["on"] = TypeEnvironment.Words(["a", "b"], others: [:])
    environment["word"] = .object(["on": .attribute(.string)])
    var source = "word.on == 'c'"
    for _ in 0..<24 { source = "{'on': \(source)}.on == true" }
    let checked = try Expression(source).check(in: environment)
    #expect(checked.diagnostics.map(\.code) == [.unknownWord])
  }

  @Test(arguments: [
    "word.on == 'c'", "word['on'] == 'c'", "'c' != [word][0].on", "word.on in ['c']",
  ])
  func `a word that an attribute never is gets a warning`(_ source: String) throws {
    var environment = Self.environment
    environment.words["on"] = TypeEnvironment.Words(["a", "b"], others: [:])
    environment["word"] = .object(["on": .attribute(.string)])
    #expect(try Expression(source).check(in: environment).diagnostics.map(\.code) == [.unknownWord])
  }

  @Test func `a type without attributes lacks them at any depth`() {
    let closed = StaticType.object(["id": .string])
    #expect(Self.type.withoutAttributes == closed)
    #expect(
      StaticType.list(.map(key: .string, value: .object(["s": Self.type]))).withoutAttributes
        == .list(.map(key: .string, value: .object(["s": closed]))))
    #expect(closed.accepts(Self.type))
    #expect(Self.type.accepts(closed))
  }
}
