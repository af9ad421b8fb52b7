import Expressions
import OrderedCollections
import Testing

/// `lists`, `sets`, the macros of two names and `cel.bind`.
@Suite struct ListFunctionTests {
  private static let bindings: Bindings = [
    "stores": [["name": "b", "size": 2], ["name": "a", "size": 2], ["name": "c", "size": 1]],
    "sizes": ["x": 1, "y": 20],
  ]

  @Test(
    arguments: [
      ("lists.range(3)", [0, 1, 2]), ("lists.range(0)", []), ("lists.range(-1)", []),
      ("[3, 1, 2].sort()", [1, 2, 3]), ("['b', 'B', 'a', 'é'].sort()", ["B", "a", "b", "é"]),
      ("[true, false].sort()", [false, true]), ("[].sort()", []),
      ("[b'b', b'a'].sort() == [b'a', b'b']", true),
      ("stores.sortBy(s, s.size).map(s, s.name)", ["c", "b", "a"]),
      ("stores.sortBy(s, s.name).map(s, s.size)", [2, 2, 1]), ("[].sortBy(x, x)", []),
      ("[1, 2, 2, 3, 1].distinct()", [1, 2, 3]),
      ("[1, 1u, 1.0, '1', true].distinct()", [1, "1", true]),
      (
        "[[1, 2], [1.0, 2u], {'a': 1}, {'a': 1u}, null, null].distinct()",
        [[1, 2], ["a": 1], .null]
      ),
      ("[0.0 / 0.0, 0.0 / 0.0].distinct().size()", 2), ("[0.0, -0.0].distinct()", [0.0]),
      ("[1, [2, 3], [[4]], []].flatten()", [1, 2, 3, [4]]),
      ("[1, [2, [3, [4]]]].flatten(2)", [1, 2, 3, [4]]),
      ("[[1]].flatten(0)", [[1]]), ("[1, 2, 3, 4].slice(1, 3)", [2, 3]), ("[1].slice(1, 1)", []),
      ("sets.contains([1, 2.0, 3u], [1.0, 2u])", true), ("sets.contains([], [])", true),
      ("sets.contains([], [1])", false), ("sets.equivalent([1, 1, 2], [2u, 1.0])", true),
      ("sets.equivalent([1], [1, 2])", false), ("sets.intersects([[1], [2, 3]], [[2, 3.0]])", true),
      ("sets.intersects([1], [])", false), ("sets.equivalent([0.0 / 0.0], [0.0 / 0.0])", false),
      ("sizes.transformList(k, v, k + string(v))", ["x1", "y20"]),
      ("sizes.transformMap(k, v, v > 1, v * 2)", ["y": 40]),
      ("['a', 'b'].transformMap(i, x, x)", .map(ValueMap([0: "a", 1: "b"]))),
      ("sizes.transformMapEntry(k, v, {v: k})", .map(ValueMap([1: "x", 20: "y"]))),
      ("['a'].transformMapEntry(i, x, {x: i, x + x: i})", ["a": 0, "aa": 0]),
      ("['a', 'b'].transformMapEntry(i, x, i > 0, {x: i})", ["b": 1]),
      ("sizes.exists_one(k, v, v > 1)", true),
      ("cel.bind(x, sizes.y, cel.bind(y, x + 1, [x, y].map(x, x + y)))", [41, 42]),
      ("cel.bind(stores, 1, stores)", 1), ("[1].all(stores, x, x == 1 && stores == 0)", true),
    ] as [(String, Value)])
  func `lists, sets and maps are taken apart and put together`(
    _ source: String, _ expected: Value
  ) throws {
    #expect(try evaluate(source, Self.bindings) == expected)
  }

  @Test(arguments: [
    ("[1, 'b'].sort()", "`sort` needs values of one type, not int and string"),
    ("[1, 2.0].sort()", "`sort` needs values of one type, not int and double"),
    ("[[1]].map(x, dyn(x)).sort()", "`sort` needs values that have an order, not list"),
    ("[0.0 / 0.0].sort()", "`sort` has no result: NaN is not ordered"),
    ("stores.sortBy(s, s)", "`sortBy` needs values that have an order, not map"),
    ("dyn({}).sortBy(x, x)", "`sortBy` goes over a list, not map"),
    ("[1].flatten(-1)", "a list is flattened by 0 or more levels"),
    ("[1].slice(0, 2)", "the slice is outside the list: from 0 to 2 in a list of 1"),
    ("[1].slice(-1, 0)", "the slice is outside the list: from -1 to 0 in a list of 1"),
    ("[1, 2].slice(2, 1)", "the slice is outside the list: from 2 to 1 in a list of 2"),
    ("[1, 2].transformMapEntry(i, x, {'a': x})", "the map has this key twice"),
    ("[1, 2].transformMapEntry(i, x, dyn(x))", "`transformMapEntry` needs a map, not int"),
    ("cel.bind(x, 1 / 0, 1)", "division by zero"),
    ("dyn(1).transformList(k, v, v)", "`transformList` goes over a list or a map, not int"),
  ])
  func `what fails says so in words`(_ source: String, _ message: String) throws {
    #expect(try evaluationError(source, Self.bindings).message == message)
  }

  @Test func `a macro contributes what its names stand for`() throws {
    func contributions(_ source: String) throws -> Set<String> {
      Set(try Expression(source).contributions.map(\.variable))
    }
    #expect(try contributions("a.transformList(k, v, v.x + b)") == ["a", "b"])
    #expect(try contributions("a.transformMap(k, v, c, 1)") == [])
    #expect(try contributions("a.sortBy(x, b)") == ["a"])
    #expect(try contributions("cel.bind(x, a, x + b)") == ["a", "b"])
    #expect(try contributions("cel.bind(x, a, b)") == ["b"])
    #expect(Set(try Expression("cel.bind(x, a.b, x + c)").referencedNames) == ["a", "c"])
    #expect(Set(try Expression("a.all(i, x, i == x && b)").referencedNames) == ["a", "b"])
  }
}
