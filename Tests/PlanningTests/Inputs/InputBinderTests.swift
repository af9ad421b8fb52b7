import Diagnostics
import Expressions
import Planning
import Playbooks
import Testing

/// What is bound, and what is said about inputs that are wrong.
@Suite struct InputBinderTests {
  private static let playbook = """
    playbook: 1
    name: greet
    inputs:
      username: { type: string, summary: Login name, pattern: "[a-z]+@[a-z.]+" }
      password: { type: secret, summary: The password }
      count: { type: integer, default: 3 }
      share: { type: number, default: 1 }
      loud: { type: boolean, default: false }
      role: { type: string, enum: [storage, authenticator], default: storage }
      stores: { type: list, of: string, default: [a, b] }
      labels: { type: map, of: integer, default: { a: 1 } }
      document: { type: file, default: ./samples/contract.txt }
    steps:
      - call: utility.check-server-health
    """

  static let sources = InputSources(
    environment: { ["P": "hunter2", "EMPTY": ""][$0] },
    size: { path throws(InputSources.FileFlaw) in
      switch path {
      case "workflows/samples/contract.txt", "notes", "tenants/a.tar.gz": return 12
      case "folder": throw .directory
      case "locked.txt": throw .unreadable("permission denied")
      default: throw .missing
      }
    },
    read: { path, _ throws(InputSources.FileFlaw) in
      switch path {
      case "secret.txt": return Array("from file\n".utf8)
      case "binary": return [0xFF, 0xFE]
      case "huge": throw .tooLarge(limit: 65_536)
      default: throw .missing
      }
    })

  private static func bind(
    _ texts: [String], file: String? = nil, sources: InputSources = sources
  ) throws -> ValueMap {
    var provided = ProvidedInputs()
    if let file { provided.take(file: "tenants/alice.yaml", Array(file.utf8)) }
    for text in texts { provided.take(argument: text) }
    return try InputBinder(sources: sources).bind(provided, to: try parsed()).values
  }

  static func parsed() throws -> PlannedPlaybook {
    try MemoryFiles(["workflows/greet.yaml": playbook]).check("workflows/greet.yaml").planned
  }

  private static func diagnostics(_ texts: [String], file: String? = nil) throws -> [String] {
    do {
      _ = try bind(texts, file: file)
      return []
    } catch let error as InvalidInput {
      return error.diagnostics.map { diagnostic in
        let place = diagnostic.location.map { "\($0): " } ?? ""
        let hint = diagnostic.hint.map { " | \($0)" } ?? ""
        return "\(place)\(diagnostic.message) [\(diagnostic.code.rawValue)]\(hint)"
      }
    }
  }

  private static let required = ["username=a@b.c", "password=env:P"]

