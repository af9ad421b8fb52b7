import Events
import Expressions
import Machine
import Operations
import Planning
import Running
import Testing

/// What people say of steps in doubt, and what is known of an earlier run.
@Suite("Runs that are given more than their events")
struct AssumptionTests {
  private static func world(_ steps: String) throws -> World {
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)\n"))
  }

  private static let assumptions: [(Assumption, Int, Value)] = [
    (.done(["value": 5]), 1, ["value": 5]), (.notDone, 2, ["value": .null]),
    (.done(nil), 1, ["value": .null]),
  ]

  @Test(arguments: assumptions)
  func `what a person says about a step in doubt is taken for true`(
    _ assumption: Assumption, _ sendings: Int, _ value: Value
  ) throws {
    var world = try Self.world("- { id: a, call: unsafe }\n- { id: b, call: read }")
    world.reply = { what, count, _ in
      what == "POST /unsafe" && count == 1 ? .failure(.broken, mayHaveBeenSent: true) : nil
    }
    #expect(try world.run().outcome == .inDoubt)
    let path = StepPath(components: [.step("a")])
    world = try world.reopened(guidedBy: Guidance(assumptions: [path: assumption]))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /unsafe") == sendings)
    #expect(world.value(of: "a") == value)
  }

  @Test func `the result of what is said to be done is read where that is possible`() throws {
    var world = try Self.world("- { id: a, call: add, with: { name: x } }")
    world.reply = { what, count, _ in
      switch what {
      case "POST /add": .failure(.broken, mayHaveBeenSent: true)
      case "GET /items": count == 1 ? .answer(422, "{}") : .ok(#"[{"name":"x","id":"7"}]"#)
      case _: nil
      }
    }
    #expect(try world.run().outcome == .inDoubt)
    let path = StepPath(components: [.step("a")])
    world = try world.reopened(guidedBy: Guidance(assumptions: [path: .done(nil)]))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.value(of: "a") == ["id": "7", "key": nil, "other": nil])
  }

  /// Of an accepted command the service knows more than a person, as long as it knows it at all.
  @Test(arguments: [(true, 1), (false, 2)])
  func `what was accepted is sent again only where the service has forgotten it`(
    _ isKnown: Bool, _ sendings: Int
  ) throws {
    var world = try Self.world("- { id: c, call: command }")
    world.reply = { what, count, _ in
      switch what {
      case "POST /command": .command("c-\(count)")
      case "GET /status/c-1": .ok(#"["started"]"#)
      case "GET /status/c-2": .ok(#"["finished"]"#)
      case _: nil
      }
    }
    #expect(try world.run().outcome == .inDoubt)
    let usual = world.reply
    world.reply = { what, count, body in
      guard what == "GET /status/c-1" else { return usual(what, count, body) }
      return isKnown ? .ok(#"["finished"]"#) : .answer(404, "{}")
    }
    let path = StepPath(components: [.step("c")])
    world = try world.reopened(guidedBy: Guidance(assumptions: [path: .notDone]))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /command") == sendings)
    #expect(world.value(of: "c") == ["value": nil, "commandId": .string("c-\(sendings)")])
  }

  @Test func `the steps in doubt are known before the run goes on`() throws {
    var world = try Self.world(
      "- id: p\n  parallel:\n    l: [ { id: a, call: unsafe } ]\n"
        + "    r: [ { id: b, call: add, with: { name: x }, in-doubt: fail } ]")
    world.reply = { what, _, _ in
      ["POST /unsafe", "POST /add"].contains(what) ? .silence : nil
    }
    world.schedule(
      .probe { _ in }, at: .seconds(1))
    world.schedule(.drop, at: .seconds(2))
    var machine: RunMachine?
    world.schedule(.probe { machine = $0 }, at: .seconds(2))
    world.schedule(.input(.cancel), at: .seconds(3))
    try world.run()
    _ = machine
    let resumed = try #require(
      RunMachine(
        resuming: try PlannedText.plan(
          "session: {username: u, password: p-of-u-1}\nsteps:\n  - id: p\n    parallel:\n"
            + "      l: [ { id: a, call: unsafe } ]\n"
            + "      r: [ { id: b, call: add, with: { name: x }, in-doubt: fail } ]\n"),
        after: world.events,
        as: RunResumption(owner: "test", epoch: 1, seed: 1, version: "test")))
    #expect(
      resumed.doubts.map { "\($0.step) \($0.operation.id)" } == ["p.l/a unsafe", "p.r/b add"])
    #expect(resumed.doubts.map(\.read?.id) == [nil, "items"])
    #expect(resumed.doubts.map(\.needsPerson) == [true, false])
    #expect(resumed.doubts.map(\.hasCommand) == [false, false])
  }

  @Test func `an inquiry reads, and begins nothing else`() throws {
    var world = try Self.world(
      "- { id: a, call: add, with: { name: x } }\n- { id: b, call: harmless }")
    world.reply = { what, count, _ in
      switch what {
      case "POST /add": .failure(.broken, mayHaveBeenSent: true)
      case "GET /items": count == 1 ? .answer(422, "{}") : .ok(#"[{"name":"x","id":"7"}]"#)
      case _: nil
      }
    }
    #expect(try world.run().outcome == .inDoubt)
    let count = world.events.count
    world = try world.reopened(guidedBy: Guidance(isInquiry: true))
    try world.run()
    #expect(world.count("POST /harmless") == 0 && world.count("POST /add") == 1)
    let settled = world.events.dropFirst(count).compactMap { event -> String? in
      guard case .doubtSettled(let path, let verdict) = event.kind else { return nil }
      return "\(path) \(verdict.isDone)"
    }
    #expect(settled == ["a true"])
  }

  @Test func `results of an earlier run are reused, in a group one by one`() throws {
    let steps = """
      - { id: a, call: unsafe }
      - { id: g, steps: [ { id: h, call: unsafe } ] }
      - { id: b, assert: "${{ steps.a.value == 5 && steps.h.value == 6 }}" }
      - { id: c, call: harmless }
      """
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    let plan = try PlannedText.plan(
      "session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)\n")
    var world = try World(
      plan,
      guidedBy: Guidance(reused: [
        StepPath(components: [.step("a")]): StepResult(outcome: .succeeded, value: ["value": 5]),
        StepPath(components: [.step("g")]): StepResult(outcome: .succeeded),
        StepPath(components: [.step("g"), .step("h")]): StepResult(
          outcome: .succeeded, value: ["value": 6]),
      ]))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /unsafe") == 0)
    #expect(world.outcomes == ["g succeeded", "b succeeded", "c succeeded"])
  }
}
