import Events
import Expressions
import Machine
import Planning
import Playbooks
import Testing

/// Ensured calls whose read is refused, as it is as long as there is no such thing.
@Suite("Absence that a refusal says")
struct RefusedReadTests {
  private static let pin = "{ id: a, call: pin, with: { text: new }, ensure: present }"

  /// A service that has no badge before `pin`, or refuses to show it; `others` answers another read.
  private static func world(
    _ steps: String, refusing status: Int, others: World.Reply, plan: Bool = false
  ) throws -> World {
    let service = ThingService()
    var world = try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(steps)\n"),
      guidedBy: Guidance(planning: plan ? Planning() : nil))
    world.reply = { what, count, body in
      switch what {
      case "POST /pin":
        service.add(Thing(id: "1", name: "badge"))
        return .ok()
      case "GET /badge":
        return service.things.isEmpty ? .answer(status, "{}") : .ok(#"{"text":"new"}"#)
      case "GET /things": return others
      case _: return service.reply(what, count, body)
      }
    }
    return world
  }

  @Test(arguments: [401, 403], [false, true])
  func `nothing is made where another read is not refused`(_ status: Int, _ plan: Bool) throws {
    var world = try Self.world("  - \(Self.pin)", refusing: status, others: .ok("[]"), plan: plan)
    let result = try world.run()
    #expect(world.count("POST /pin") == 0)
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .expectation)
    #expect(
      result.failure?.message.contains(
        "and `things` is not: what is there cannot be read") ?? false,
      "\(result.failure?.message ?? "")")
  }

  @Test(arguments: [401, 403])
  func `it is made where the other read is refused as well`(_ status: Int) throws {
    var world = try Self.world(
      "  - \(Self.pin)", refusing: status, others: .answer(status, "{}"))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /pin") == 1)
    #expect(world.value(of: "a") == ["text": "new"])
  }

  @Test(arguments: [404, 503])
  func `it is not made where the other read fails for another reason`(_ status: Int) throws {
    var world = try Self.world("  - \(Self.pin)", refusing: 403, others: .answer(status, "{}"))
    #expect(try world.run().failure?.status == status)
    #expect(world.count("POST /pin") == 0)
  }

  @Test func `of a profile that the run has made nothing was there before`() throws {
    var world = try Self.world(
      """
        - { id: p, call: sign-up, with: { username: u, password: p-of-u-1 }, session: none }
        - \(Self.pin)
      """, refusing: 403, others: .ok("[]"))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /pin") == 1)
    #expect(world.count("GET /things") == 0)
  }
}
