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

  /// Whether `always` took back what a call did cannot be known, and to do it again could do it twice.
  @Test func `what was done below a group is kept, whatever its always did after that`() throws {
    var world = try Self.world(
      "- { id: g, steps: [ { id: a, call: unsafe }, { id: b, call: harmless } ], "
        + "always: [ { id: z, call: detectable } ] }")
    world.reply = { what, count, _ in
      what == "POST /harmless" && count == 1 ? .answer(422, "{}") : nil
    }
    #expect(try world.run().outcome == .failed)
    #expect(world.count("POST /unsafe") == 1 && world.count("POST /detectable") == 1)
    let first = world.events.count
    world = try world.reopened()
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /unsafe") == 1 && world.count("POST /detectable") == 2)
    #expect(
      Self.finished(world.events.dropFirst(first))
        == ["g/b succeeded", "g/always/z succeeded", "g succeeded"])
    let reused = world.events.dropFirst(first).compactMap { event in
      if case .stepReused(let path, _, _) = event.kind { path.description } else { nil }
    }
    #expect(reused == ["g/a"])
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

  @Test func `an inquiry begins no round, no always and no attempt`() throws {
    var world = try Self.world(
      "- { id: l, for-each: \"${{ [1, 2] }}\", on-failure: continue, steps: [ "
        + "{ id: a, call: add, with: { name: x } } ], always: [ { id: z, call: harmless } ] }")
    world.reply = { what, count, _ in
      switch what {
      case "POST /add": .silence
      case "GET /items": .answer(418, "{}")
      case _: nil
      }
    }
    var events: [RunEvent] = []
    world.schedule(.drop, at: .milliseconds(500))
    world.schedule(.input(.cancel), at: .seconds(1))
    try world.run()
    events = world.events
    world = try world.reopened(guidedBy: Guidance(isInquiry: true))
    try world.run()
    #expect(world.count("POST /add") == 1)
    #expect(
      world.events.dropFirst(events.count).allSatisfy { event in
        if case .stepStarted = event.kind { false } else { true }
      })
  }

  @Test func `a cancellation in the pause of a group's retry goes on with the next attempt`() throws
  {
    var world = try Self.world(
      "- { id: g, retry: { attempts: 2, backoff: 10s, max-backoff: 10s, on: [invalid] }, steps: [ "
        + "{ id: a, call: unsafe }, { id: b, call: harmless } ] }")
    world.reply = { what, count, _ in
      what == "POST /harmless" && count == 1 ? .answer(422, "{}") : nil
    }
    world.schedule(.input(.cancel), at: .seconds(2))
    #expect(try world.run().outcome == .cancelled)
    world = try world.reopened()
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /harmless") == 2 && world.count("POST /unsafe") == 1)
  }

  @Test func `a condition that could not be evaluated is looked at again`() throws {
    var world = try Self.world("- { id: a, when: \"${{ [][0] == 1 }}\", call: unsafe }")
    #expect(try world.run().outcome == .failed)
    world = try world.reopened()
    #expect(try world.run().outcome == .failed)
    #expect(world.count("POST /unsafe") == 0)
  }

  @Test(arguments: [
    ("expect: [ \"${{ answer.value == 5 }}\" ]", World.Reply.ok(#"{"value":1}"#)),
    ("in-doubt: fail", .failure(.broken, mayHaveBeenSent: true)),
    ("expect: [ \"false\" ], always: [{ wait: 1ms }]", .ok(#"{"value":1}"#)),
    ("expect: [ \"false\" ], rescue: [{ assert: \"1 > 2\" }]", .ok(#"{"value":1}"#)),
    ("in-doubt: fail, always: [{ wait: 1ms }]", .failure(.broken, mayHaveBeenSent: true)),
  ])
  func `what may have had its effect is not sent again, however its step ended`(
    _ modifier: String, _ reply: World.Reply
  ) throws {
    var world = try Self.world("- { id: a, call: unsafe, \(modifier) }")
    world.reply = { what, _, _ in what == "POST /unsafe" ? reply : nil }
    #expect(try world.run().outcome == .failed)
    world = try world.reopened()
    #expect(try world.run().outcome == .failed)
    #expect(world.count("POST /unsafe") == 1)
  }

  @Test func `a group's retry does not repeat what may have happened`() throws {
    var world = try Self.world(
      "- { id: g, retry: { attempts: 3, on: [network] }, steps: [ "
        + "{ id: a, call: unsafe, in-doubt: fail } ] }")
    world.reply = { what, _, _ in
      what == "POST /unsafe" ? .failure(.broken, mayHaveBeenSent: true) : nil
    }
    #expect(try world.run().outcome == .failed)
    #expect(world.count("POST /unsafe") == 1)
  }

  @Test func `the rounds of a loop begin again within its concurrency`() throws {
    var world = try Self.world(
      "- { id: l, for-each: \"${{ [1, 2, 3, 4, 5] }}\", on-failure: continue, concurrency: 2, "
        + "steps: [ { id: b, call: harmless } ] }")
    world.reply = { what, count, _ in
      what == "POST /harmless" ? (count <= 4 ? .answer(422, "{}") : .ok(after: .seconds(1))) : nil
    }
    #expect(try world.run().outcome == .failed)
    world = try world.reopened()
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /harmless") == 9)
    #expect(world.peak == 2)
  }
}
