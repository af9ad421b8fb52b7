import Diagnostics
import Expressions
import OrderedCollections
import Testing

@Suite struct CheckTests {
  private static let environment: TypeEnvironment = [
    "inputs": .object([
      "username": .string, "count": .int, "stores": .list(.string),
      "labels": .map(key: .string, value: .string),
    ]),
    "steps": .object([
      "profile": .object(["id": .string, "at": .timestamp]),
      "upload": .unavailable("step `upload` comes later"),
    ]),
    "any": .dyn, "ratio": .double, "flag": .bool, "numbers": .map(key: .int, value: .uint),
    "later": .unavailable("`later` is not known yet"),
  ]

  @Test(
    arguments: [
      ("inputs.username", .string), ("inputs.stores[0]", .string), ("inputs['count']", .int),
      ("inputs.labels.anything", .string), ("any.thing[1].else_", .dyn), ("numbers[1]", .uint),
      ("inputs.stores.map(s, size(s))", .list(.int)),
      ("inputs.stores.filter(s, true)", .list(.string)),
      ("inputs.map(name, name)", .list(.string)), ("inputs.labels.all(k, k == 'a')", .bool),
      ("steps.profile.at + duration('1h')", .timestamp),
      ("steps.profile.at - steps.profile.at", .duration), ("has(steps.profile.id)", .bool),
      ("flag ? 1 : 2", .int), ("flag ? 'a' : null", .dyn), ("flag ? any : 1", .dyn),
      ("[1, 2]", .list(.int)), ("[1, 'a']", .list(.dyn)), ("[]", .list(.dyn)),
      ("{'a': 1}", .map(key: .string, value: .int)), ("{}", .map(key: .dyn, value: .dyn)),
      ("[1] + [2]", .list(.int)), ("[1] + any", .dyn), ("any + 1", .int), ("any < 1", .bool),
      ("any + any", .dyn), ("-ratio", .double), ("!flag", .bool), ("'a' in inputs.stores", .bool),
      ("'count' in inputs", .bool), ("inputs.username == null", .bool), ("type(1)", .type),
      ("int", .type), ("dyn(1)", .dyn), ("'a,b'.split(',')", .list(.string)),
      ("base64.encode(b'a')", .string), ("any.size()", .int), ("string(any)", .string),
      ("steps.profile.at.getHours('UTC')", .int), ("1 == dyn(1u)", .bool),
      ("[inputs.stores, inputs.stores]", .list(.list(.string))),
      ("math.greatest(1, 2)", .int), ("math.least([1u])", .uint), ("math.least(1, ratio)", .dyn),
      ("inputs.stores.sort()", .list(.string)), ("lists.range(2)", .list(.int)),
      ("[[1], [2]].flatten()", .list(.int)), ("[1].flatten(2)", .list(.dyn)),
      ("inputs.stores.slice(0, 1).distinct()", .list(.string)),
      ("inputs.stores.sortBy(s, s.size())", .list(.string)), ("sets.contains([1], [2])", .bool),
      ("inputs.stores.transformList(i, s, i)", .list(.int)),
      ("inputs.stores.transformMap(i, s, s)", .map(key: .int, value: .string)),
      ("numbers.transformMapEntry(k, v, {v: k})", .map(key: .uint, value: .int)),
      ("numbers.all(k, v, k == int(v))", .bool), ("cel.bind(x, inputs.count, x + 1)", .int),
      ("inputs.?username", .string), ("inputs.?count.orValue(1)", .int), ("any.?x", .dyn),
      ("inputs.labels.?a.orValue('b')", .string), ("inputs.stores[?0].hasValue()", .bool),
      ("inputs.stores.first().value()", .string), ("optional.of(1).optMap(x, string(x))", .string),
      ("optional.of(inputs).count", .int), ("[?inputs.?count, 1]", .list(.int)),
      ("{?'a': inputs.?count}", .map(key: .string, value: .int)), ("[inputs.?count]", .list(.int)),
      ("optional.none().orValue(1)", .dyn), ("optional.unwrap([inputs.?count])", .list(.int)),
      ("inputs.?count.or(optional.of(2)).value()", .int), ("optional.of([1])[0].value()", .int),
      ("has(optional.of(inputs).count)", .bool), ("type(inputs.?count) == optional_type", .bool),
      ("inputs.stores.last().optFlatMap(s, inputs.labels[?s])", .string),
      ("{'a': optional.of(1)}.?a.value().value()", .int),
      ("[optional.of(1)][?0].value().value()", .int),
      ("optional.of(optional.of([1]))[0].value()", .int), ("optional.of(any)[0].value()", .dyn),
      ("inputs.stores.reverse()", .list(.string)), ("'a'.reverse()", .string),
      ("'%s'.format([any])", .string), ("'%s'.format([?inputs.?count])", .string),
    ] as [(String, StaticType)])
  func `the type of an expression is known`(_ source: String, _ type: StaticType) throws {
    let checked = try Expression(source).check(in: Self.environment)
    #expect(checked.type == type)
    #expect(checked.diagnostics == [])
  }

