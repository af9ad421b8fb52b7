import Diagnostics
import Expressions
import Files
import Planning
import Synchronization
import Tenants
import Testing

/// What a tenant's run gets as inputs, and where its secrets come from.
@Suite struct TenantBinderTests {
  private static let sources = InputSources(
    environment: { ["P": "hunter2", "PW_acme": "of acme"][$0] },
    size: { _ throws(InputSources.FileFlaw) in 1 },
    read: { path, _ throws(InputSources.FileFlaw) in
      guard path == "conf/secrets/acme" else { throw .missing }
      return Array("from file\n".utf8)
    },
    command: { words throws(InputSources.CommandFlaw) in
      switch words[0] {
      case "vault": return Array(" \(words.dropFirst().joined(separator: " "))\n".utf8)
      case "slow": throw .tooSlow(seconds: 30)
      case "blank": return Array(" \n".utf8)
      default: throw .failed(status: 3)
      }
    })

  private static let commands = [
    "vault": ["vault", "read", "secret/{name}", "{name}-{other}"], "slow": ["slow"],
    "blank": ["blank"], "fails": ["false"],
  ]

  private static func bind(
    _ cells: String, onboarding: Onboarding = Onboarding(), name: String = "acme"
  ) throws -> ValueMap {
    var onboarding = onboarding
    let text = "name,username,password,region,count\n\(name),\(cells)\n"
    let tenants = try Onboarding(
      shared: onboarding.shared, inputsFiles: onboarding.inputsFiles, commands: commands,
      literals: onboarding.literals
    ).tenants(text, file: "conf/tenants.csv")
    onboarding.sources = sources
    onboarding.commands = commands
    return try onboarding.binder().bind(tenants[0]).values
  }

  @Test(arguments: [
    ("env:P", "hunter2"), ("env:PW_{name}", "of acme"), ("file:secrets/{name}", "from file"),
    ("command:vault", "read secret/acme acme-{other}"),
  ])
  func `a secret is read from where it is`(_ reference: String, _ secret: String) throws {
    let inputs = try Self.bind("a@b.c,\(reference),,")
    #expect(inputs["password"] == .secret(text: secret))
  }

  @Test(arguments: [
    (
      "env:GONE",
      "the input `password` names the environment variable `GONE`, which is not set"
    ),
    ("file:gone", "the file `conf/gone` of the input `password` does not exist"),
    ("command:slow", "the command `slow` of the input `password` did not end within 30 seconds"),
    ("command:fails", "the command `fails` of the input `password` failed with exit status 3"),
    (
      "command:blank",
      "the output of the command `blank`, given for the input `password`, is empty"
    ),
  ])
  func `a secret that cannot be had is an error of its tenant's start`(
    _ reference: String, _ message: String
  ) throws {
    let error = #expect(throws: InvalidInput.self) { try Self.bind("a@b.c,\(reference),,") }
    #expect(error?.diagnostics.map(\.message) == [message])
    #expect(error?.diagnostics.first?.location?.description == "conf/tenants.csv:2:12")
  }

