import Diagnostics
import Expressions
import Testing

/// What expressions make of values that a plan cannot know.
@Suite struct UnknownTests {
  private static let id = Value.unknown(Unknown("a.id"))
  private static let name = Value.unknown(Unknown("b.name"))

  static let bindings: Bindings = [
    "id": id, "name": name, "n": 3, "s": "x", "yes": true, "no": false, "none": .null,
    "list": [1, id, "x"], "map": ["id": id, "n": 1], "ids": [id, name], "all": [id, 2, name],
    "nested": ["inner": [id]], "rows": [["id": id, "on": true], ["id": 7, "on": false]],
    "secret": .secret(text: "planted"), "hidden": .secret(Secret(id)),
    "sealed": .secret(Secret(["id": id, "n": 4])), "sealedList": .secret(Secret([id, 2])),
    "a.b": id,
  ]

  @Test(
    arguments: [
      ("id", ["a.id"]), ("id.x", ["a.id"]), ("id['x']", ["a.id"]), ("id[0]", ["a.id"]),
      ("has(id.x)", ["a.id"]), ("map.id", ["a.id"]), ("map['id']", ["a.id"]),
      ("list[1]", ["a.id"]), ("nested.inner[0]", ["a.id"]), ("a.b", ["a.id"]), ("a.b.c", ["a.id"]),
      ("!id", ["a.id"]), ("-id", ["a.id"]), ("id + 1", ["a.id"]), ("1 + id", ["a.id"]),
      ("id + name", ["a.id", "b.name"]), ("name + id + id", ["b.name", "a.id"]),
      ("id == name", ["a.id", "b.name"]), ("id == id", ["a.id"]), ("id != 1", ["a.id"]),
      ("id < name", ["a.id", "b.name"]), ("id in [1]", ["a.id"]), ("n in ids", ["a.id", "b.name"]),
      ("id in ids", ["a.id"]), ("id[name]", ["a.id", "b.name"]), ("list[id]", ["a.id"]),
      ("string(id)", ["a.id"]), ("size(id)", ["a.id"]), ("type(id)", ["a.id"]),
      ("dyn(id)", ["a.id"]),
      ("id.startsWith(name)", ["a.id", "b.name"]), ("s.contains(id)", ["a.id"]),
      ("s.replace(name, id)", ["b.name", "a.id"]), ("ids.join('-')", ["a.id", "b.name"]),
      ("json.encode(map)", ["a.id"]), ("json.encode([map, ids])", ["a.id", "b.name"]),
      ("id ? 1 : 2", ["a.id"]), ("id ? name : name", ["a.id"]), ("yes ? id : 1", ["a.id"]),
      ("id && yes", ["a.id"]), ("yes && id", ["a.id"]), ("id || no", ["a.id"]),
      ("id && name", ["a.id", "b.name"]), ("id || name || no", ["a.id", "b.name"]),
      ("{id: 1}", ["a.id"]), ("{id: 1, name: 2}", ["a.id", "b.name"]),
      ("id.all(x, x)", ["a.id"]), ("id.map(x, x)", ["a.id"]), ("list == [1, 2, 'x']", ["a.id"]),
      ("list != [1, 2, 'x']", ["a.id"]), ("all == [1, 2, 3]", ["a.id", "b.name"]),
      ("map == {'id': 1, 'n': 1}", ["a.id"]), ("ids == ids", ["a.id", "b.name"]),
      ("all.all(x, x > 1)", ["a.id", "b.name"]), ("all.exists(x, x > 2)", ["a.id", "b.name"]),
      ("all.exists_one(x, x == 2)", ["a.id", "b.name"]),
      ("all.filter(x, x == 2)", ["a.id", "b.name"]), ("all.map(x, x == 2, 1)", ["a.id", "b.name"]),
      ("rows.exists(r, r.on && r.id == 1)", ["a.id"]),
      ("math.least(id, name)", ["a.id", "b.name"]),
      ("all.sort()", ["a.id", "b.name"]), ("all.distinct()", ["a.id", "b.name"]),
      ("all.sortBy(x, x)", ["a.id", "b.name"]), ("sets.contains([1], ids)", ["a.id", "b.name"]),
      ("all.all(i, x, x != i)", ["a.id", "b.name"]),
      ("all.transformMap(i, x, x > i, x)", ["a.id", "b.name"]),
      ("ids.transformMapEntry(i, x, {x: 1})", ["a.id", "b.name"]), ("cel.bind(x, id, x)", ["a.id"]),
      ("id.?x", ["a.id"]), ("map.?id", ["a.id"]), ("list[?1]", ["a.id"]), ("list[?id]", ["a.id"]),
      ("map.?id.orValue(1)", ["a.id"]), ("map.?x.orValue(id)", ["a.id"]), ("ids.first()", ["a.id"]),
      ("optional.of(id)", ["a.id"]), ("[?map.?id, ?optional.of(name)]", ["a.id", "b.name"]),
      ("{?'a': map.?id, ?'b': optional.of(name)}", ["a.id", "b.name"]),
      ("map.?n.optMap(x, x + id)", ["a.id"]), ("optional.of(map).id", ["a.id"]),
      ("lists.range(id)", ["a.id"]), ("list.slice(0, id)", ["a.id"]),
      ("math.greatest(ids)", ["a.id", "b.name"]), ("'%s %s'.format(ids)", ["a.id", "b.name"]),
    ])
  func `what depends on unknown values names all of them`(_ source: String, _ sources: [String])
    throws
  {
    #expect(try evaluationError(source, Self.bindings).unknown?.sources == sources)
  }

