import Events
import Expressions
import Machine
import Operations
import Planning
import Running
import Testing

/// A run that is over goes on with what did not end well.
@Suite("Runs that go on after their end")
struct ReopeningTests {
  private static func world(_ steps: String) throws -> World {
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    return try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)\n"))
  }

  struct Row: Sendable, CustomTestStringConvertible {
    let name: String
    let steps: String
    /// The request whose first answer is a refusal.
    var refused = "POST /harmless"
    /// How the first run ends.
    var outcome = Outcome.failed
    let again: [String]
    var continued: [String] = []
    /// What the second run finishes, in order.
    let finished: [String]

    var testDescription: String { name }
  }

  private static let rows: [Row] = [
    Row(
      name: "a step after others",
      steps: "- { id: a, call: unsafe }\n- { id: b, call: harmless }\n- { id: c, call: read }",
      again: ["b"], finished: ["b succeeded", "c succeeded"]),
    Row(
      name: "a step in a block",
      steps: "- { id: g, steps: [ { id: a, call: unsafe }, { id: b, call: harmless } ] }",
      again: ["g/b"], finished: ["g/b succeeded", "g succeeded"]),
    Row(
      name: "a step whose own rescue failed, too",
      steps: "- { id: b, call: harmless, rescue: [ { id: r, assert: \"${{ false }}\" } ], "
        + "always: [ { id: z, call: read } ] }",
      again: ["b"], finished: ["b/always/z succeeded", "b succeeded"]),
    Row(
      name: "a group whose always was carried out",
      steps: "- { id: g, steps: [ { id: a, call: unsafe }, { id: b, call: harmless } ], "
        + "always: [ { id: z, call: read } ] }",
      again: ["g"], finished: ["g/b succeeded", "g/always/z succeeded", "g succeeded"]),
    Row(
      name: "a step of an always",
      steps: "- { id: g, steps: [ { id: a, call: unsafe } ], always: [ { id: b, call: harmless }, "
        + "{ id: c, call: read } ] }",
      again: ["g/always/b"],
      finished: ["g/always/b succeeded", "g/always/c succeeded", "g succeeded"]),
    Row(
      name: "a branch, and the one that was stopped for it",
      steps:
        "- { id: p, parallel: { l: [ { id: a, wait: 5s } ], r: [ { id: b, call: harmless } ] } }",
      again: ["p.l/a", "p.r/b"],
      finished: ["p.r/b succeeded", "p.l/a succeeded", "p succeeded"]),
    Row(
      name: "the failed round of a loop that goes on",
      steps: "- { id: l, for-each: \"${{ [1, 2, 3] }}\", on-failure: continue, steps: [ "
        + "{ id: a, call: unsafe }, { id: b, call: harmless } ] }",
      again: ["l[0]/b"], finished: ["l[0]/b succeeded", "l succeeded"]),
    Row(
      name: "a loop that stopped at its first round",
      steps: "- { id: l, for-each: \"${{ [1, 2] }}\", steps: [ { id: b, call: harmless } ] }",
      again: ["l[0]/b"], finished: ["l[0]/b succeeded", "l[1]/b succeeded", "l succeeded"]),
    Row(
      name: "a request in doubt",
      steps: "- { id: b, call: add, with: { name: x }, always: [ { id: z, call: read } ] }",
      refused: "GET /items", outcome: .inDoubt, again: [], continued: ["b"],
      finished: ["b/always/z succeeded", "b succeeded"]),
    Row(
      name: "a request in doubt deep in groups with an always",
      steps: "- { id: g, steps: [ { id: h, steps: [ { id: b, call: add, with: { name: x } } ], "
        + "always: [ { id: z, call: read } ] } ], always: [ { id: y, call: read } ] }",
      refused: "GET /items", outcome: .inDoubt, again: [], continued: ["g/h/b"],
      finished: [
        "g/h/b succeeded", "g/h/always/z succeeded", "g/h succeeded", "g/always/y succeeded",
        "g succeeded",
      ]),
  ]

  private static func reply(_ row: Row) -> (String, Int, String) -> World.Reply? {
    { what, count, _ in
      switch what {
      case row.refused where count == 1: .answer(422, "{}")
      case "POST /add" where count == 1: .failure(.broken, mayHaveBeenSent: true)
      case "GET /items": .ok(#"[{"name":"x","id":"7"}]"#)
      case _: nil
      }
    }
  }

  private static func finished(_ events: some Sequence<RunEvent>) -> [String] {
    events.compactMap { event in
      guard case .stepFinished(let path, let result) = event.kind else { return nil }
      return "\(path) \(result.outcome.rawValue)"
    }
  }

  @Test(arguments: rows)
  func `a run goes on with what did not end well, and does nothing else again`(
    _ row: Row
  ) throws {
    var first = try Self.world(row.steps)
    first.reply = Self.reply(row)
    #expect(try first.run().outcome == row.outcome)
    let unsafe = first.count("POST /unsafe")
    var second = try first.reopened()
    #expect(try second.run().outcome == .succeeded)
    let later = second.events.dropFirst(first.events.count)
    guard case .runResumed(let resumption)? = later.first?.kind,
      let reopening = resumption.reopening
    else {
      Issue.record("the run was not reopened")
      return
    }
    #expect(reopening.again.map(\.description) == row.again)
    #expect(reopening.continued.map(\.description) == row.continued)
    #expect(reopening.pause == .seconds(3600))
    #expect(Self.finished(later) == row.finished)
    #expect(
      second.count("POST /unsafe") == max(unsafe, row.steps.contains("[1, 2, 3]") ? 3 : unsafe))
    #expect(second.count("POST /add") <= 1)
  }

  @Test(arguments: rows)
  func `a reopened run that is interrupted after any event ends as it would have`(
    _ row: Row
  ) throws {
    var first = try Self.world(row.steps)
    first.reply = Self.reply(row)
    try first.run()
    var whole = try first.reopened()
    try whole.run()
    for count in (first.events.count + 1)..<whole.events.count {
      var world = try whole.continued(
        after: Array(whole.events.prefix(count)), downtime: .milliseconds(5))
      #expect(try world.run().outcome == .succeeded, "after \(whole.events[count - 1].kind)")
    }
  }

  @Test func `a run can go on again and again`() throws {
    var world = try Self.world("- { id: b, call: harmless }")
    world.reply = { what, count, _ in
      what == "POST /harmless" && count <= 3 ? .answer(422, "{}") : nil
    }
    #expect(try world.run().outcome == .failed)
    for _ in 1...2 {
      world = try world.reopened()
      #expect(try world.run().outcome == .failed)
    }
    world = try world.reopened()
    #expect(try world.run().outcome == .succeeded)
    let attempts = world.events.compactMap { event -> Int? in
      if case .attemptStarted(_, let attempt) = event.kind { attempt } else { nil }
    }
    #expect(attempts == [2, 3, 4])
  }

  @Test func `another attempt has its retries anew`() throws {
    var world = try Self.world(
      "- { id: b, call: harmless, retry: { attempts: 2, on: [server-error] } }")
    world.reply = { what, count, _ in
      what == "POST /harmless" && count < 4 ? .answer(500, "{}") : nil
    }
    #expect(try world.run().outcome == .failed)
    world = try world.reopened()
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /harmless") == 4)
  }

  @Test func `the steps that were cancelled begin again`() throws {
    var world = try Self.world(
      "- { id: a, call: unsafe }\n- { id: g, steps: [ { id: w, wait: 1m } ], "
        + "always: [ { id: z, call: read } ] }\n- { id: c, call: read }")
    world.schedule(.input(.cancel), at: .seconds(1))
    #expect(try world.run().outcome == .cancelled)
    let first = world.events.count
    world = try world.reopened()
    #expect(try world.run().outcome == .succeeded)
    #expect(
      Self.finished(world.events.dropFirst(first))
        == ["g/w succeeded", "g/always/z succeeded", "g succeeded", "c succeeded"])
    #expect(world.count("POST /unsafe") == 1)
  }

  @Test func `the time that a run was over does not count against its limits`() throws {
    var world = try Self.world(
      "- { id: g, timeout: 60s, steps: [ { id: w, wait: 5s }, { id: b, call: harmless }, "
        + "{ id: v, wait: 50s } ] }")
    world.reply = { what, count, _ in
      what == "POST /harmless" && count == 1 ? .answer(422, "{}") : nil
    }
    #expect(try world.run().outcome == .failed)
    var inTime = try world.reopened(after: .seconds(86_400))
    #expect(try inTime.run().outcome == .succeeded)
    var late = try Self.world(
      "- { id: g, timeout: 52s, steps: [ { id: w, wait: 5s }, { id: b, call: harmless }, "
        + "{ id: v, wait: 50s } ] }")
    late.reply = world.reply
    #expect(try late.run().outcome == .failed)
    late = try late.reopened(after: .seconds(86_400))
    #expect(try late.run().outcome == .failed)
  }

  @Test func `a group whose time was up begins again with all of it`() throws {
    var world = try Self.world(
      "- { id: g, timeout: 10s, steps: [ { id: a, call: unsafe }, { id: b, call: read } ] }")
    world.reply = { what, count, _ in
      what == "GET /read" && count == 1 ? .silence : nil
    }
    #expect(try world.run().outcome == .failed)
    world = try world.reopened()
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /unsafe") == 1)
    #expect(world.events.contains { if case .stepReused = $0.kind { true } else { false } })
  }

  @Test func `a run whose service was not there begins`() throws {
    var world = try Self.world("- { id: a, call: unsafe }")
    world.reply = { what, count, _ in
      what == "POST /login" && count <= 3 ? .failure(.unreachable, mayHaveBeenSent: false) : nil
    }
    #expect(try world.run().failure?.isUnreachable == true)
    world = try world.reopened()
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /unsafe") == 1)
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

  @Test func `results of an earlier run are reused, and groups as a whole`() throws {
    let steps = """
      - { id: a, call: unsafe }
      - { id: g, steps: [ { id: h, call: unsafe } ] }
      - { id: b, assert: "${{ steps.a.value == 5 }}" }
      - { id: c, call: harmless }
      """
    let indented = steps.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
    let plan = try PlannedText.plan(
      "session: {username: u, password: p-of-u-1}\nsteps:\n\(indented)\n")
    var world = try World(
      plan,
      reusing: [
        StepPath(components: [.step("a")]): StepResult(outcome: .succeeded, value: ["value": 5]),
        StepPath(components: [.step("g")]): StepResult(outcome: .succeeded),
      ])
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /unsafe") == 0)
    #expect(world.outcomes == ["b succeeded", "c succeeded"])
  }
}