  @Test func `defaults stand in for what is not given`() throws {
    #expect(
      try Self.bind(Self.required) == [
        "username": "a@b.c",
        "password": .secret(text: "hunter2"),
        "count": 3,
        "share": 1.0,
        "loud": false,
        "role": "storage",
        "stores": ["a", "b"],
        "labels": ["a": 1],
        "document": [
          "path": "workflows/samples/contract.txt", "name": "contract.txt", "extension": "txt",
          "size": 12,
        ],
      ])
  }

  @Test func `texts of the command line become values of the declared types`() throws {
    let bound = try Self.bind([
      "username=a@b.c", "password=file:secret.txt", "count=-7", "share=2", "loud=true",
      "role=authenticator", "stores=[x, 'y z', \"1\"]", "labels={a: 1, b: 0o17}", "document=notes",
    ])
    #expect(
      bound == [
        "username": "a@b.c",
        "password": .secret(text: "from file"),
        "count": -7,
        "share": 2.0,
        "loud": true,
        "role": "authenticator",
        "stores": ["x", "y z", "1"],
        "labels": ["a": 1, "b": 15],
        "document": ["path": "notes", "name": "notes", "extension": "", "size": 12],
      ])
  }

  @Test(arguments: [
    "username: a@b.c\npassword: env:P\nstores: [x]\nshare: 1\ndocument: a.tar.gz",
    #"{"username":"a@b.c","password":"env:P","stores":["x"],"share":1,"document":"a.tar.gz"}"#,
  ])
  func `a file of inputs is YAML or JSON, and its paths are relative to it`(
    _ text: String
  ) throws {
    let bound = try Self.bind([], file: text)
    #expect(bound["stores"] == ["x"])
    #expect(bound["share"] == 1.0)
    #expect(
      bound["document"] == [
        "path": "tenants/a.tar.gz", "name": "a.tar.gz", "extension": "gz", "size": 12,
      ])
  }

  @Test func `everything that is missing is said at once`() throws {
    #expect(
      try Self.diagnostics([]) == [
        "workflows/greet.yaml:4:3: the input `username` is missing (a string: Login name) "
          + "[missing-input] | give it with --input username=STRING",
        "workflows/greet.yaml:5:3: the input `password` is missing (secret: The password) "
          + "[missing-input] | give it with --input password=env:VARIABLE or "
          + "--input password=file:PATH",
      ])
  }

  @Test(arguments: [
    (
      "usrname=a",
      "--input usrname:1:1: `greet` has no input `usrname` [unknown-input] | "
        + "did you mean `username`?"
    ),
    (
      "count=1",
      "the input `count` is given twice [duplicate-input] | "
        + "give it once on the command line"
    ),
    ("share=x", "--input share:1:7: the input `share` must be a number, not `x` [wrong-type]"),
    ("share=inf", "--input share:1:7: the input `share` must be a number, not `inf` [wrong-type]"),
    (
      "loud=yes", "--input loud:1:6: the input `loud` must be true or false, not `yes` [wrong-type]"
    ),
    (
      "role=storag",
      "--input role:1:6: the input `role` must be one of `storage`, `authenticator`, not `storag` "
        + "[wrong-value] | did you mean `storage`?"
    ),
    (
      "stores=a",
      "--input stores:1:8: the input `stores` must be a list of strings, not a string [wrong-type] | "
        + "write a list: [\"a\"]"
    ),
    (
      "stores=[a, 1]",
      "--input stores:1:12: the input `stores[1]` must be a string, not an integer [wrong-type] | "
        + "write it in quotes: \"1\""
    ),
    (
      "labels={a: b}",
      "--input labels:1:12: the input `labels.a` must be an integer, not a string [wrong-type]"
    ),
    (
      "document=gone.txt",
      "--input document:1:10: the file `gone.txt` of the input `document` does not exist [missing-file]"
    ),
    (
      "document=folder",
      "--input document:1:10: the file `folder` of the input `document` is a directory [not-a-file]"
    ),
    (
      "document=locked.txt",
      "--input document:1:10: the file `locked.txt` of the input `document` cannot be read: "
        + "permission denied [unreadable-file]"
    ),
    (
      "document=",
      "--input document:1:10: the input `document` needs the path of a file [wrong-type]"
    ),
  ])
  func `a wrong input has its own diagnostic`(_ text: String, _ diagnostic: String) throws {
    #expect(try Self.diagnostics(Self.required + ["count=2", text]) == [diagnostic])
  }

  @Test(arguments: [
    (
      "hunter2",
      "the input `password` is secret and must not be given in plain text [secret-in-clear] | "
        + "give `env:VARIABLE` or `file:PATH`, or omit it to be prompted"
    ),
    (
      "env:GONE",
      "the input `password` names the environment variable `GONE`, which is not set "
        + "[unset-variable] | set it, for example with `read -rs GONE; export GONE`"
    ),
    (
      "env:",
      "`env:` of the input `password` is not followed by the name of a variable "
        + "[malformed-input] | write `env:VARIABLE`: letters, digits and `_`, no digit first"
    ),
    (
      "env:s3cret-word",
      "`env:` of the input `password` is not followed by the name of a variable "
        + "[malformed-input] | write `env:VARIABLE`: letters, digits and `_`, no digit first"
    ),
    (
      "env:EMPTY",
      "the environment variable `EMPTY`, given for the input `password`, is empty [empty-secret]"
    ),
    (
      "file:gone",
      "the file `gone` of the input `password` does not exist [missing-file]"
    ),
    ("file:binary", "the file `binary` of the input `password` is not UTF-8 [not-utf-8]"),
    (
      "file:huge",
      "the file `huge` of the input `password` is larger than 65536 bytes [file-too-large]"
    ),
  ])
  func `a secret that cannot be had is refused without being quoted`(
    _ text: String, _ diagnostic: String
  ) throws {
    #expect(
      try Self.diagnostics(["username=a@b.c", "password=\(text)"])
        == ["--input password:1:10: \(diagnostic)"])
  }

  @Test func `diagnostics about a file of inputs stand in that file`() throws {
    let file = """
      username: 7
      pasword: env:P
      password: [env:P]
      document: gone.txt
      """
    #expect(
      try Self.diagnostics([], file: file) == [
        "tenants/alice.yaml:1:11: the input `username` must be a string, not an integer "
          + "[wrong-type] | write it in quotes: \"7\"",
        "tenants/alice.yaml:2:1: `greet` has no input `pasword` [unknown-input] | "
          + "did you mean `password`?",
        "tenants/alice.yaml:3:11: the input `password` must be a string, not a list [wrong-type]",
        "tenants/alice.yaml:4:11: the file `gone.txt` of the input `document` does not exist "
          + "[missing-file] | it is looked for in `tenants`",
      ])
  }

  @Test func `a text must match its pattern as a whole`() throws {
    #expect(
      try Self.diagnostics(["username=a@b.c!", "password=env:P"]) == [
        "--input username:1:10: the input `username` is `a@b.c!`, which does not match the "
          + "pattern `[a-z]+@[a-z.]+` [wrong-pattern]"
      ])
  }

  @Test(arguments: ["username", "=a", "", "hunter2"])
  func `an input without a name or value is counted, not quoted`(_ text: String) throws {
    let found = try Self.diagnostics(["username=a@b.c", text, "password=env:P", "count=x"])
    #expect(
      found == [
        "`--input` number 2 is not of the form NAME=VALUE [malformed-input] | "
          + "for example --input username=a@example.com",
        "--input count:1:7: the input `count` must be an integer, not `x` [wrong-type]",
      ])
  }

  @Test func `a file of inputs must be a map, and hides no other diagnostic`() throws {
    #expect(
      try Self.diagnostics(["count=x"], file: "- a") == [
        "tenants/alice.yaml:1:1: an inputs file must be a map, not a list [wrong-type] | "
          + "inputs files are YAML or JSON: write one line per input, `name: value`",
        "--input count:1:7: the input `count` must be an integer, not `x` [wrong-type]",
      ])
  }

  @Test(arguments: ["tenants.csv", "tenants.TSV", "tenants.jsonl"])
  func `a table of tenants is no file of inputs`(_ file: String) {
    var provided = ProvidedInputs()
    provided.take(file: file, Array("username,password\nalice,x\n".utf8))
    #expect(
      provided.diagnostics.elements == [
        Diagnostic(
          .malformedInput, "`\(file)` is not a file of inputs, which is YAML or JSON", at: nil,
          hint: "a table with a row for each tenant is given with `--tenants \(file)`")
      ])
  }

  @Test func `an argument is quoted, and of a secret or unknown one only its name`() throws {
    var provided = ProvidedInputs()
    for text in ["role=storag", "labels={a: b}", "password=hunter2", "pasword=hunter2"] {
      provided.take(argument: text)
    }
    let playbook = try Self.parsed()
    let error = #expect(throws: InvalidInput.self) {
      try InputBinder(sources: Self.sources).bind(provided, to: playbook)
    }
    let renderer = DiagnosticRenderer(texts: provided.texts(for: playbook))
    let text = renderer.render(error?.diagnostics ?? [])
    #expect(!text.contains("hunter2"))
    #expect(text.contains("  1 | role=storag\n    |      ^^^^^^\n"))
    #expect(text.contains("  1 | labels={a: b}\n    |            ^\n"))
    #expect(text.contains("  1 | pasword=•••\n    | ^^^^^^^\n"))
  }
}