  @Test func `a literal secret is used only when that is allowed`() throws {
    let onboarding = Onboarding(literals: .allowed)
    #expect(
      try Self.bind("a@b.c,hunter2,,", onboarding: onboarding)["password"]
        == .secret(text: "hunter2"))
    let text = try onboarding.diagnostics(
      "name,username,password\nacme,B,hunter2\n", file: "tenants.csv")
    #expect(
      text == """
        tenants.csv:2:6: error[P0504]: the input `username` is `B`, which does not match the pattern \
        `[a-z.]+@[a-z.]+` [wrong-pattern]
          2 | acme,B,•••
            |      ^
        """)
  }

  @Test(arguments: [
    #"""
    name,count,users
    acme,oops,"[{""name"":""x"",""password"":""hunter2""}]"
    """#,
    #"""
    name,count,users
    acme,1,"[{""name"":""x"",""pasword"":""hunter2""},{""name"":5,""password"":""env:P""}]"
    """#,
    "name,count,user\nacme,oops,x:hunter2\n", "name,count,people\nacme,oops,x:hunter2\n",
    "name,count,users\nacme,1,x:hunter2,1\n", "name,count,users\nacme,\"1,x:hunter2\n",
  ])
  func `a cell with records that hold secrets is not quoted`(_ table: String) throws {
    for literals in [SecretRules.Literals.allowed, .refused] {
      let text = try Onboarding(file: "staff.yaml", literals: literals)
        .diagnostics(table, file: "tenants.csv")
      #expect(text.contains("error["))
      #expect(!text.contains("hunter2"), "\(text)")
    }
  }

  @Test func `the command line overrides cells, and cells override inputs files`() throws {
    let onboarding = Onboarding(
      shared: ["count=1"],
      inputsFiles: [
        ("env.yaml", "region: us\ncount: 2\nshare: 0.25\nloud: true"), ("roll.yaml", "share: 0.5"),
      ])
    let inputs = try Self.bind("a@b.c,env:P,eu,9", onboarding: onboarding)
    #expect(
      inputs == [
        "username": "a@b.c", "password": .secret(text: "hunter2"), "region": "eu", "count": 1,
        "share": 0.5, "loud": true, "tags": [], "limits": [:],
      ])
    #expect(try Self.bind("a@b.c,env:P,,", onboarding: onboarding)["region"] == "us")
  }

  @Test func `conditions see all inputs but secrets`() throws {
    let onboarding = Onboarding(
      shared: ["share=0.5"], inputsFiles: [("env.yaml", "region: us\ncount: 2")])
    let tenants = try onboarding.tenants(
      "name,username,password,region\nacme,a@b.c,env:P,\nb,b@b.c,env:P,eu\n")
    let binder = try onboarding.binder()
    #expect(
      tenants.map { binder.inputs(of: $0) } == [
        [
          "username": "a@b.c", "region": "us", "count": 2, "share": 0.5, "loud": false,
          "tags": [], "limits": [:],
        ],
        [
          "username": "b@b.c", "region": "eu", "count": 2, "share": 0.5, "loud": false,
          "tags": [], "limits": [:],
        ],
      ])
  }

  @Test func `what all tenants share is checked once, and makes columns needless`() throws {
    let onboarding = Onboarding(
      shared: ["password=file:secrets/{name}", "count=x"],
      inputsFiles: [("env.yaml", "username: a@b.c")])
    #expect(try onboarding.diagnostics("name\nacme\nb\n") == "")
    #expect(
      try onboarding.binder().checkShared().map(\.message)
        == ["the input `count` must be an integer, not `x`"])
  }

  @Test func `a name with characters that variables lack is no part of one`() throws {
    #expect(
      try Onboarding().diagnostics(
        "name,username,password\nacme-1,a@b.c,env:PW_{name}\n", file: "tenants.csv") == """
          tenants.csv:2:14: error[P0804]: `env:` of the input `password` is not followed by the name of a \
          variable [malformed-input]
            2 | acme-1,a@b.c,env:PW_{name}
              |              ^^^^^^^^^^^^^
            hint: a variable has letters, digits and `_`, and `acme-1` has other characters: give \
          `file:PATH`
          """)
  }

  @Test func `a command runs only when the rollout file allows its name`() throws {
    var onboarding = Onboarding(commands: Self.commands)
    let text = "name,username,password\nacme,a@b.c,command:valt\n"
    #expect(
      try onboarding.diagnostics(text) == """
        tenants.csv:2:12: error[P0708]: the input `password` names the command `valt`, which is not \
        allowed [command-not-allowed]
          2 | acme,a@b.c,command:valt
            |            ^^^^^^^^^^^^
          hint: did you mean `vault`?
        """)
    onboarding.commands = [:]
    #expect(
      try onboarding.diagnostics(text).hasSuffix(
        "hint: name it in the rollout file: `allow-commands: {valt: [PROGRAM, ARGUMENT]}`"))
  }
}

/// Programs of this machine.
@Suite struct SecretCommandTests {
  @Test func `the secret is what a program writes, and a program that writes too much is ended`()
    throws
  {
    let output = try SecretCommand().run(["printf", "%s|", "a b", "$HOME", "*"])
    #expect(String(decoding: output, as: UTF8.self) == "a b|$HOME|*|")
    #expect(throws: InputSources.CommandFlaw.tooLarge(limit: 1000)) {
      try SecretCommand(seconds: 60, limit: 1000).run(["yes"])
    }
  }
}
