import Diagnostics
import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Testing

/// What is reported when an end does not come in time, and how long it is waited for.
@Suite("Out of time")
struct TimeoutFailureTests {
  private static let service = ServiceOrigins(
    api: "http://api.example", webSocket: "ws://socket.example", upstream: "http://up.example",
    downstream: "http://down.example")

  private func world(_ steps: String, service: ServiceOrigins? = service) throws -> World {
    try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(steps)"),
      service: service)
  }

  /// The failure of the finished step at `path`.
  private func failure(of path: String, in world: World) -> Failure? {
    world.events.lazy.compactMap { event in
      guard case .stepFinished(let found, let result) = event.kind, found.description == path else {
        return nil
      }
      return result.failure
    }.last
  }

  @Test(arguments: [
    ("read", "1s", "http://api.example did not answer within the step's timeout of 1s"),
    ("unsafe", "1m30s", "http://api.example did not answer within the step's timeout of 1m30s"),
    ("command", "7s", "command c-1 was accepted, but did not end within the step's timeout of 7s"),
    ("data", "8s", "the data of request r-1 did not arrive within the step's timeout of 8s"),
  ])
  func `a step that took too long says whom it waited for, and how long`(
    operation: String, timeout: String, message: String
  ) throws {
    var world = try world("  - {id: a, call: \(operation), timeout: \(timeout)}")
    world.reply = { what, _, _ in
      ["GET /read", "POST /unsafe"].contains(what) ? .silence : nil
    }
    #expect(try world.run().failure?.message == message)
  }

  @Test func `a service whose address is not known is still named`() throws {
    var world = try world("  - {id: a, call: read, timeout: 1s}", service: nil)
    world.reply = { what, _, _ in what == "GET /read" ? .silence : nil }
    #expect(
      try world.run().failure?.message
        == "the service did not answer within the step's timeout of 1s")
  }

  @Test func `a join without an answer names the address`() throws {
    var world = try world("  - {id: a, call: command, retry: {attempts: 1}}")
    world.frame = { _, _, _ in nil }
    #expect(
      try world.run().failure?.message == "ws://socket.example did not answer the join within 10s")
  }

  @Test(arguments: ["read", "harmless", "repeatable", "data"])
  func `a group that takes too long ends what may be sent again at once`(operation: String) throws {
    var world = try world(
      "  - {id: g, timeout: 3s, steps: [{id: a, call: \(operation)}, {id: b, call: read}]}")
    world.reply = { what, _, _ in
      ["GET /read", "POST /harmless"].contains(what) ? .silence : nil
    }
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.message == "`g` was not done within the step's timeout of 3s")
    #expect(world.outcomes == ["g/a cancelled", "g failed"])
    #expect(world.elapsed < .milliseconds(3100))
  }

  @Test func `a group that takes too long gives what must not be sent again ten seconds`() throws {
    var world = try world("  - {id: g, timeout: 3s, steps: [{id: a, call: detectable}]}")
    world.reply = { what, _, _ in what == "POST /detectable" ? .silence : nil }
    let result = try world.run()
    #expect(world.elapsed >= .seconds(13) && world.elapsed < .milliseconds(13_100))
    #expect(result.outcome == .inDoubt)
    let expected = Failure(
      .timeout, "http://api.example did not answer within 10s after the time of `g` was up",
      operation: "detectable", location: result.failure?.location, lookup: "read")
    #expect(result.failure == expected)
    #expect(result.failure?.location?.file == "/books/main.yaml")
  }

  @Test func `a request in flight that ends within its ten seconds is no doubt`() throws {
    var world = try world(
      "  - {id: g, timeout: 3s, steps: [{id: a, call: unsafe}, {id: b, call: read}]}")
    world.reply = { what, _, _ in what == "POST /unsafe" ? .ok(after: .seconds(9)) : nil }
    #expect(try world.run().outcome == .failed)
    #expect(world.outcomes == ["g/a succeeded", "g failed"])
  }

  @Test func `a failed sibling and an interruption are reported as what they are`() throws {
    var sibling = try world(
      """
        - {id: warm, call: read}
        - id: g
          parallel:
            one: [{id: a, call: safe}]
            two: [{id: b, call: unsafe}]
      """)
    sibling.reply = { what, _, _ in
      switch what {
      case "POST /safe": .answer(422, "{}")
      case "POST /unsafe": .silence
      case _: nil
      }
    }
    try sibling.run()
    #expect(
      failure(of: "g.two/b", in: sibling)?.message
        == "http://api.example did not answer within 10s after a step beside it had failed")
    var interrupted = try world("  - {id: a, call: unsafe}")
    interrupted.reply = { what, _, _ in what == "POST /unsafe" ? .silence : nil }
    interrupted.schedule(.input(.cancel), at: .seconds(1))
    #expect(
      try interrupted.run().failure?.message
        == "http://api.example did not answer within 10s after the run was asked to stop")
  }

  @Test func `an interruption does not wait for a read`() throws {
    var world = try world("  - {id: a, call: read}")
    world.reply = { what, _, _ in what == "GET /read" ? .silence : nil }
    world.schedule(.input(.cancel), at: .seconds(1))
    #expect(try world.run().outcome == .cancelled)
    #expect(world.elapsed < .milliseconds(1100))
    #expect(
      world.events.contains { event in
        if case .cancelRequested(grace: .seconds(10)) = event.kind { true } else { false }
      })
  }

  @Test(
    arguments: [
      ("detectable", World.Reply.answer(502, "{}"), "read"),
      ("detectable", .failure(.broken, mayHaveBeenSent: true), "read"),
      ("unsafe", .answer(502, "{}"), nil),
    ] as [(String, World.Reply, String?)])
  func `what is in doubt carries the read that shows it, where there is one`(
    operation: String, reply: World.Reply, lookup: String?
  ) throws {
    var world = try world("  - {id: a, call: \(operation)}")
    world.reply = { what, _, _ in
      switch what {
      case "POST /\(operation)": reply
      case "GET /read": .answer(422, "{}")
      case _: nil
      }
    }
    let result = try world.run()
    #expect(result.outcome == .inDoubt)
    #expect(result.failure?.lookup == lookup)
  }

  @Test func `what surely failed carries none`() throws {
    var world = try world("  - {id: a, call: detectable}")
    world.reply = { what, _, _ in what == "POST /detectable" ? .answer(422, "{}") : nil }
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.lookup == nil)
  }
}
