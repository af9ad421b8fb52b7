import Diagnostics
import Expressions
import Planning
import Playbooks
import Synchronization
import Testing

/// Records that are given for inputs: typed, completed and checked to the last field.
@Suite struct RecordInputTests {
  private static let playbook = """
    playbook: 1
    name: enrol
    inputs:
      users:
        type: list
        of:
          type: record
          fields:
            name: { type: string, pattern: "[a-z]+" }
            password: { type: secret, pattern: "[a-z]+[0-9]" }
            share: { type: number, default: 1 }
            devices:
              type: list
              of:
                type: record
                fields:
                  name: { type: string }
                  roles: { type: list, of: string, default: [storage] }
                  state: { type: string, enum: [present, absent], default: present }
              default: []
            photo: { type: file, default: ./photo.png }
      byName:
        type: map
        of: { type: record, fields: { size: { type: integer } } }
        default: { a: { size: 1 } }
    steps:
      - call: utility.check-server-health
    """

  private static let sources = InputSources(
    environment: { ["A": "alice1", "B": "bob"][$0] },
    size: { path throws(InputSources.FileFlaw) in
      guard ["workflows/photo.png", "tenants/a.png"].contains(path) else { throw .missing }
      return 7
    },
    read: { path, _ throws(InputSources.FileFlaw) in
      guard path == "tenants/pw" else { throw .missing }
      return Array("carol1\n".utf8)
    })

  private static func parsed() throws -> PlannedPlaybook {
    try MemoryFiles(["workflows/enrol.yaml": playbook]).check("workflows/enrol.yaml").planned
  }

  private static func bind(_ file: String, _ arguments: [String] = []) throws -> ValueMap {
    var provided = ProvidedInputs()
    provided.take(file: "tenants/in.yaml", Array(file.utf8))
    for argument in arguments { provided.take(argument: argument) }
    return try InputBinder(sources: sources).bind(provided, to: try parsed()).values
  }