  @Test(arguments: [
    (
      "unknown-name",
      Marked("input.username", "^^^^^", "unknown name `input`", hint: "did you mean `inputs`?")
    ),
    ("unknown-name", Marked("1 + nothing", "    ^^^^^^^", "unknown name `nothing`")),
    (
      "unknown-name",
      Marked(
        "[1].map(item, itm)", "              ^^^", "unknown name `itm`",
        hint: "did you mean `item`?")
    ),
    ("unknown-name", Marked("dyn", "^^^", "unknown name `dyn`")),
    (
      "unknown-field",
      Marked(
        "inputs.user", "       ^^^^", "unknown field `user`",
        hint: "there are `username`, `count`, `stores`, `labels`")
    ),
    (
      "unknown-field",
      Marked(
        "inputs.usernam", "       ^^^^^^^", "unknown field `usernam`",
        hint: "did you mean `username`?")
    ),
    (
      "unknown-field",
      Marked(
        "inputs['cont']", "       ^^^^^^", "unknown field `cont`", hint: "did you mean `count`?")
    ),
    (
      "unknown-field",
      Marked(
        "has(steps.profil.id)", "          ^^^^^^", "unknown field `profil`",
        hint: "did you mean `profile`?")
    ),
    (
      "unknown-function",
      Marked(
        "'a'.startWith('b')", "    ^^^^^^^^^", "unknown function `startWith`",
        hint: "did you mean `startsWith`?")
    ),
    ("unknown-function", Marked("lenght(any)", "^^^^^^", "unknown function `lenght`")),
    ("unavailable-name", Marked("steps.upload.token", "      ^^^^^^", "step `upload` comes later")),
    ("unavailable-name", Marked("later", "^^^^^", "`later` is not known yet")),
    (
      "wrong-arguments",
      Marked(
        "'a'.startsWith()", "    ^^^^^^^^^^", "`startsWith` is not called this way",
        hint: "it is called as `string.startsWith(string)`")
    ),
    (
      "wrong-type",
      Marked(
        "inputs.count.startsWith('a')", "             ^^^^^^^^^^",
        "`startsWith` does not work on int and string",
        hint: "it is called as `string.startsWith(string)`")
    ),
    (
      "wrong-type",
      Marked(
        "1 + 1.5", "  ^", "`+` does not work on int and double",
        hint: "convert one of them, for example with `double()` or `int()`")
    ),
    (
      "wrong-type",
      Marked(
        "inputs.username + 1", "                ^", "`+` does not work on string and int",
        hint: "convert the other one to a string: `string(…)`")
    ),
    (
      "wrong-type",
      Marked(
        "1 == 1u", "  ^^", "`==` does not work on int and uint",
        hint: "convert one of them, for example with `double()` or `int()`")
    ),
    (
      "wrong-type",
      Marked(
        "string([1]) == 'x'", "^^^^^^", "`string` does not work on list(int)",
        hint: "`json.encode(…)` writes a list or a map as a string")
    ),
    (
      "wrong-type",
      Marked(
        "[1] + 2", "    ^", "`+` does not work on list(int) and int",
        hint: "join lists: `list + [element]`")
    ),
    (
      "wrong-type",
      Marked(
        "null > 1", "     ^", "`>` does not work on null and int",
        hint: "test it before: `value != null && …`")
    ),
    (
      "wrong-type",
      Marked(
        "inputs.username.length", "                ^^^^^^", "string has no fields",
        hint: "write `size(…)`")
    ),
    ("wrong-type", Marked("'a' < 1", "    ^", "`<` does not work on string and int")),
    ("wrong-type", Marked("[1] < [2]", "    ^", "`<` does not work on list(int) and list(int)")),
    (
      "wrong-type",
      Marked("1 in inputs.stores", "  ^^", "`in` does not work on int and list(string)")
    ),
    ("wrong-type", Marked("!inputs.count", "^", "`!` does not work on int")),
    ("wrong-type", Marked("-'a'", "^", "`-` does not work on string")),
    (
      "wrong-type",
      Marked("flag && inputs.count", "        ^^^^^^^^^^^^", "`&&` needs bool, not int")
    ),
    (
      "wrong-type",
      Marked("inputs.count ? 1 : 2", "^^^^^^^^^^^^", "a condition needs bool, not int")
    ),
    (
      "wrong-type",
      Marked(
        "flag ? 1 : 'a'", "     ^", "the two values after `?` are int and string",
        hint: "make them one type, or say `dyn()` around one")
    ),
    ("wrong-type", Marked("inputs.count.x", "             ^", "int has no fields")),
    ("wrong-type", Marked("inputs.count[0]", "            ^^^", "int has no elements")),
    (
      "wrong-type",
      Marked(
        "inputs.stores['a']", "              ^^^",
        "an element of list(string) is found by int, not string")
    ),
    ("wrong-type", Marked("numbers.a", "        ^", "the keys of the map are int, not string")),
    ("wrong-type", Marked("{1.5: 1}", " ^^^", "double cannot be the key of a map")),
    (
      "wrong-type",
      Marked(
        "inputs.count.all(x, true)", "             ^^^", "`all` goes over a list or a map, not int")
    ),
    (
      "wrong-type",
      Marked(
        "inputs.stores.exists(x, 1)", "                        ^", "`exists` needs bool, not int")
    ),
    (
      "wrong-type",
      Marked("[1] + ['a']", "    ^", "`+` does not work on list(int) and list(string)")
    ),
    (
      "unknown-function",
      Marked(
        "math.flor(ratio)", "     ^^^^", "unknown function `math.flor`",
        hint: "did you mean `math.floor`?")
    ),
    (
      "wrong-type",
      Marked(
        "math.greatest(1, 'a')", "     ^^^^^^^^", "`math.greatest` does not work on int and string",
        hint: "it is called as `math.greatest(dyn, …)`")
    ),
    (
      "wrong-arguments",
      Marked(
        "'%s'.format([1, 2])", "            ^^^^^^",
        "the format has 1 clause, but the list 2 values")
    ),
    (
      "wrong-arguments",
      Marked(
        "'%y'.format(any)", "^^^^", "the format has no clause `%y`",
        hint: "the clauses are %s, %d, %f, %e, %b, %o, %x and %X, and `%%` is a percent sign")
    ),
    (
      "wrong-type",
      Marked(
        "'%d'.format([inputs.username])", "             ^^^^^^^^^^^^^^^",
        "`%d` does not write string",
        hint: "it writes int, uint and double")
    ),
    (
      "wrong-type",
      Marked(
        "[[1]].sort()", "      ^^^^", "`sort` does not work on list(list(int))",
        hint: "it is called as `list(dyn).sort()`")
    ),
    (
      "wrong-type",
      Marked(
        "inputs.stores.sortBy(s, [s])", "                        ^^^",
        "`sortBy` needs values that have an order, not list(string)")
    ),
    (
      "wrong-type",
      Marked(
        "numbers.sortBy(k, k)", "        ^^^^^^",
        "`sortBy` goes over a list, not map(int, uint)")
    ),
    (
      "wrong-type",
      Marked(
        "numbers.transformMapEntry(k, v, v)", "                                ^",
        "`transformMapEntry` needs a map, not uint", hint: "write `{key: value}`")
    ),
    (
      "wrong-type",
      Marked(
        "'%s'.format([inputs.?count])", "             ^^^^^^^^^^^^^",
        "`%s` does not write optional_type(int)", hint: "it writes every value but optional ones")
    ),
    (
      "unknown-field",
      Marked(
        "inputs.?cuont", "        ^^^^^", "unknown field `cuont`", hint: "did you mean `count`?")
    ),
    (
      "wrong-type",
      Marked(
        "inputs.?count + 1", "              ^", "`+` does not work on optional_type(int) and int")
    ),
    (
      "wrong-type",
      Marked(
        "inputs.count.orValue(1)", "             ^^^^^^^", "`orValue` does not work on int and int",
        hint: "it is called as `optional_type(dyn).orValue(dyn)`")
    ),
    (
      "wrong-type",
      Marked(
        "[?inputs.count]", "  ^^^^^^^^^^^^", "`?` needs an optional, not int",
        hint: "leave out the `?`")
    ),
    (
      "wrong-type",
      Marked(
        "inputs.?count.optFlatMap(c, c + 1)", "                            ^^^^^",
        "`optFlatMap` needs an optional, not int", hint: "write `optMap`")
    ),
    (
      "wrong-type",
      Marked(
        "inputs.count.optMap(c, c)", "             ^^^^^^", "`optMap` needs an optional, not int")
    ),
    (
      "wrong-type",
      Marked(
        "inputs.?labels.map(k, k)", "               ^^^",
        "`map` goes over a list or a map, not optional_type(map(string, string))")
    ),
    (
      "invalid-pattern",
      Marked(
        "inputs.username.matches('(')", "                        ^^^",
        "the pattern is malformed: `(` is not closed")
    ),
  ])
  func `a mistake is found once, where it is`(_ code: String, _ marked: Marked) throws {
    let found = try Expression(marked.source).check(in: Self.environment).diagnostics
    #expect(found == [marked.diagnostic(try #require(DiagnosticCode(rawValue: code)))])
  }

  @Test func `all mistakes of an expression are found`() throws {
    let found = try Expression("nothing + inputs.cuont + foo(1)").check(in: Self.environment)
    #expect(found.diagnostics.map(\.code) == [.unknownName, .unknownField, .unknownFunction])
  }

  @Test func `a macro's name hides a variable, and a leading dot reaches it`() throws {
    let expression = try Expression("[1].map(flag, [flag, .flag])")
    #expect(expression.check(in: Self.environment).type == .list(.list(.dyn)))
    #expect(try expression.evaluate(with: ["flag": true]) == [[1, true]])
  }
}
