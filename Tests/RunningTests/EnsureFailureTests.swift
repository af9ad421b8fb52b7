import Events
import Expressions
import Machine
import Planning
import Playbooks
import Testing

/// Ensured calls whose reads fail, or that are stopped on the way.
@Suite("Ensured calls that fail")
struct EnsureFailureTests {
  private static let build =
    "  - { id: a, call: build, with: { name: x, size: 1 }, ensure: present, timeout: 20s }"

  private static func world(_ service: ThingService) throws -> World {
    var world = try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n\(build)\n"))
    world.reply = service.reply
    return world
  }

  @Test(arguments: [1...1, 1...2, 2...2, 2...4])
  func `reads that fail are made again, before a request and after it`(
    _ reads: ClosedRange<Int>
  ) throws {
    let service = ThingService()
    service.failsReads = reads
    var world = try Self.world(service)
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /build") == 1)
  }

  @Test func `what cannot be read is not made`() throws {
    let service = ThingService()
    service.failsReads = 1...100
    var world = try Self.world(service)
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .serverError)
    #expect(world.count("POST /build") == 0)
  }

  @Test func `a record without a name is no proof of absence`() throws {
    var world = try Self.world(ThingService())
    world.reply = { what, _, _ in what == "GET /things" ? .ok(#"[{"id":"7"}]"#) : nil }
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .malformed)
    #expect(world.count("POST /build") == 0)
  }

  @Test func `a refused request whose effect cannot be read stays refused`() throws {
    let service = ThingService()
    service.refuses = ["build"]
    service.failsReads = 2...100
    var world = try Self.world(service)
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(result.failure?.kind == .invalid)
  }

  @Test func `what is accepted and cannot be read any more is a failure that says so`() throws {
    let service = ThingService()
    service.failsReads = 2...1000
    var world = try Self.world(service)
    let result = try world.run()
    #expect(result.failure?.kind == .timeout)
    #expect(result.failure?.message.contains("does not show it within 30s: ") ?? false)
    #expect(world.count("POST /build") == 1)
  }

  @Test func `a login that fails while it is read what was done does not end the step`() throws {
    let service = ThingService()
    var world = try Self.world(service)
    world.reply = { what, count, body in
      switch (what, count) {
      // The token is refused, and the service is away when another one is asked for.
      case ("GET /things", 2): .answer(401, "{}")
      case ("POST /login", 2...3): .answer(503, "{}")
      case _: service.reply(what, count, body)
      }
    }
    let result = try world.run()
    #expect(result.outcome == .succeeded)
    #expect(result.changes[.create] == 1)
    #expect(world.count("POST /build") == 1)
    #expect(world.count("POST /login") == 4)
  }

  @Test(arguments: [1, 6, 11, 16, 21, 26, 40])
  func `wherever it is cancelled, at most one is made, and a later run finds it`(
    _ milliseconds: Int
  ) throws {
    let service = ThingService(lag: 3)
    var world = try Self.world(service)
    world.schedule(.input(.cancel), at: .milliseconds(milliseconds))
    let outcome = try world.run().outcome
    #expect([.cancelled, .succeeded].contains(outcome))
    var again = try Self.world(service)
    #expect(try again.run().outcome == .succeeded)
    #expect(service.things.count <= 2)
  }

  /// A world in which the first two commands of an operation are rejected, and what they ask for is so
  /// after `others` attempts.
  private static func rejecting(_ step: String, _ service: ThingService) throws -> World {
    var world = try World(
      try PlannedText.plan("session: {username: u, password: p-of-u-1}\nsteps:\n  \(step)\n"))
    world.reply = { what, count, body in
      switch what {
      case "POST /admit", "POST /enlist":
        if count == 3 { service.add(Thing(id: "9", name: "x", state: "on")) }
        return .command("c-\(count)")
      case _ where what.hasPrefix("GET /status/c-"):
        return .ok(what == "GET /status/c-3" ? #"["succeeded"]"# : #"["rejected"]"#)
      case _: return service.reply(what, count, body)
      }
    }
    return world
  }

  @Test(arguments: [
    ("admit", "id: '9'", [Thing(id: "9", name: "x", state: "off")]), ("enlist", "name: x", []),
  ])
  func `what was rejected is asked for again where the author wants it, after another read`(
    _ operation: String, _ field: String, _ things: [Thing]
  ) throws {
    let step = "- { id: a, call: \(operation), with: { \(field) }, ensure: present"
    let retry = "retry: { attempts: 5, backoff: 1s, on: [rejected] } }"
    var world = try Self.rejecting("\(step), match: newest, \(retry)", ThingService(things))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /\(operation)") == 3)
    #expect(world.count("GET /things") >= 4)
    var other = try Self.rejecting("\(step), retry: { attempts: 5 } }", ThingService(things))
    #expect(try other.run().failure?.kind == .rejected)
    #expect(other.count("POST /\(operation)") == 1)
  }

  @Test func `what somebody else did meanwhile is not asked for again`() throws {
    let service = ThingService()
    var world = try Self.rejecting(
      """
      - { id: a, call: enlist, with: { name: x }, ensure: present,
          retry: { attempts: 5, backoff: 20s, on: [rejected] } }
      """, service)
    world.schedule(.probe { _ in service.add(Thing(id: "7", name: "x")) }, at: .seconds(8))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /enlist") == 1)
    #expect(world.value(of: "a") == ["id": "7"])
  }

  @Test func `a read that never ends takes the time of the attempt`() throws {
    var world = try Self.world(ThingService())
    world.reply = { what, _, _ in what == "GET /things" ? .silence : nil }
    let result = try world.run()
    #expect(result.failure?.kind == .timeout)
    #expect(world.elapsed >= .seconds(20))
  }

  @Test func `a request that never ends is looked up`() throws {
    let service = ThingService()
    var world = try Self.world(service)
    world.reply = { what, count, body in
      let reply = service.reply(what, count, body)
      return what == "POST /build" ? .silence : reply
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /build") == 1)
    #expect(service.things.count == 1)
  }
}