  /// What is said about `file`, as a person reads it.
  private static func rendered(_ file: String, _ arguments: [String] = []) throws -> String {
    var provided = ProvidedInputs()
    if !file.isEmpty { provided.take(file: "tenants/in.yaml", Array(file.utf8)) }
    for argument in arguments { provided.take(argument: argument) }
    let playbook = try parsed()
    let error = #expect(throws: InvalidInput.self) {
      try InputBinder(sources: sources).bind(provided, to: playbook)
    }
    return DiagnosticRenderer(texts: provided.texts(for: playbook))
      .render(error?.diagnostics ?? [])
  }

  private static let photo: Value = [
    "path": "workflows/photo.png", "name": "photo.png", "extension": "png", "size": 7,
  ]

  @Test(arguments: [
    """
    users:
      - { name: alice, password: "env:A" }
      - name: carol
        password: file:pw
        share: 2
        devices: [{ name: phone, roles: [] }]
        photo: a.png
    """,
    #"""
    {"users": [{"name": "alice", "password": "env:A"}, {"name": "carol", "password": "file:pw",
      "share": 2, "devices": [{"name": "phone", "roles": []}], "photo": "a.png"}]}
    """#,
  ])
  func `what a record leaves out has its default, and only its secret fields are secret`(
    _ file: String
  ) throws {
    #expect(
      try Self.bind(file) == [
        "users": [
          [
            "name": "alice", "password": .secret(text: "alice1"), "share": 1.0, "devices": [],
            "photo": Self.photo,
          ],
          [
            "name": "carol", "password": .secret(text: "carol1"), "share": 2.0,
            "devices": [["name": "phone", "roles": [], "state": "present"]],
            "photo": ["path": "tenants/a.png", "name": "a.png", "extension": "png", "size": 7],
          ],
        ],
        "byName": ["a": ["size": 1]],
      ])
  }

  @Test func `a record can be given on the command line`() throws {
    let bound = try Self.bind(
      "users: []", ["byName={b: {size: 2}}"])
    #expect(bound == ["users": [], "byName": ["b": ["size": 2]]])
  }

  @Test func `unknown and missing fields are reported at once, each at its own place`() throws {
    let file = """
      users:
        - nmae: alice
          password: env:A
        - name: eve
          devices: [{ roles: [], colour: red }, [phone]]
        - carol
      byName: { b: {} }
      """
    #expect(
      try Self.rendered(file) == """
        tenants/in.yaml:2:5: error[P0307]: the input `users[0]` has no field `nmae` [unknown-field]
          2 |   - nmae: alice
            |     ^^^^
          hint: did you mean `name`?

        tenants/in.yaml:4:5: error[P0602]: the input `users[1]` needs the field `password` (secret) \
        [missing-field]
          4 |   - name: eve
            |     ^^^^

        tenants/in.yaml:5:15: error[P0602]: the input `users[1].devices[0]` needs the field `name` \
        (a string) [missing-field]
          5 |     devices: [{ roles: [], colour: red }, [phone]]
            |               ^

        tenants/in.yaml:5:28: error[P0307]: the input `users[1].devices[0]` has no field `colour` \
        [unknown-field]
          5 |     devices: [{ roles: [], colour: red }, [phone]]
            |                            ^^^^^^
          hint: the fields are `name`, `roles` and `state`

        tenants/in.yaml:5:43: error[P0501]: the input `users[1].devices[1]` must be a record, not a list \
        [wrong-type]
          5 |     devices: [{ roles: [], colour: red }, [phone]]
            |                                           ^
          hint: write a map with the fields `name`, `roles` and `state`

        tenants/in.yaml:6:5: error[P0501]: the input `users[2]` must be a record, not a string [wrong-type]
          hint: write a map with the fields `name`, `password`, `share`, `devices` and `photo`

        tenants/in.yaml:7:14: error[P0602]: the input `byName.b` needs the field `size` (an integer) \
        [missing-field]
          7 | byName: { b: {} }
            |              ^
        """)
  }

  @Test func `values of fields are checked like those of inputs, each at its own place`() throws {
    let file = """
      users:
        - { name: 7, password: "env:B" }
        - name: A
          password: env:A
          devices: [{ name: x, roles: a }, { name: y, roles: [a, 1], state: gone }]
      byName: { a: { size: 99999999999999999999 } }
      """
    #expect(
      try Self.rendered(file) == """
        tenants/in.yaml:2:13: error[P0501]: the input `users[0].name` must be a string, not an integer \
        [wrong-type]
          2 |   - { name: 7, password: "env:B" }
            |             ^
          hint: write it in quotes: "7"

        tenants/in.yaml:2:26: error[P0504]: the input `users[0].password` is a string that does not match \
        the pattern `[a-z]+[0-9]` [wrong-pattern]
          2 |   - { name: 7, password: "env:B" }
            |                          ^^^^^^^

        tenants/in.yaml:3:11: error[P0504]: the input `users[1].name` is `A`, which does not match the \
        pattern `[a-z]+` [wrong-pattern]
          3 |   - name: A
            |           ^

        tenants/in.yaml:5:33: error[P0501]: the input `users[1].devices[0].roles` must be a list of \
        strings, not a string [wrong-type]
          5 |     devices: [{ name: x, roles: a }, { name: y, roles: [a, 1], state: gone }]
            |                                 ^
          hint: write a list: ["a"]

        tenants/in.yaml:5:60: error[P0501]: the input `users[1].devices[1].roles[1]` must be a string, \
        not an integer [wrong-type]
          5 |     devices: [{ name: x, roles: a }, { name: y, roles: [a, 1], state: gone }]
            |                                                            ^
          hint: write it in quotes: "1"

        tenants/in.yaml:5:71: error[P0502]: the input `users[1].devices[1].state` must be one of \
        `present`, `absent`, not `gone` [wrong-value]
          5 |     devices: [{ name: x, roles: a }, { name: y, roles: [a, 1], state: gone }]
            |                                                                       ^^^^

        tenants/in.yaml:6:22: error[P0123]: the number 99999999999999999999 does not fit 64 bits \
        [number-too-large]
          6 | byName: { a: { size: 99999999999999999999 } }
            |                      ^^^^^^^^^^^^^^^^^^^^
          hint: quote it to keep its digits as a string
        """)
  }

  @Test func `a field that may hold a secret is never quoted`() throws {
    let file = """
      users:
        - { name: dora, password: hunter2, photo: gone.png }
        - name: eve
          pin: hunter2
      """
    #expect(
      try Self.rendered(file) == """
        tenants/in.yaml:2:29: error[P0702]: the input `users[0].password` is secret and must not be given \
        in plain text [secret-in-clear]
          hint: give `env:VARIABLE` or `file:PATH`

        tenants/in.yaml:2:45: error[P0101]: the file `gone.png` of the input `users[0].photo` does not \
        exist [missing-file]
          hint: it is looked for in `tenants`

        tenants/in.yaml:3:5: error[P0602]: the input `users[1]` needs the field `password` (secret) \
        [missing-field]
          3 |   - name: eve
            |     ^^^^

        tenants/in.yaml:4:5: error[P0307]: the input `users[1]` has no field `pin` [unknown-field]
          hint: the fields are `name`, `password`, `share`, `devices` and `photo`
        """)
  }

  @Test(arguments: ["null", "~", ""])
  func `null is no value of a secret`(_ written: String) throws {
    #expect(
      try Self.rendered("users:\n  - { name: dora, password: \(written) }\n").contains(
        "error[P0501]: the input `users[0].password` is a secret, and null is no value of one"))
  }

  @Test(arguments: [
    "users: alice:hunter2", "users: [alice, hunter2]", "users: [[alice, hunter2]]",
    "users: {alice: hunter2}", "users: [{ name: [hunter2], password: [hunter2] }]",
    #"users: [{ name: alice, password: "env:A", code: hunter2 }]"#,
    #"users: [{ name: 7, password: "env:A", code: hunter2 }]"#, "user: [alice:hunter2]",
    "users:\n  - name: alice\n    password: env:A\n    pasword2: hunter2",
    "users: []\nkey: hunter2",
  ])
  func `a value that may hold a secret in the wrong place is not quoted`(_ file: String) throws {
    let text = try Self.rendered(file)
    #expect(text.contains("error["))
    #expect(!text.contains("hunter2"), "\(text)")
  }

  @Test func `a record that is missing says which fields it has`() throws {
    let text = """
      playbook: 1
      inputs:
        user: { type: record, fields: { name: { type: string }, pin: { type: secret } } }
      steps:
        - call: utility.check-server-health
      """
    let playbook = try MemoryFiles(["a.yaml": text]).check("a.yaml").planned
    let error = #expect(throws: InvalidInput.self) {
      try InputBinder(sources: Self.sources).bind(ProvidedInputs(), to: playbook)
    }
    #expect(
      error?.diagnostics.map(\.hint) == [
        "give it with --input 'user={name: STRING, pin: env:VARIABLE}'"
      ])
  }

  @Test func `a list of records that is missing says which fields they have`() throws {
    let error = #expect(throws: InvalidInput.self) {
      try InputBinder(sources: Self.sources).bind(ProvidedInputs(), to: try Self.parsed())
    }
    #expect(
      error?.diagnostics.map(\.hint) == [
        "give it with --input 'users=[{name: STRING, password: env:VARIABLE, share: NUMBER, "
          + "devices: […], photo: PATH}]'"
      ])
  }

  @Test func `records with secrets are typed unseen, and the question shows their fields`() throws {
    let questions = Mutex<[InputQuestion]>([])
    var sources = Self.sources
    sources.ask = { question in
      questions.withLock { $0.append(question) }
      return nil
    }
    let binder = InputBinder(sources: sources)
    #expect(throws: InvalidInput.self) {
      try binder.bind(ProvidedInputs(), to: try Self.parsed())
    }
    #expect(
      questions.withLock { $0 } == [
        InputQuestion(
          name: "users",
          expected: "a list of records, such as [{name: STRING, password: env:VARIABLE, "
            + "share: NUMBER, devices: […], photo: PATH}]",
          isSecret: true, hasParts: true)
      ])
  }

  @Test func `an argument with a secret field is quoted without its value`() throws {
    let text = try Self.rendered("", ["users=[{name: alice, pasword: hunter2}]"])
    #expect(text.contains("the input `users[0]` has no field `pasword` [unknown-field]"))
    #expect(!text.contains("hunter2"))
  }

  @Test func `a cell of a table holds a record as JSON`() throws {
    let cell = InputCell(#"[{"name":"alice","password":"env:A"}]"#, .plain, at: place(2, 9))
    let given = ProvidedInput(name: "users", source: .cell(cell), location: place(2, 9))
    let read = InputBinder(sources: Self.sources).read([given], of: try Self.parsed())
    #expect(read.diagnostics.isEmpty)
    #expect(
      read.values == [
        "users": [
          [
            "name": "alice", "password": .secret(text: "alice1"), "share": 1.0, "devices": [],
            "photo": Self.photo,
          ]
        ]
      ])
  }

  private func place(_ line: Int, _ column: Int) -> Diagnostics.SourceLocation {
    Diagnostics.SourceLocation(file: "tenants/t.csv", line: line, column: column)
  }
}
