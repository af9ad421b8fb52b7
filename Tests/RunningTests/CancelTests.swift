import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Testing

@Suite("Cancelling")
struct CancelTests {
  private func world(_ steps: String) throws -> World {
    try World(try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(steps)"))
  }

  @Test func `what is in flight may finish, nothing new begins, and always runs`() throws {
    var world = try world(
      """
        - id: g
          steps: [{id: a, call: unsafe}, {id: b, call: unsafe}]
          always: [{id: clean, call: harmless}]
        - {id: c, call: read}
      """)
    world.reply = { what, _, _ in what == "POST /unsafe" ? .ok(after: .seconds(5)) : nil }
    world.schedule(.input(.cancel), at: .seconds(1))
    world.schedule(.input(.cancel), at: .seconds(2))
    #expect(try world.run().outcome == .cancelled)
    #expect(world.outcomes == ["g/a succeeded", "g/always/clean succeeded", "g cancelled"])
    #expect(world.count("POST /unsafe") == 1)
    let requests = world.events.count { event in
      if case .cancelRequested = event.kind { true } else { false }
    }
    #expect(requests == 1)
  }

  @Test(arguments: [("harmless", Outcome.cancelled), ("unsafe", .inDoubt)])
  func `what does not finish in its grace is given up`(
    _ operation: String, _ outcome: Outcome
  ) throws {
    var world = try world("  - {id: a, call: \(operation)}")
    world.reply = { what, _, _ in what == "POST /\(operation)" ? .silence : nil }
    world.schedule(.input(.cancel), at: .seconds(1))
    #expect(try world.run().outcome == outcome)
    #expect(world.elapsed == .seconds(11))
  }

  @Test(arguments: [
    "{id: a, wait: 1h}",
    "{id: a, wait: {until: \"${{ false }}\", call: read, every: 1s}, timeout: 1h}",
    "{id: a, call: safe, retry: {attempts: 9, backoff: 1h, max-backoff: 1h}}",
    "{id: a, for-each: \"${{ [1, 2, 3] }}\", steps: [{id: w, wait: 1h}]}",
  ])
  func `a wait ends at once`(_ step: String) throws {
    var world = try world("  - \(step)")
    world.reply = { what, _, _ in what == "POST /safe" ? .answer(500, "{}") : nil }
    world.schedule(.input(.cancel), at: .seconds(10))
    #expect(try world.run().outcome == .cancelled)
    #expect(world.elapsed < .seconds(11))
  }

  @Test func `a step that waits for its session ends at once`() throws {
    var world = try world("  - {id: a, call: unsafe}")
    world.reply = { what, _, _ in what == "POST /login" ? .silence : nil }
    world.schedule(.input(.cancel), at: .seconds(1))
    #expect(try world.run().outcome == .cancelled)
    #expect(world.elapsed == .seconds(1))
    #expect(world.outcomes == ["a cancelled"])
  }

  @Test func `a cancelled group is not tried again because it also took too long`() throws {
    var world = try world(
      """
        - id: g
          timeout: 1s
          retry: {attempts: 5, backoff: 10ms, on: [timeout]}
          steps: [{id: a, call: unsafe}, {id: b, call: unsafe}]
      """)
    world.reply = { what, _, _ in what == "POST /unsafe" ? .ok(after: .seconds(3)) : nil }
    world.schedule(.input(.cancel), at: .seconds(2))
    #expect(try world.run().outcome == .cancelled)
    #expect(world.count("POST /unsafe") == 1)
  }

  @Test func `a refused token is not renewed for a stopped call`() throws {
    var world = try world("  - {id: a, call: unsafe}")
    world.reply = { what, _, _ in
      what == "POST /unsafe" ? .answer(401, "{}", after: .seconds(3)) : nil
    }
    world.schedule(.input(.cancel), at: .seconds(1))
    try world.run()
    #expect(world.count("POST /unsafe") == 1)
    #expect(world.count("POST /login") == 1)
  }
}