/// What stands at the ends of secrets.
extension InputBinderTests {
  @Test(
    arguments: [
      ("hunter2", "hunter2", nil), ("hunter2\n", "hunter2", nil), ("hunter2\r\n", "hunter2", nil),
      ("hunter2\n\n", "hunter2\n", "ends with a line break, which is used as part of the secret"),
      (
        "hunter2\r\n\n", "hunter2\r\n",
        "ends with a line break, which is used as part of the secret"
      ),
      ("hunter2 ", "hunter2 ", "ends with a blank, which is used as part of the secret"),
      ("\thunter2\n", "\thunter2", "begins with a tab, which is used as part of the secret"),
      ("\u{FEFF}hunter2\n", "hunter2", "begins with a byte order mark, which is left out"),
      (
        " hunter2\u{A0}", " hunter2\u{A0}",
        "begins with a blank, which is used as part of the secret, "
          + "and ends with white space, which is used as part of the secret"
      ),
    ] as [(String, String, String?)])
  func `a secret from a file is used without one line break, and odd ends are named`(
    _ content: String, _ secret: String, _ oddity: String?
  ) throws {
    var sources = Self.sources
    sources.read = { _, _ throws(InputSources.FileFlaw) in Array(content.utf8) }
    var provided = ProvidedInputs()
    provided.take(argument: "username=a@b.c")
    provided.take(argument: "password=file:pw")
    let bound = try InputBinder(sources: sources).bind(provided, to: try Self.parsed())
    #expect(bound.values["password"] == .secret(text: secret))
    #expect(
      bound.warnings.map(\.message)
        == (oddity.map { ["the file `pw`, given for the input `password`, \($0)"] } ?? []))
  }

  @Test func `a variable is used as it is, and what its end holds is named`() throws {
    var sources = Self.sources
    sources.environment = { _ in "hunter2\r" }
    var provided = ProvidedInputs()
    provided.take(argument: "username=a@b.c")
    provided.take(argument: "password=env:P")
    let bound = try InputBinder(sources: sources).bind(provided, to: try Self.parsed())
    #expect(bound.values["password"] == .secret(text: "hunter2\r"))
    #expect(
      bound.warnings == [
        Diagnostic(
          .oddSecret,
          "the environment variable `P`, given for the input `password`, "
            + "ends with a carriage return, which is used as part of the secret",
          at: SourceLocation(file: "--input password", line: 1, column: 10, length: 3),
          hint: "remove it if it is not meant; `printf %s` writes no line break",
          severity: .warning)
      ])
  }
}
