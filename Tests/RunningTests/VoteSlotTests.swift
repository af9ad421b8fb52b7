import Events
import Expressions
import Machine
import Operations
import Running
import Testing

/// Steps whose command may be voted on, in a rollout that limits how many votes are open.
@Suite("Places among the open votes") struct VoteSlotTests {
  private static let path = StepPath(components: [.step("b")])

  private static func world(
    _ steps: String, asksForVoteSlots: Bool = true, grantingAt grant: Duration? = nil
  ) throws -> World {
    var settings = RunSettings()
    settings.asksForVoteSlots = asksForVoteSlots
    let plan = try PlannedText.plan(
      "session: {username: u, password: p-of-u-1}\nsteps:\n\(steps)\n")
    var world = try World(plan, settings: settings)
    if let grant {
      world.voteSlot = { .voteSlotAwaited($0) }
      world.schedule(.input(.voteSlotGranted(path)), at: grant)
    }
    return world
  }

  private static let isPending: @Sendable (String, Int, String) -> World.Reply? = { what, _, _ in
    switch what {
    case "POST /ballot": .command("c-1")
    case _ where what.hasPrefix("GET /status"): .ok("[\"started\"]")
    case _: nil
    }
  }

  private static func isSettled(after polls: Int) -> (String, Int, String) -> World.Reply? {
    { what, count, _ in
      switch what {
      case "POST /ballot", "POST /elect": .command("c-1")
      case _ where what.hasPrefix("GET /status"):
        .ok(count > polls ? "[\"succeeded\"]" : "[\"started\"]")
      case _: nil
      }
    }
  }

  @Test func `a step waits as long as it takes, and its own time begins after that`() throws {
    var world = try Self.world("  - { id: b, call: ballot }", grantingAt: .seconds(3600))
    world.reply = Self.isSettled(after: 1)
    #expect(try world.run().outcome == .succeeded)
    #expect(world.sentTimes("POST /ballot") == [.seconds(3600)])
    #expect(
      world.events.contains { $0.kind == .stepWaiting(Self.path, .voteSlot) })
    #expect(world.votes == ["+b", "-b"])
  }

  @Test func `a step that has its place at once says nothing of it`() throws {
    var world = try Self.world("  - { id: b, call: ballot }")
    world.reply = Self.isSettled(after: 1)
    #expect(try world.run().outcome == .succeeded)
    #expect(!world.events.contains { $0.kind == .stepWaiting(Self.path, .voteSlot) })
    #expect(world.votes == ["+b", "-b"])
  }

  @Test func `other runs, and commands without a vote, ask for no place`() throws {
    var world = try Self.world("  - { id: b, call: ballot }", asksForVoteSlots: false)
    world.reply = Self.isSettled(after: 1)
    _ = try world.run()
    #expect(world.votes == [])
    var other = try Self.world("  - { id: b, call: anonymous }")
    other.reply = { what, _, _ in what.hasPrefix("GET /status") ? .ok("[\"succeeded\"]") : nil }
    #expect(try other.run().outcome == .succeeded)
    #expect(other.votes == [])
  }

  @Test func `a timeout that the author set runs on, and nothing was sent`() throws {
    var world = try Self.world(
      "  - { id: b, call: ballot, timeout: 5s }", grantingAt: .seconds(60))
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(
      result.failure?.message
        == "as many votes were open as the rollout allows, within the step's timeout of 5s")
    #expect(world.count("POST /ballot") == 0)
    #expect(world.votes == ["+b", "-b"])
  }

  @Test func `a run that is stopped while it waits gives up its place`() throws {
    var world = try Self.world("  - { id: b, call: ballot }", grantingAt: .seconds(60))
    world.schedule(.input(.cancel), at: .seconds(2))
    #expect(try world.run().outcome == .cancelled)
    #expect(world.votes == ["+b", "-b"])
    #expect(world.elapsed == .seconds(2))
  }

  @Test func `a place is given back with the event that settles the command`() throws {
    var world = try Self.world("  - { id: b, call: ballot }\n  - { id: w, wait: 1h }")
    world.reply = Self.isSettled(after: 0)
    world.schedule(.input(.cancel), at: .seconds(60))
    #expect(try world.run().outcome == .cancelled)
    #expect(world.votes == ["+b", "-b"])
  }

  @Test(arguments: [400, 403, 429, 503])
  func `a request that is refused opens no vote`(_ status: Int) throws {
    var world = try Self.world("  - { id: b, call: ballot, retry: { attempts: 1 } }")
    world.reply = { what, _, _ in
      what == "POST /ballot"
        ? .answer(status, "{}", headers: [HTTPField("Retry-After", "1")]) : nil
    }
    #expect(try world.run().outcome == .failed)
    #expect(world.votes == ["+b", "-b"])
  }

  @Test func `a step that ends while the vote is open leaves its place taken`() throws {
    var world = try Self.world("  - { id: b, call: ballot, timeout: 10s }")
    world.reply = Self.isPending
    #expect(try world.run().outcome == .inDoubt)
    #expect(world.votes == ["+b"])
  }

  @Test func `a continued run has its place from the start, and asks for none`() throws {
    var world = try Self.world("  - { id: b, call: ballot }")
    world.reply = Self.isSettled(after: 12)
    world.schedule(.restart, at: .seconds(2))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.votes == ["+b", "-b"])
    #expect(world.count("POST /ballot") == 1)
  }

  @Test func `a run that was left in doubt has its place when it goes on, and gives it back`()
    throws
  {
    var world = try Self.world("  - { id: b, call: ballot }")
    world.reply = Self.isPending
    #expect(try world.run().outcome == .inDoubt)
    let resumption = RunResumption(owner: "o", epoch: 1, seed: 1, version: "t")
    let plan = try PlannedText.plan(
      "session: {username: u, password: p-of-u-1}\nsteps:\n  - { id: b, call: ballot }\n")
    let machine = try #require(
      RunMachine(resuming: plan, after: world.events, as: resumption))
    #expect(machine.openVotes == [Self.path])
    var reopened = try world.reopened()
    reopened.reply = Self.isSettled(after: 0)
    #expect(try reopened.run().outcome == .succeeded)
    #expect(reopened.votes == ["+b", "-b"])
  }

  @Test func `an ensured call reads again after a wait, and sends nothing that is done meanwhile`()
    throws
  {
    var world = try Self.world(
      "  - { id: b, call: elect, with: { name: n }, ensure: present }",
      grantingAt: .seconds(600))
    world.reply = { what, count, _ in
      guard what.hasPrefix("GET /things") else { return nil }
      return .ok(count > 1 ? #"[{"name":"n","id":"1"}]"# : "[]")
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /elect") == 0)
    #expect(world.votes == ["+b", "-b"])
  }
}
