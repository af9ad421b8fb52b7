import Expressions
import Planning
import Tenants
import Testing

/// Tenants in YAML, JSON and JSON lines.
@Suite struct DocumentTests {
  private static let names = ["acme", "b"]

  @Test(arguments: [
    (
      "tenants.yaml",
      """
      # ours
      - name: acme
        username: a@b.c
        password: env:P
        labels: { tier: gold, zone: 7 }
        tags: [x, "1"]
        count: null
      - { name: b, username: b@b.c, password: env:P, count: 0x10 }
      """
    ),
    (
      "tenants.yml",
      """
      acme:
        username: a@b.c
        password: env:P
        labels: { tier: gold, zone: 7 }
        tags: [x, "1"]
      b: { username: b@b.c, password: env:P, count: 16 }
      """
    ),
    (
      "tenants.json",
      #"""
      [{"name": "acme", "username": "a@b.c", "password": "env:P", "tags": ["x", "1"],
        "labels": {"tier": "gold", "zone": 7}},
       {"name": "b", "username": "b@b.c", "password": "env:P", "count": 16}]
      """#
    ),
    (
      "tenants.json",
      #"""
      {"acme": {"username": "a@b.c", "password": "env:P", "tags": ["x", "1"],
        "labels": {"tier": "gold", "zone": 7}},
       "b": {"username": "b@b.c", "password": "env:P", "count": 16}}
      """#
    ),
    (
      "tenants.jsonl",
      #"""
      {"name":"acme","username":"a@b.c","password":"env:P","tags":["x","1"],"labels":{"tier":"gold","zone":7}}

      {"name":"b","username":"b@b.c","password":"env:P","count":16}
      """#
    ),
    (
      "tenants.ndjson",
      "\u{FEFF}{\"name\":\"acme\",\"username\":\"a@b.c\",\"password\":\"env:P\",\"tags\":[\"x\",\"1\"],"
        + "\"labels\":{\"tier\":\"gold\",\"zone\":7}}\r\n"
        + "{\"name\":\"b\",\"username\":\"b@b.c\",\"password\":\"env:P\",\"count\":16}\r\n"
    ),
  ])
  func `tenants are a list, a map by name, or lines`(_ file: String, _ text: String) throws {
    let tenants = try Onboarding().tenants(text, file: file)
    #expect(tenants.map(\.name) == Self.names)
    #expect(
      tenants.map(\.labels) == [
        [RunLabelText(name: "tier", value: "gold"), RunLabelText(name: "zone", value: "7")], [],
      ])
    let binder = try Onboarding().binder()
    let inputs = tenants.map { binder.inputs(of: $0) }
    #expect(inputs.map { $0["username"] } == ["a@b.c", "b@b.c"])
    #expect(inputs.map { $0["tags"] } == [["x", "1"], []])
    #expect(inputs.map { $0["count"] } == [3, 16])
    #expect(inputs.map { $0["password"] } == [nil, nil])
  }

  @Test func `every error of a YAML file is said at once, at its place`() throws {
    let text = """
      - name: acme
        username: A
        password: hunter2
        tags: [x, 1]
        usr: x
      - username: b@b.c
        password: env:P
      - text
      - name: acme
        username: a@b.c
        password: env:P
        name2: x
      """
    #expect(
      try Onboarding().diagnostics(text, file: "tenants.yaml") == """
        tenants.yaml:2:13: error[P0504]: the input `username` is `A`, which does not match the pattern \
        `[a-z.]+@[a-z.]+` [wrong-pattern]
          2 |   username: A
            |             ^

        tenants.yaml:3:13: error[P0702]: the input `password` is secret and must not be given in plain \
        text [secret-in-clear]
          hint: give `env:VARIABLE`, `file:PATH` with `{name}` for the tenant's name, or \
        `command:NAME`

        tenants.yaml:4:13: error[P0501]: the input `tags[1]` must be a string, not an integer [wrong-type]
          4 |   tags: [x, 1]
            |             ^
          hint: write it in quotes: "1"

        tenants.yaml:5:3: error[P0801]: `onboard` has no input `usr` [unknown-input]
          5 |   usr: x
            |   ^^^
          hint: the keys are `name`, `labels`, `username`, `password`, `region`, `count`, `share`, \
        `loud`, `tags`, `limits`

        tenants.yaml:6:3: error[P0202]: the tenant has no `name` [missing-key]
          6 | - username: b@b.c
            |   ^
          hint: each tenant has a name, by which it is found again

        tenants.yaml:8:3: error[P0501]: a tenant must be a map, not a string [wrong-type]
          8 | - text
            |   ^^^^
          hint: such as {"name": "acme"}

        tenants.yaml:9:9: error[P0902]: the tenant `acme` is listed twice [duplicate-name]
          9 | - name: acme
            |         ^^^^
          first listed here: tenants.yaml:1:9

        tenants.yaml:12:3: error[P0801]: `onboard` has no input `name2` [unknown-input]
          12 |   name2: x
             |   ^^^^^
          hint: did you mean `name`?
        """)
  }

  @Test func `every line of JSON lines is read, whatever is wrong with others`() throws {
    let text = """
      {"name":"acme","username":"A","password":"hunter2"}
      {"name":"b"
      [{"name":"c"}]
      {"name":"d","username":"d@b.c","password":"env:P","tags":"x"}
      {"name":"e","username":"d@b.c","password":"env:P","name":"f"}
      """
    #expect(
      try Onboarding().diagnostics(text, file: "tenants.jsonl") == """
        tenants.jsonl:1:27: error[P0504]: the input `username` is `A`, which does not match the pattern \
        `[a-z.]+@[a-z.]+` [wrong-pattern]

        tenants.jsonl:1:42: error[P0702]: the input `password` is secret and must not be given in plain \
        text [secret-in-clear]
          hint: give `env:VARIABLE`, `file:PATH` with `{name}` for the tenant's name, or \
        `command:NAME`

        tenants.jsonl:2:12: error[P0122]: this is not valid JSON: expected `,` or `}` [json-syntax]
          2 | {"name":"b"
            |            ^
          hint: JSON lines have a whole map on each line; a JSON document has the format json

        tenants.jsonl:3:1: error[P0501]: a tenant must be a map, not a list [wrong-type]
          3 | [{"name":"c"}]
            | ^
          hint: such as {"name": "acme"}

        tenants.jsonl:4:58: error[P0501]: the input `tags` must be a list of strings, not a string \
        [wrong-type]
          4 | {"name":"d","username":"d@b.c","password":"env:P","tags":"x"}
            |                                                          ^^^
          hint: write a list: ["x"]

        tenants.jsonl:5:51: error[P0119]: the key `name` is given twice [duplicate-key]
          5 | {"name":"e","username":"d@b.c","password":"env:P","name":"f"}
            |                                                   ^^^^^^
          first given here: tenants.jsonl:5:2
        """)
  }

  @Test(arguments: [
    (
      "tenants.json", "{\"acme\": [1]}",
      """
      tenants.json:1:10: error[P0501]: the tenant `acme` must be a map, not a list [wrong-type]
        1 | {"acme": [1]}
          |          ^
        hint: or put a list of tenants at the top of the file
      """
    ),
    (
      "tenants.json",
      "{\"acme\": {\"name\": \"b\", \"username\": \"a@b.c\", \"password\": \"env:P\"}}",
      """
      tenants.json:1:11: error[P0119]: the tenant `acme` has a `name` besides its key [duplicate-key]
        1 | {"acme": {"name": "b", "username": "a@b.c", "password": "env:P"}}
          |           ^^^^^^
        hint: remove it
      """
    ),
    (
      "tenants.json", "7",
      """
      tenants.json:1:1: error[P0501]: a tenants file must be a list or a map, not an integer [wrong-type]
        1 | 7
          | ^
        hint: a list of maps with a `name` each, or a map of names to the inputs of each tenant
      """
    ),
    (
      "tenants.yaml", "[]",
      "error[P0901]: the tenants file `tenants.yaml` names no tenant [no-tenants]"
    ),
    (
      "tenants.xlsx", "PK",
      """
      error[P0915]: the format of the tenants file `tenants.xlsx` is unknown [unknown-format]
        hint: name it with `format`: csv, yaml, json or jsonl; known extensions are csv, tsv, \
      yaml, yml, json, jsonl and ndjson
      """
    ),
  ])
  func `what is no list of tenants is refused`(
    _ file: String, _ text: String, _ expected: String
  ) throws {
    #expect(try Onboarding().diagnostics(text, file: file) == expected)
  }

  @Test func `a name that is written as a number is taken as it is written`() throws {
    let tenants = try Onboarding().tenants(
      "- { name: 007, username: a@b.c, password: env:P }\n", file: "tenants.yaml")
    #expect(tenants.map(\.name) == ["007"])
  }

  @Test func `the format that is given counts, not the extension`() throws {
    let (text, list) = try Onboarding().read(
      Array("{\"name\":\"a\",\"username\":\"a@b.c\",\"password\":\"env:P\"}\n".utf8),
      file: "/dev/stdin", format: .jsonLines)
    #expect(text == "")
    #expect(list.count == 1)
  }

  @Test func `a YAML file has at most 16 MiB`() throws {
    let bytes = [UInt8](repeating: UInt8(ascii: "#"), count: (16 << 20) + 1)
    let (text, _) = try Onboarding().read(
      bytes, file: "tenants.yaml", inPiecesOf: 1 << 20)
    #expect(
      text == """
        error[P0104]: `tenants.yaml` is larger than 16 MiB [file-too-large]
          hint: write it as CSV or JSON lines, which are read row by row
        """)
  }
}
