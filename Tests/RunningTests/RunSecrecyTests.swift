import Events
import Expressions
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
}
