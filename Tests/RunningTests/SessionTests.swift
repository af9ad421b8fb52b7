import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Testing

@Suite("Sessions and sockets")
struct SessionTests {
  private func world(_ steps: String, settings: RunSettings = RunSettings()) throws -> World {
    try World(
      try PlannedText.plan("session: {username: u, password: planted-password}\nsteps:\n\(steps)"),
      settings: settings)
  }

  private func changes(_ world: World) -> [SessionChange] {
    world.events.compactMap { event in
      if case .sessionChanged(_, let change) = event.kind { change } else { nil }
    }
  }

  @Test func `a command leaves only after the join, and the channel is left before the close`()
    throws
  {
    var world = try world("  - {id: a, call: command}")
    world.schedule(World.status("c-1", 2), at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.sentTimes("POST /command") == [.milliseconds(3)])
    #expect(world.texts.map { $0.contains("joinChannel") } == [true, false])
    #expect(world.texts.last?.contains(#""channelId":"c""#) == true)
    #expect(changes(world) == [.authenticated, .joined, .closed])
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `a read needs no socket`() throws {
    var world = try world("  - {id: a, call: read}")
    #expect(try world.run().outcome == .succeeded)
    #expect(world.connections == 0)
  }

  @Test func `a refused token is renewed once, and the request replayed once`() throws {
    var world = try world("  - {id: a, call: unsafe}")
    world.reply = { what, count, _ in
      what == "POST /unsafe" && count == 1 ? .answer(401, "{}") : nil
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /login") == 2)

    var hopeless = try self.world("  - {id: a, call: unsafe}")
    hopeless.reply = { what, _, _ in what == "POST /unsafe" ? .answer(401, "{}") : nil }
    let result = try hopeless.run()
    #expect(result.failure?.kind == .unauthorised)
    #expect(result.outcome == .failed)
    #expect(hopeless.count("POST /login") == 2)
    #expect(hopeless.count("POST /unsafe") == 2)
  }

  @Test func `many calls whose token is refused log in once`() throws {
    var world = try world(
      """
        - {id: all, for-each: "${{ [1, 2, 3, 4] }}", concurrency: 4, steps: [{call: unsafe}]}
      """)
    world.reply = { what, count, _ in
      what == "POST /unsafe" && count <= 4 ? .answer(401, "{}") : nil
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /login") == 2)
  }

  @Test func `a login that is refused says so`() throws {
    var world = try world("  - {id: a, call: unsafe}")
    world.reply = { what, _, _ in
      what == "POST /login" ? .answer(401, #"{"message":"bad planted-password"}"#) : nil
    }
    let result = try world.run()
    #expect(result.failure?.kind == .unauthorised)
    #expect(result.failure?.message == "`u` could not log in: HTTP 401: bad •••")
    #expect(world.count("POST /login") == 1)
  }

  @Test func `a service that cannot be reached is tried three times`() throws {
    var world = try world("  - {id: a, call: unsafe}")
    world.reply = { _, _, _ in .failure(.unreachable, mayHaveBeenSent: false) }
    let result = try world.run()
    #expect(result.failure?.kind == .network)
    #expect(result.outcome == .failed)
    #expect(world.count("POST /login") == 3)
  }

  @Test func `a join that is refused fails the call`() throws {
    var world = try world("  - {id: a, call: command}")
    world.frame = { _, correlation, _ in
      #"{"correlationId":"\#(correlation)","status":403,"data":{"message":"not you"}}"#
    }
    let result = try world.run()
    #expect(result.failure?.kind == .unauthorised)
    #expect(result.failure?.message == "the WebSocket refused the join with status 403: not you")
    #expect(world.count("POST /command") == 0)
  }

  @Test func `a join that is never answered fails the call in ten seconds`() throws {
    var world = try world("  - {id: a, call: command}")
    world.frame = { _, _, _ in nil }
    let result = try world.run()
    #expect(result.failure?.message == "the WebSocket did not answer the join within 10s")
    #expect(world.elapsed < .seconds(11))
    #expect(world.count("POST /command") == 0)
  }

  @Test func `a socket that cannot be opened is tried three times`() throws {
    var world = try world("  - {id: a, call: command}")
    world.connectFailure = { _ in TransportFailure(.unreachable, "no ws", mayHaveBeenSent: false) }
    let result = try world.run()
    #expect(result.failure?.kind == .network)
    #expect(result.failure?.message == "no ws")
    #expect(world.connections == 3)
    #expect(world.count("POST /command") == 0)
  }

  @Test func `a lost socket is opened again, and what waits is polled once`() throws {
    var world = try world(
      """
        - id: both
          parallel: {left: [{id: a, call: command}], right: [{id: b, call: repeatable}]}
      """)
    world.reply = { what, _, _ in
      switch what {
      case "POST /command": .command("c-1")
      case "POST /repeatable": .command("c-2")
      case "GET /status/c-1": .ok(#"["succeeded"]"#)
      case _: nil
      }
    }
    world.connectFailure = { number in
      (2...3).contains(number) ? TransportFailure(.unreachable, "x", mayHaveBeenSent: false) : nil
    }
    world.schedule(.drop, at: .seconds(1))
    world.schedule(World.status("c-2", 2), at: .seconds(4))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.connections == 4)
    #expect(world.count("GET /status/c-1") == 1)
    #expect(world.count("GET /status/c-2") == 1)
    #expect(
      changes(world) == [.authenticated, .joined, .lost(reason: "gone"), .joined, .closed])
  }

  @Test func `a socket that closes while nobody needs it stays closed until somebody does`() throws
  {
    var world = try world(
      """
        - {id: a, call: command}
        - {id: w, wait: 1h}
        - {id: b, call: repeatable}
      """)
    world.reply = { what, _, _ in what == "POST /repeatable" ? .command("c-2") : nil }
    world.schedule(World.status("c-1", 2), at: .seconds(1))
    world.schedule(.drop, at: .seconds(60))
    world.schedule(World.status("c-2", 2), at: .seconds(3602))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.connections == 2)
    #expect(changes(world) == [.authenticated, .joined, .closed, .joined, .closed])
  }

  @Test func `a token refused while the socket was away is renewed before the join`() throws {
    var world = try world(
      """
        - id: both
          parallel:
            left: [{id: a, call: command}]
            right: [{id: w, wait: 1100ms}, {id: b, call: read}]
      """)
    world.reply = { what, count, _ in
      what == "GET /read" && count == 1 ? .answer(401, "{}", after: .milliseconds(1)) : nil
    }
    world.schedule(.drop, at: .seconds(1))
    world.schedule(World.status("c-1", 2), at: .seconds(30))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /login") == 2)
  }

  @Test func `a leave that is never answered holds nothing up`() throws {
    var world = try world("  - {id: a, call: command}")
    world.frame = { action, correlation, count in
      action == "joinChannel" ? World.polite(action, correlation, count) : nil
    }
    world.schedule(World.status("c-1", 2), at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.elapsed == .seconds(2))
  }

  @Test func `steps without a session poll, with longer and longer pauses`() throws {
    var world = try world("  - {id: a, call: anonymous, session: none}")
    world.reply = { what, count, _ in
      what == "GET /status/c-1" && count == 8 ? .ok(#""succeeded""#) : nil
    }
    #expect(try world.run().outcome == .succeeded)
    let times = world.sentTimes("GET /status/c-1")
    let pauses = zip(times.dropFirst(), times).map { $0 - $1 - .milliseconds(1) }
    #expect(
      pauses == [
        .milliseconds(50), .milliseconds(100), .milliseconds(200), .milliseconds(400),
        .milliseconds(800), .seconds(1), .seconds(1),
      ])
    #expect(world.connections == 0)
  }
}
