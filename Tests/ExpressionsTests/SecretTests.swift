import Diagnostics
import Expressions
import Testing

/// Whatever depends on a secret is secret, and no message reveals one.
@Suite struct SecretTests {
  private static let planted = "hunter2-planted"

  private static let bindings: Bindings = [
    "password": .secret(text: planted),
    "number": .secret(Secret(.int(4242))),
    "yes": .secret(Secret(.bool(true))),
    "no": .secret(Secret(.bool(false))),
    "key": .secret(Secret(.bytes([0xFF, 0xFE]))),
    "nothing": .secret(Secret(["user": .string(planted), "none": .null])),
    "list": .secret(Secret([.string(planted), "b"])),
    "mixed": ["open", .secret(text: planted)],
    "account": ["name": "ann", "password": .secret(text: planted)],
  ]

  @Test(
    arguments: [
      ("password", .string(planted)),
      ("password + '!'", .string(planted + "!")), ("'a' + password", .string("a" + planted)),
      ("size(password)", 15), ("password.size()", 15), ("password == 'x'", false),
      ("password != 'x'", true), ("'x' == password", false), ("password < 'z'", true),
      ("password.startsWith('h')", true), ("password.matches('^h')", true),
      ("'hunter2-planted!'.contains(password)", true), ("password.upperAscii()", "HUNTER2-PLANTED"),
      ("password.substring(0, 2)", "hu"), ("password.split('-')", ["hunter2", "planted"]),
      ("password.replace('hunter2-', '')", "planted"), ("string(number)", "4242"),
      ("number + 1", 4243), ("-number", -4242), ("double(number)", 4242.0), ("number > 1", true),
      ("type(number)", .type("int")), ("dyn(number)", 4242), ("!yes", false),
      ("yes && true", true), ("true && yes", true), ("no || true", true), ("no && true", false),
      ("yes ? 'a' : 'b'", "a"), ("no ? 'a' : 'b'", "b"), ("base64.encode(key)", "//4="),
      ("nothing.user", .string(planted)), ("nothing['user']", .string(planted)),
      ("has(nothing.user)", true), ("has(nothing.other)", false), ("size(nothing)", 2),
      ("'user' in nothing", true), ("list[0]", .string(planted)), ("list[1]", "b"),
      ("size(list)", 2), ("list + ['c']", [.string(planted), "b", "c"]),
      ("list.map(x, 1)", [1, 1]), ("list.filter(x, true)", [.string(planted), "b"]),
      ("list.all(x, true)", true), ("list.exists(x, x == 'b')", true),
      ("list.exists_one(x, x == 'b')", true), ("[1, 2].filter(x, number > x)", [1, 2]),
      ("[1, 2].all(x, number > x)", true), ("[1, 2].exists_one(x, number > x)", false),
      ("[1, 2].map(x, number > x, x)", [1, 2]), ("['a', 'b'][number - 4242]", "a"),
      ("{'hunter2-planted': 1}[password]", 1), ("{password: 1}", .map(["hunter2-planted": 1])),
      ("mixed[1]", .string(planted)), ("mixed == ['open', 'x']", false),
      ("'open' in mixed.filter(x, true)", true), ("'x' in mixed", false),
      ("mixed.join(',')", .string("open," + planted)),
      ("json.encode(account)", .string(#"{"name":"ann","password":"\#(planted)"}"#)),
      ("account == {'name': 'ann'}", false), ("account.password", .string(planted)),
      ("math.greatest(number, 1)", 4242), ("math.least([1, number])", 1),
      ("'%s'.format([password])", .string(planted)), ("'%d'.format([[number][0]])", "4242"),
      ("password.format([])", .string(planted)), ("strings.quote(password)", "\"hunter2-planted\""),
      ("mixed.sort()", ["hunter2-planted", "open"]),
      ("mixed.distinct()", ["open", .string(planted)]),
      ("list.slice(1, 2)", ["b"]), ("[list].flatten()", [.string(planted), "b"]),
      ("lists.range(number - 4241)", [0]), ("sets.contains(mixed, ['x'])", false),
      ("[2, 1].sortBy(x, x * number)", [1, 2]), ("list.sortBy(x, 1)", [.string(planted), "b"]),
      ("list.transformList(i, x, i)", [0, 1]), ("list.all(i, x, true)", true),
      ("nothing.transformMap(k, v, 1)", ["user": 1, "none": 1]),
      ("[1].transformMapEntry(i, x, {password: i})", .map(["hunter2-planted": 0])),
      ("[1].transformMap(i, x, yes, 2).size()", 1),
      ("cel.bind(x, password, x)", .string(planted)), ("cel.bind(x, password, x == '')", false),
      ("nothing.?user.hasValue()", true), ("nothing.?other.hasValue()", false),
      ("nothing.?user", .string(planted)), ("account.?password.value()", .string(planted)),
      ("account.?password.orValue('')", .string(planted)),
      ("optional.of(password).value()", .string(planted)), ("list[?0]", .string(planted)),
      ("['a'][?number - 4242].orValue('b')", "a"), ("['a'][?number].orValue('b')", "b"),
      ("nothing.?other.orValue('open')", "open"),
      ("optional.ofNonZeroValue(number).hasValue()", true),
      ("account.?password.optMap(p, p + '!')", .string(planted + "!")),
      ("nothing.?user.optMap(p, 1)", 1), ("nothing.?user.optFlatMap(p, optional.of(1))", 1),
      ("[?nothing.?user]", [.string(planted)]), ("[?nothing.?other].size()", 0),
      ("{?'a': nothing.?other}.size()", 0), ("list.first()", .string(planted)),
      ("mixed.last()", .string(planted)), ("optional.unwrap([nothing.?user]).size()", 1),
      ("nothing.?other.or(optional.of(1)).hasValue()", true),
      ("has(optional.of(nothing).user)", true),
      ("password.reverse()", "detnalp-2retnuh"), ("list.reverse()", ["b", .string(planted)]),
    ] as [(String, Value)])
  func `what depends on a secret is secret`(_ source: String, _ expected: Value) throws {
    let value = try evaluate(source, Self.bindings)
    #expect(value.isSecret)
    #expect(value.revealed == expected)
    #expect(value.displayText == Secret.mask)
    #expect(!"\(value)".contains(Self.planted))
  }

  @Test(
    arguments: [
      ("mixed[0]", "open"), ("size(mixed)", 2), ("account.name", "ann"), ("size(account)", 2),
      ("account.?name", "ann"), ("account.?password.hasValue()", true),
      ("account.?x.hasValue()", false),
      ("mixed.first()", "open"), ("account.?x.orValue(1)", 1),
      ("account.?name.or(optional.of(password))", "ann"),
      ("[?account.?name]", ["ann"]), ("nothing.?other", .null), ("nothing.?none", .null),
      ("has(account.password)", true), ("'password' in account", true), ("true || yes", true),
      ("false && yes", false), ("true ? 1 : number", 1), ("nothing.none", .null),
      ("mixed.map(x, 1)", [1, 1]), ("type(mixed)", .type("list")),
    ] as [(String, Value)])
  func `what does not depend on a secret stays open`(_ source: String, _ expected: Value) throws {
    #expect(try evaluate(source, Self.bindings) == expected)
  }

  @Test func `lists and maps keep secrets element by element`() throws {
    let secret = Value.secret(text: Self.planted)
    #expect(try evaluate("[password, 'b'] + ['c']", Self.bindings) == [secret, "b", "c"])
    #expect(try evaluate("{'a': password, 'b': 1}", Self.bindings) == ["a": secret, "b": 1])
    #expect(try evaluate("mixed.filter(x, true)", Self.bindings) == ["open", secret])
    #expect(try evaluate("mixed.slice(0, 2)", Self.bindings) == ["open", secret])
    #expect(try evaluate("mixed.sortBy(x, 1)", Self.bindings) == ["open", secret])
    #expect(try evaluate("mixed.transformList(i, x, x)", Self.bindings) == ["open", secret])
    #expect(
      try evaluate("account.transformMap(k, v, k == 'password', v)", Self.bindings) == [
        "password": secret
      ])
    #expect(try evaluate("cel.bind(x, mixed, x)", Self.bindings) == ["open", secret])
    #expect(try evaluate("mixed.reverse()", Self.bindings) == [secret, "open"])
    #expect(try evaluate("mixed + mixed", Self.bindings) == ["open", secret, "open", secret])
  }

  @Test(arguments: [
    "int(password)", "uint(password)", "double(password)", "bool(password)",
    "timestamp(password)", "duration(password)", "string(key)", "password + 1", "password - 'a'",
    "number / 0", "number % 0", "number * 9223372036854775807", "-password", "!password",
    "password ? 1 : 2", "password && true", "[1][number]", "{'a': 1}[password]", "{1: 1}[number]",
    "nothing.missing", "nothing[password]", "password.missing", "password[0]", "password.all(x, x)",
    "list[number]", "list.map(x, int(x))", "[1].filter(x, password)", "'a'.matches(password + '(')",
    "password.matches('(')", "password.substring(number)", "'abc'.substring(number)",
    "'abc'.charAt(number)", "base64.decode(password)", "json.decode(password)",
    "json.decode('{' + password)", "mixed.map(x, int(x))", "{password: 1, password: 2}",
    "{key: 1}", "timestamp('2024-01-01T00:00:00Z').getHours(password)",
    "timestamp(number * number * number * number)",
    "password < 1", "mixed < 1", "password in password", "list.join(number)",
    "'%d'.format([password])", "[1, password].sort()",
    "[1, 2].sortBy(x, x == 1 ? password : number)",
    "[1].transformMapEntry(i, x, password)",
    "nothing.?other.value()", "password.?x", "number[?0]", "[1][?password]",
    "['a'][?number].value()",
    "[?password]", "optional.of(number).optFlatMap(n, n)", "nothing.?user.missing",
    "optional.ofNonZeroValue(number - 4242).value()", "mixed.slice(0, number)",
    "[1].flatten(-number)",
    "math.abs(password)", "math.greatest(1, password)",
    "'%s%s'.format([password])", "(password + '%').format([])", "['a', number].join(',')",
    "[password, 1].join(',')", "int(account.password)",
  ])
  func `no message reveals a secret`(_ source: String) throws {
    let error = try evaluationError(source, Self.bindings)
    for part in [Self.planted, "planted", "4242", "255", "//4"] {
      #expect(!"\(error)".contains(part))
      #expect(!"\(error.diagnostic)".contains(part))
    }
  }

  @Test(arguments: [
    ("int('abc')", #"the text is no int: "abc""#),
    ("[1][5]", "the index is outside the list: 5 in a list of 1"),
    ("{'a': 1}['b']", #"no such key in the map: "b""#),
  ])
  func `a message shows what is not secret`(_ source: String, _ message: String) throws {
    #expect(try evaluationError(source).message == message)
  }

  @Test func `a text with a secret in it is secret`() throws {
    func value(_ text: String) throws -> Value {
      try Template.parse(text, literal: .string(text)) { offset in
        SourceLocation(file: "a.yaml", line: 1, column: 1 + offset)
      }.evaluate(with: Self.bindings)
    }
    #expect(try value("a ${{ password }} b") == .secret(text: "a \(Self.planted) b"))
    #expect(try value("a ${{ mixed }}") == .secret(text: #"a ["open","\#(Self.planted)"]"#))
    #expect(try value("a ${{ account.name }}") == "a ann")
  }
}
