import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Testing

@Suite("Secrets of a run")
struct RunSecrecyTests {
  /// A run whose session, input and token are planted, and whose calls carry none of them.
  private func world(_ steps: String) throws -> World {
    var world = try World(
      try PlannedText.plan(
        """
        session: {username: u, password: planted-password}
        inputs: {hidden: {type: secret}}
        steps:
        \(steps)
        """, inputs: ["hidden": .secret(text: "planted-input")]))
    world.reply = { what, _, _ in
      switch what {
      case "POST /login": .ok(#"{"token":"planted-token"}"#)
      case "GET /read":
        .ok(#"{"value":{"note":["of planted-password","planted-token"],"planted-input":1}}"#)
      case "POST /unsafe": .answer(422, #"{"errors":{"x":["bad planted-input, planted-token"]}}"#)
      case "POST /command": .command("c-1")
      default: nil
      }
    }
    return world
  }

  @Test func `what the service repeats of any secret of the run is secret in later steps too`()
    throws
  {
    var world = try world(
      """
        - {id: a, call: read}
        - {id: b, call: harmless, with: {value: "${{ steps.a.value }}"}}
      """)
    #expect(try world.run().outcome == .succeeded)
    #expect(world.value(of: "a")?[field: "value"]?.isSecret == true)
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `a refusal and its reason are reported without any secret of the run`() throws {
    var world = try world("  - {id: a, call: unsafe}")
    let result = try world.run()
    #expect(result.failure?.message.contains("bad •••, •••") == true)
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `the word and the reason that end a command are reported without any secret`() throws {
    var world = try world("  - {id: a, call: command}")
    world.schedule(World.status("c-1", 3, body: #"{"why":"planted-token"}"#), at: .seconds(1))
    #expect(try world.run().outcome == .failed)
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `a closing message is searched for secrets before it is put on one line`() throws {
    var world = try world("  - {id: a, call: command}")
    world.connectFailure = { _ in
      TransportFailure(
        .protocolViolation, "closed (plan\u{200D}ted-\u{200D}pass\nword\u{7}!)",
        mayHaveBeenSent: false)
    }
    let result = try world.run()
    #expect(result.failure?.message.contains("closed (••• !)") == true)
    #expect(!world.outsideText.contains("ted-"))
  }

  @Test func `a session with a short password hides what explains its refusals`() throws {
    var world = try World(
      try PlannedText.plan(
        """
        session: {username: u, password: abc12}
        steps: [{id: r, call: read}, {id: a, call: unsafe}]
        """))
    world.reply = { what, _, _ in
      switch what {
      case "GET /read": .ok(#"{"value":"fine"}"#)
      case "POST /unsafe": .answer(422, #"{"message":"abc12 of the session"}"#)
      default: nil
      }
    }
    let message = try world.run().failure?.message
    #expect(
      message
        == "HTTP 422: ••• (hidden, because the service knows a secret of fewer than 6 bytes)")
    #expect(world.value(of: "r")?[field: "value"] == "fine")
    #expect(!world.outsideText.contains("abc12 of"))
  }

  @Test func `what a local action does with a secret is secret, and so is why it fails`() throws {
    let step =
      #"  - {id: a, call: file.write, with: {path: "x-${{ inputs.hidden }}", data: d}}"#
    var done = try world(step)
    done.local = { _, arguments in
      .success(["path": .string(arguments["path"]?.text ?? ""), "size": 1])
    }
    #expect(try done.run().outcome == .succeeded)
    #expect(done.value(of: "a") == .map(["path": .secret(text: "x-planted-input"), "size": 1]))
    #expect(!done.outsideText.contains("planted"))
    var failed = try world(step)
    failed.local = { _, _ in
      .failure(LocalFailure("no folder `x-planted-input`", hint: "make planted-input"))
    }
    let failure = try failed.run().failure
    #expect(failure?.message == "no folder `•••`")
    #expect(failure?.hint == "make •••")
    #expect(!failed.outsideText.contains("planted"))
  }

  @Test func `a refused join and a lost socket are reported without any secret`() throws {
    var world = try world("  - {id: a, call: command}")
    world.frame = { _, correlation, _ in
      #"{"correlationId":"\#(correlation)","status":500,"data":{"message":"no planted-token"}}"#
    }
    #expect(try world.run().outcome == .failed)
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `a plain input that is used as a secret is one from the start`() throws {
    var world = try World(
      try PlannedText.plan(
        """
        inputs:
          users: {type: list, of: {type: map, of: string}}
          password: {type: string}
        steps:
          - for-each: "${{ inputs.users }}"
            as: user
            steps:
              - play: register.yaml
                with: {name: "${{ user.name }}", word: "${{ user.word }}"}
          - {id: last, call: login, with: {username: u, password: "${{ inputs.password }}"}}
        outputs:
          names: "${{ inputs.users.map(u, u.name) }}"
          words: "${{ inputs.users.map(u, u.word) }}"
          password: "${{ 'so ' + inputs.password }}"
        """,
        files: [
          "register.yaml": """
          playbook: 1
          inputs: {name: {type: string}, word: {type: string}}
          steps:
            - {call: login, with: {username: "${{ inputs.name }}", password: "${{ inputs.word }}"}}
          """
        ],
        inputs: [
          "users": [
            ["name": "ann", "word": "planted-one"], ["name": "bob", "word": "planted-two"],
          ],
          "password": "planted-three",
        ]))
    world.reply = { _, _, _ in .ok(#"{"token":"t-0123456789"}"#) }
    let result = try world.run()
    #expect(result.outputs["names"] == ["ann", "bob"])
    #expect(
      result.outputs["words"] == [.secret(text: "planted-one"), .secret(text: "planted-two")])
    #expect(result.outputs["password"] == .secret(text: "so planted-three"))
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `a secret that stands in the playbook is not shown in rounds and outputs`() throws {
    var world = try World(
      try PlannedText.plan(
        """
        steps:
          - for-each: [planted-one, planted-two]
            as: word
            steps:
              - {id: a, call: login, with: {username: u, password: "${{ word }}"}}
        outputs: {words: ["planted-one", "other"]}
        """))
    world.reply = { _, _, _ in .ok(#"{"token":"t-0123456789"}"#) }
    #expect(try world.run().outputs["words"] == [.secret(text: "planted-one"), "other"])
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `the words of a decrypted document do not hide answers`() throws {
    var world = try world(
      """
        - {id: d, call: data.decrypt, with: {data: "x", key: "k-0123456789"}}
        - {id: w, call: file.write, with: {path: p, data: "${{ steps.d.text + '!' }}"}}
        - {id: a, call: safe}
      """)
    world.local = { action, _ in
      action == .decryptData
        ? .success(["text": .secret(Secret(payload: "device"))]) : .success(["path": "p"])
    }
    world.reply = { what, _, _ in
      what == "POST /login"
        ? .ok(#"{"token":"planted-token"}"#) : .ok(#"{"value":"the device is there"}"#)
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(!world.outsideText.contains("the ••• is there"))
  }

  @Test func `the answers to a request with a very short secret are hidden`() throws {
    var world = try World(
      try PlannedText.plan(
        """
        inputs: {pin: {type: secret}}
        steps:
          - {id: a, call: login, with: {username: u, password: "${{ inputs.pin }}"}}
        """, inputs: ["pin": .secret(text: "4711")]))
    world.reply = { _, _, _ in .answer(422, #"{"message":"4711 is no password"}"#) }
    let result = try world.run()
    #expect(result.failure?.message == "HTTP 422: \(SecretScrubber.hiddenText)")
    #expect(!world.outsideText.contains("is no password"))
  }
}