  @Test(
    arguments: [
      ("no && id", false), ("id && no", false), ("id && name && no", false), ("yes || id", true),
      ("id || yes", true), ("!(id && no)", true), ("no ? id : 1", 1), ("yes ? 1 : id", 1),
      ("all.all(x, x == 'x' && no)", false), ("list.exists(x, x == 'x')", true),
      ("list.all(x, x != 'x')", false), ("ids.exists(x, yes || x)", true),
      ("list[0]", 1), ("list[2]", "x"), ("map.n", 1), ("has(map.id)", true), ("has(map.x)", false),
      ("'id' in map", true), ("size(list)", 3), ("list.size()", 3), ("size(map)", 2),
      ("size(ids) > 1", true), ("1 in list", true), ("'x' in list", true),
      ("map.?n.orValue(id)", 1), ("map.?x.hasValue()", false),
      ("map.?n.or(optional.of(id))", 1),
      ("optional.none().optMap(x, id)", .null), ("list.first()", 1), ("list.last()", "x"),
      ("cel.bind(x, id, 1)", 1), ("cel.bind(x, id, x || yes)", true),
      ("ids.exists(i, x, i == 1 || x)", true),
      ("list.transformList(i, x, i)", [0, 1, 2]),
      ("list == [1, 2]", false), ("list == [2, 2, 'x']", false), ("list == [1, 2, 'y']", false),
      ("list != [1, 2, 'y']", true), ("map == {'id': 1}", false),
      ("map == {'id': 1, 'n': 2}", false), ("map == {'x': 1, 'n': 1}", false), ("map == 1", false),
      ("[map] == [{'id': 1, 'n': 2}]", false), ("type(list)", .type("list")),
      ("rows.exists(r, r.on)", true), ("rows.filter(r, !r.on)", [["id": 7, "on": false]]),
      ("rows.exists(r, r.id == 7)", true), ("rows.map(r, r.on)", [true, false]),
    ] as [(String, Value)])
  func `what does not depend on unknown values is known`(_ source: String, _ expected: Value)
    throws
  {
    #expect(try evaluate(source, Self.bindings) == expected)
  }

  @Test(
    arguments: [
      ("list", [1, id, "x"]), ("[id, 1]", [id, 1]), ("[id + 1, [name]]", [id, [name]]),
      ("{'a': id, 'b': n}", ["a": id, "b": 3]), ("list + [name]", [1, id, "x", name]),
      ("rows.map(r, r.id)", [id, 7]), ("rows.map(r, r.id + 1)", [id, 8]),
      ("rows.map(r, r.on, r.id)", [id]), ("rows.filter(r, r.on)", [["id": id, "on": true]]),
      ("dyn(map)", ["id": id, "n": 1]), ("yes ? ids : list", [id, name]),
      ("[id == name]", [.unknown(Unknown("a.id").union(Unknown("b.name")))]),
    ] as [(String, Value)])
  func `lists and maps hold unknown values`(_ source: String, _ expected: Value) throws {
    let value = try evaluate(source, Self.bindings)
    #expect(value == expected)
    #expect(value.holdsUnknown)
    #expect(value.unknown == nil)
  }

