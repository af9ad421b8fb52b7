import Events
import Expressions
import Machine
import Operations
import Running
import Testing

@Suite("Continued runs")
struct ResumeTests {
  private static func world(_ steps: String) throws -> World {
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)\n"))
  }

  /// Between two events of one commit, too, where nothing was ever interrupted yet.
  @Test(arguments: RunStateTests.playbooks)
  func `a run that is continued after any of its events ends as it would have`(
    steps: String
  ) throws {
    var whole = try Self.world(steps)
    let result = try whole.run()
    for count in 1..<whole.events.count {
      var world = try whole.continued(
        after: Array(whole.events.prefix(count)), downtime: .milliseconds(5))
      let continued = try world.run()
      let mayDoubt = steps.contains("unsafe")
      #expect(
        continued.outcome == result.outcome || mayDoubt && continued.outcome == .inDoubt,
        "after \(whole.events[count - 1].kind)")
    }
  }

  @Test func `a wait goes on with what is left of its time`() throws {
    var world = try Self.world("- { id: w, wait: 10s }")
    world.schedule(.restart, at: .seconds(4))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.elapsed == .seconds(10))
  }

  @Test func `a pause before the next attempt goes on with what is left of it`() throws {
    var world = try Self.world(
      "- { id: r, call: read, retry: { attempts: 2, backoff: 10s, on: [server-error] } }")
    world.reply = { what, count, _ in
      what == "GET /read" && count == 1 ? .answer(500, "{}") : nil
    }
    world.schedule(.restart, at: .seconds(3))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.elapsed >= .seconds(5) && world.elapsed <= .seconds(11))
    #expect(world.sent.filter { $0.what == "GET /read" }.count == 2)
  }

  @Test func `time that passed while nobody drove the run counts against a timeout`() throws {
    var world = try Self.world("- { id: w, timeout: 5s, steps: [ { id: p, wait: 1h } ] }")
    world.schedule(.restart, at: .seconds(4))
    #expect(try world.run().outcome == .failed)
    #expect(world.elapsed == .seconds(5))
  }

  @Test func `an accepted command is not sent again, and its outcome is asked for`() throws {
    var world = try Self.world("- { id: c, call: command }")
    world.reply = { what, _, _ in
      what.hasPrefix("GET /status") ? .ok(#"["finished"]"#) : nil
    }
    world.schedule(.restart, at: .milliseconds(50))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.sent.filter { $0.what == "POST /command" }.count == 1)
    #expect(world.sent.contains { $0.what.hasPrefix("GET /status") })
  }

  @Test(arguments: [
    ("unsafe", "POST /unsafe", Outcome.inDoubt, 1),
    ("repeatable", "POST /repeatable", .succeeded, 2),
  ])
  func `a request in flight is sent again only where that does no harm`(
    operation: String, request: String, outcome: Outcome, count: Int
  ) throws {
    var world = try Self.world("- { id: c, call: \(operation) }")
    world.reply = { what, count, _ in
      if what.hasPrefix("GET /status") { return .ok(#"["finished"]"#) }
      return what == request && count == 1 ? .silence : nil
    }
    world.schedule(.restart, at: .milliseconds(50))
    #expect(try world.run().outcome == outcome)
    #expect(world.sent.filter { $0.what == request }.count == count)
  }

  @Test func `a command that the service forgot meanwhile leaves its step in doubt`() throws {
    var world = try Self.world("- { id: c, call: command }")
    world.reply = { what, _, _ in what.hasPrefix("GET /status") ? .answer(404, "{}") : nil }
    world.schedule(.restart, at: .milliseconds(50))
    #expect(try world.run().outcome == .inDoubt)
  }

  @Test func `a continued step has every declared field`() throws {
    var world = try Self.world(
      "- { id: c, call: command }\n- { id: a, assert: \"${{ steps.c.value == null }}\" }")
    world.reply = { what, _, _ in what.hasPrefix("GET /status") ? .ok(#"["finished"]"#) : nil }
    world.schedule(.restart, at: .milliseconds(50))
    #expect(try world.run().outcome == .succeeded)
  }

  @Test func `time does not go back when the clock was set back`() throws {
    var whole = try Self.world("- { id: w, wait: 10s }")
    try whole.run()
    var world = try whole.continued(
      after: Array(whole.events.prefix(3)), downtime: .seconds(-3600))
    try world.run()
    #expect(zip(world.events, world.events.dropFirst()).allSatisfy { $0.at <= $1.at })
  }

  @Test func `a cancellation that was not over is finished`() throws {
    var world = try Self.world(
      "- { id: w, steps: [ { id: p, wait: 1h } ], always: [ { id: a, wait: 20s } ] }")
    world.schedule(.input(.cancel), at: .seconds(1))
    world.schedule(.restart, at: .seconds(2))
    #expect(try world.run().outcome == .cancelled)
    #expect(world.elapsed == .seconds(21))
  }

  @Test func `the events say who continued the run`() throws {
    var world = try Self.world("- { id: w, wait: 10s }")
    world.schedule(.restart, at: .seconds(4))
    try world.run()
    let resumptions = world.events.compactMap { event in
      if case .runResumed(let resumption) = event.kind { resumption } else { nil }
    }
    #expect(
      resumptions == [RunResumption(owner: "test 1", epoch: 1, seed: 1, version: "test")])
  }
}
