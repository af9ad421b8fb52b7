import Events
import Expressions
import Operations
import Playbooks
import Running
import Testing

@Suite("Commands and their outcomes")
struct CommandTests {
  private func world(_ steps: String = "  - {id: a, call: command}") throws -> World {
    try World(try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(steps)"))
  }

  private func verdicts(_ world: World) -> [CommandVerdict] {
    world.events.compactMap { event in
      if case .commandSettled(_, let verdict) = event.kind { verdict } else { nil }
    }
  }

  private func pendings(_ world: World) -> Int {
    world.events.count { event in
      if case .commandPending = event.kind { true } else { false }
    }
  }

  @Test func `an ack before the answer counts`() throws {
    var world = try world()
    world.reply = { what, _, _ in
      what == "POST /command" ? .answer(202, #"["c-1"]"#, after: .seconds(1)) : nil
    }
    world.schedule(World.status("c-1", 1), at: .milliseconds(100))
    world.schedule(World.status("c-1", 2), at: .milliseconds(200))
    world.schedule(World.status("c-1", 1), at: .milliseconds(300))
    #expect(try world.run().outcome == .succeeded)
    #expect(verdicts(world).map(\.means) == [.socket])
    #expect(world.elapsed < .seconds(2))
    #expect(world.count("GET /status/c-1") == 0)
  }

  @Test func `doubled acks and repeated pendings are recorded once, late ones are ignored`() throws
  {
    var world = try world("  - {id: a, call: command}\n  - {id: w, wait: 10s}")
    for (state, at) in [(1, 1), (1, 2), (1, 3), (2, 4), (2, 5), (3, 6), (1, 7)] {
      world.schedule(World.status("c-1", state), at: .seconds(at))
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(pendings(world) == 1)
    #expect(verdicts(world).count == 1)
    #expect(world.value(of: "a")?[field: "commandId"] == "c-1")
  }

  @Test func `a lost ack is found by a poll after a quiet while`() throws {
    var world = try world()
    world.reply = { what, _, _ in what == "GET /status/c-1" ? .ok(#""succeeded""#) : nil }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("GET /status/c-1") == 1)
    #expect(verdicts(world).map(\.means) == [.poll])
    #expect(world.elapsed >= .seconds(5) && world.elapsed < .seconds(6))
  }

  @Test func `a command that stays in flight is polled ever more rarely`() throws {
    var world = try world("  - {id: a, call: command, timeout: 200s}")
    let result = try world.run()
    #expect(result.outcome == .inDoubt)
    #expect(result.failure?.kind == .timeout)
    #expect(world.count("GET /status/c-1") <= 9)
    #expect(pendings(world) == 1)
  }

  @Test func `a limit that passed while the machine slept leaves time for one poll`() throws {
    var world = try world("  - {id: a, call: command, timeout: 4s}")
    world.sleep = .seconds(1) ..< .seconds(3600)
    world.reply = { what, _, _ in what == "GET /status/c-1" ? .ok(#""succeeded""#) : nil }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("GET /status/c-1") == 1)
    #expect(verdicts(world).map(\.means) == [.poll])
  }

  @Test func `a command that is still in flight after the machine slept is given up soon`() throws {
    var world = try world("  - {id: a, call: command, timeout: 4s}")
    world.sleep = .seconds(1) ..< .seconds(3600)
    let result = try world.run()
    #expect(result.outcome == .inDoubt)
    #expect(
      result.failure?.message
        == "command c-1 was accepted, but did not end within the step's timeout of 4s")
    #expect(world.count("GET /status/c-1") >= 1)
    #expect(world.elapsed >= .seconds(3610) && world.elapsed < .seconds(3612))
  }

  @Test func `an answer that waited while the machine slept counts`() throws {
    var world = try world("  - {id: a, call: unsafe, timeout: 4s}")
    world.sleep = .seconds(1) ..< .seconds(3600)
    world.reply = { what, _, _ in
      what == "POST /unsafe" ? .answer(200, "{}", after: .seconds(3601)) : nil
    }
    #expect(try world.run().outcome == .succeeded)
  }

  @Test(arguments: [("page", 1), ("json", 0)])
  func `a poll falls back on POST and remembers it`(_ shape: String, _ posts: Int) throws {
    var world = try world(
      "  - {id: a, call: anonymous, session: none}\n  - {id: b, call: anonymous, session: none}")
    world.reply = { what, count, _ in
      switch what {
      case "POST /anonymous": .command("c-\(count)")
      case _ where what.hasPrefix("GET /status"):
        shape == "page" ? .answer(405, "no") : .ok(#""succeeded""#)
      case _ where what.hasPrefix("POST /status"): .ok(#"["succeeded"]"#)
      case _: nil
      }
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("GET /status/c-1") == 1)
    #expect(world.count("POST /status/c-1") == posts)
    #expect(world.count("GET /status/c-2") == 1 - posts)
    #expect(world.count("POST /status/c-2") == posts)
  }

  @Test
  func `a vote that passes on its second attempt is waited for, and asked about ever more rarely`()
    throws
  {
    var world = try world("  - {id: a, call: command, timeout: 10m, retry: {attempts: 3}}")
    for second in [1, 2, 60, 61] { world.schedule(World.status("c-1", 1), at: .seconds(second)) }
    world.schedule(World.status("c-1", 2, body: #""approved""#), at: .seconds(125))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /command") == 1)
    #expect(world.count("POST /login") == 1)
    #expect(pendings(world) == 1)
    #expect(verdicts(world).map(\.means) == [.socket])
    #expect((4...8).contains(world.count("GET /status/c-1")))
  }

  @Test(arguments: [#""voting.rejected""#, #""voting.timed_out""#])
  func `a vote that is lost is reported with its reason, and the command is not sent again`(
    _ reason: String
  ) throws {
    var world = try world(
      "  - {id: a, call: repeatable, timeout: 10m, retry: {attempts: 5, backoff: 10ms}}")
    world.schedule(World.status("c-1", 1), at: .seconds(1))
    world.schedule(World.status("c-1", 3, body: reason), at: .seconds(90))
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .rejected)
    #expect(result.failure?.message == "the command was rejected: \(reason.dropFirst().dropLast())")
    #expect(world.count("POST /repeatable") == 1)
  }

  @Test func `a command the service does not know yet is requested again, then refused`() throws {
    var slow = try world("  - {id: a, call: anonymous, session: none}")
    slow.reply = { what, count, _ in
      guard what == "GET /status/c-1" else { return nil }
      return count < 3 ? .answer(404, #"{"message":"?"}"#) : .ok(#""succeeded""#)
    }
    #expect(try slow.run().outcome == .succeeded)
    var never = try world("  - {id: a, call: anonymous, session: none}")
    never.reply = { what, _, _ in
      what == "GET /status/c-1" ? .answer(404, #"{"message":"?"}"#) : nil
    }
    let result = try never.run()
    #expect(result.failure?.kind == .rejected)
    #expect(never.elapsed > .seconds(5) && never.elapsed < .seconds(8))
  }

  @Test(
    arguments: [
      (#"{"value":"p-1"}"#, 0, "p-1"), (#"["p-1"]"#, 0, nil),
      (#"{"value":"p-1","id":"c-9"}"#, 1, "p-1"),
    ] as [(String, Int, String?)])
  func `the id of what was created takes the place of a command's id`(
    _ body: String, polls: Int, value: String?
  ) throws {
    var world = try world("  - {id: a, call: create, session: none}")
    world.reply = { what, _, _ in
      switch what {
      case "POST /create": .answer(202, body)
      case _ where what.contains("/status/"): .answer(404, #"{"message":"?"}"#)
      case _: nil
      }
    }
    let result = try world.run()
    #expect(result.outcome == (value == nil ? .failed : .succeeded))
    #expect(world.value(of: "a")?[field: "value"] == value.map { .string($0) })
    #expect((world.count("GET /status/c-9") > 0) == (polls > 0))
  }

  @Test func `a 404 is reported although another route answers 405, and both are recorded`() throws
  {
    var world = try world("  - {id: a, call: elsewhere}")
    world.reply = { what, _, _ in
      switch what {
      case "GET /elsewhere": .answer(404, "no such thing")
      case "GET /other-way": .answer(405, "method not allowed")
      case _: nil
      }
    }
    let result = try world.run()
    #expect(result.failure?.status == 404)
    let answered = world.events.compactMap { event in
      if case .requestAnswered(_, let answer) = event.kind { answer.status } else { nil }
    }
    #expect(answered == [404, 405])
  }

  @Test func `a poll whose token is refused logs in again, once`() throws {
    var world = try world("  - {id: a, call: command, timeout: 60s}")
    world.reply = { what, count, _ in
      guard what == "GET /status/c-1" else { return nil }
      return count == 1 ? .answer(401, "{}") : .ok(#""succeeded""#)
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /login") == 2)
  }

  @Test(arguments: ["socket", "poll"])
  func `two calls with one command id both get its end`(means: String) throws {
    var world = try world(
      """
        - parallel:
            one: [{id: a, call: command}]
            two: [{id: b, call: command}]
      """)
    world.reply = { what, _, _ in
      what == "GET /status/c-1" && means == "poll" ? .ok(#""succeeded""#) : nil
    }
    if means == "socket" { world.schedule(World.status("c-1", 2), at: .seconds(1)) }
    #expect(try world.run().outcome == .succeeded)
    #expect(
      world.outcomes == [
        "step-1.one/a succeeded", "step-1.two/b succeeded", "step-1 succeeded",
      ])
    #expect(world.elapsed < .seconds(7))
  }

  @Test func `a plain answer that holds what was asked needs no command`() throws {
    var world = try world()
    world.reply = { what, _, _ in what == "POST /command" ? .ok(#"{"value":7}"#) : nil }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.value(of: "a")?[field: "value"] == 7)
  }

  @Test func `a secret the service echoes is masked`() throws {
    let plan = try PlannedText.plan(
      """
      session: {username: u, password: planted-password}
      inputs: {hidden: {type: secret}}
      steps: [{id: a, call: command, with: {value: "${{ inputs.hidden }}"}}]
      """, inputs: ["hidden": .secret(text: "planted-value")])
    var world = try World(plan)
    world.reply = { what, _, _ in
      what == "POST /command" ? .answer(202, #"{"commandId":"c-1","echo":"planted-value"}"#) : nil
    }
    world.schedule(World.status("c-1", 3, body: #""bad planted-value""#), at: .seconds(1))
    let result = try world.run()
    #expect(result.failure?.message == "the command was rejected: bad •••")
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `a secret does not become part of an address`() throws {
    var world = try world(
      """
        - {id: a, call: harmless}
        - {id: b, call: read, with: {value: "${{ steps.a.value }}"}}
      """)
    world.reply = { what, _, _ in
      what == "POST /harmless" ? .ok(#"{"value":{"password":"planted-value"}}"#) : nil
    }
    let result = try world.run()
    #expect(result.failure?.kind == .invalid)
    #expect(result.failure?.message == "the field `value` would put a secret into an address")
    #expect(world.count("GET /read") == 0)
    #expect(!world.outsideText.contains("planted"))
  }
}