  /// As the CEL specification has it: of an error and an unknown value the error wins, except where a
  /// value can decide alone.
  @Test(
    arguments: [
      ("id + 1 / 0", "division by zero"), ("1 / 0 + id", "division by zero"),
      ("id[1 / 0]", "division by zero"), ("s.replace(id, string(1 / 0))", "division by zero"),
      ("[id, 1 / 0]", "division by zero"), ("{id: 1 / 0}", "division by zero"),
      ("{'a': id, 'b': 1 / 0}", "division by zero"), ("{id: 1, 1 / 0: 2}", "division by zero"),
      ("[1, 0].map(x, x == 1 ? id : 1 / x)", "division by zero"),
      ("[1, 0].filter(x, x == 1 ? id : 1 / x == 1)", "division by zero"),
      ("[1, 0].exists_one(x, x == 1 ? id : 1 / x == 1)", "division by zero"),
      ("id + missing", "unknown name `missing`"), ("nothing(id)", "unknown function `nothing`"),
      ("id.size(1)", "`size` is not called this way"), ("map.x", "no such field `x`"),
      ("map < 1", "`<` does not work on map and int"),
    ])
  func `an error wins over an unknown value`(_ source: String, _ message: String) throws {
    let error = try evaluationError(source, Self.bindings)
    #expect(error.message == message)
    #expect(error.unknown == nil)
  }

  @Test(arguments: [
    "1 / 0 == 1 || id", "id || 1 / 0 == 1", "1 / 0 == 1 && id", "id && 1 / 0 == 1", "n && id",
    "[1, 0].all(x, x == 1 ? id : 1 / x == 1)", "[0, 1].exists(x, x == 1 ? id : 1 / x == 1)",
  ])
  func `an unknown value that may decide wins over an error`(_ source: String) throws {
    #expect(try evaluationError(source, Self.bindings).unknown == Unknown("a.id"))
  }

  @Test(arguments: [
    "hidden", "sealed.id", "sealed['id']", "sealedList[0]", "secret + id", "id + secret",
    "secret == id", "string(sealed.id)", "sealed == {'id': 1, 'n': 4}", "json.encode(sealed)",
    "[secret, id].join('')", "secret == 'planted' && id",
  ])
  func `an unknown value stays unknown beside a secret`(_ source: String) throws {
    let error = try evaluationError(source, Self.bindings)
    #expect(error.unknown == Unknown("a.id"))
    #expect(!"\(error)".contains("planted"))
  }

  @Test(
    arguments: [
      ("sealed.n", 4), ("sealedList[1]", 2), ("sealed == {'id': 1, 'n': 5}", false),
      ("size(sealedList)", 2), ("has(sealed.id)", true), ("2 in sealedList", true),
    ] as [(String, Value)])
  func `what is known in a secret stays secret`(_ source: String, _ expected: Value) throws {
    #expect(try evaluate(source, Self.bindings) == .secret(Secret(expected)))
  }

  @Test func `an error names what the value waits for and where it is used`() throws {
    let error = try evaluationError("n + map.id", Self.bindings)
    #expect(error.message == "known only after apply: it depends on `a.id`")
    #expect(error.location == SourceLocation(file: "a.yaml", line: 1, column: 5, length: 6))
    #expect(error.diagnostic.message == error.message)
  }

  @Test func `a limit is not passed by what is unknown`() throws {
    let expression = try Expression("id || [1, 2, 3].all(x, x > 0)")
    let error = #expect(throws: EvaluationError.self) {
      try expression.evaluate(with: Self.bindings, limits: EvaluationLimits(steps: 1))
    }
    #expect(error?.message == "the expression takes too many steps")
  }

  @Test(arguments: [
    (["a.id"], "`a.id`"), (["a.id", "b"], "`a.id` and `b`"), (["a", "b", "a"], "`a` and `b`"),
    (["a", "b", "c"], "`a`, `b` and `c`"), (["a", "b", "c", "d", "e"], "`a`, `b`, `c` and 2 more"),
  ])
  func `sources are named once and in order`(_ sources: [String], _ phrase: String) throws {
    let unknown = try #require(Unknown(sources))
    #expect(unknown.phrase == phrase)
    #expect(unknown == Unknown(joining: sources.map { Unknown($0) }))
    #expect(Unknown([String]()) == nil)
  }

  @Test func `after 32 sources the others are not named`() {
    let names = (1...40).map { "s\($0).id" }
    let whole = Unknown(names)
    var joined = Unknown("s1.id")
    for name in names { joined.formUnion(Unknown(name)) }
    #expect(whole == joined)
    #expect(whole?.sources == Array(names.prefix(32)) + ["…"])
    #expect(whole?.phrase == "`s1.id`, `s2.id`, `s3.id` and others")
    #expect(Unknown(names.prefix(32))?.phrase == "`s1.id`, `s2.id`, `s3.id` and 29 more")
  }
}
