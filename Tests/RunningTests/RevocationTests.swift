import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Testing

@Suite("Revoking tokens at the end")
struct RevocationTests {
  private static let session = "{username: u, password: planted-password, revoke: true}"

  private static func world(_ steps: String, session: String = session) throws -> World {
    try World(try PlannedText.plan("session: \(session)\nsteps:\n\(steps)"))
  }

  private static func changes(_ world: World) -> [SessionChange] {
    world.events.compactMap { event in
      if case .sessionChanged(_, let change) = event.kind { change } else { nil }
    }
  }

  @Test(arguments: [
    (2, Outcome.succeeded, [SessionChange.authenticated, .joined, .closed, .revoked]),
    (3, .failed, [.authenticated, .joined, .closed, .revoked]),
  ])
  func `the token is revoked after the channel was left, however the run ended`(
    _ state: Int, _ outcome: Outcome, _ changes: [SessionChange]
  ) throws {
    var world = try Self.world("  - {id: a, call: command}")
    world.schedule(World.status("c-1", state), at: .seconds(1))
    #expect(try world.run().outcome == outcome)
    #expect(Self.changes(world) == changes)
    #expect(world.requests.last?.path == "/revoke")
    #expect(world.requests.last?.header("X-DPT-AUTHORIZATION") == "token-planted")
    #expect(world.count("POST /revoke") == 1)
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `a cancelled run revokes too`() throws {
    var world = try Self.world("  - {id: a, call: read}\n  - {id: w, wait: 1h}")
    world.schedule(.input(.cancel), at: .seconds(5))
    #expect(try world.run().outcome == .cancelled)
    #expect(Self.changes(world) == [.authenticated, .revoked])
    #expect(world.elapsed < .seconds(6))
  }

  @Test func `a session that was never opened, or does not ask for it, is left alone`() throws {
    var idle = try Self.world("  - {id: w, wait: 1s}")
    #expect(try idle.run().outcome == .succeeded)
    var silent = try Self.world(
      "  - {id: a, call: read}", session: "{username: u, password: p-of-u-1}")
    #expect(try silent.run().outcome == .succeeded)
    #expect(idle.count("POST /revoke") + silent.count("POST /revoke") == 0)
    #expect(Self.changes(idle) == [])
    #expect(Self.changes(silent) == [.authenticated])
  }

  @Test(
    arguments: [
      (.answer(503, #"{"message":"not token-planted"}"#), "HTTP 503: not •••", 1),
      (.answer(401, "{}"), "HTTP 401 without a reason", 1),
      (.failure(.broken, mayHaveBeenSent: true), "cut", 1),
      (.silence, "no answer within 10 s", 11),
    ] as [(World.Reply, String, Int)])
  func `a revocation that fails is reported, and changes nothing`(
    _ reply: World.Reply, _ reason: String, _ seconds: Int
  ) throws {
    var world = try Self.world("  - {id: a, call: read}")
    world.reply = { what, _, _ in what == "POST /revoke" ? reply : nil }
    #expect(try world.run() == RunResult(outcome: .succeeded))
    #expect(Self.changes(world) == [.authenticated, .notRevoked(reason: reason)])
    #expect(world.count("POST /revoke") == 1)
    #expect(world.elapsed < .seconds(seconds))
    #expect(!world.outsideText.contains("planted"))
  }

  @Test(arguments: [
    (1, [SessionChange.revoked]), (20, [.notRevoked(reason: "no answer within 10 s")]),
  ])
  func `a token that is on its way when the run ends is waited for and revoked`(
    _ seconds: Int, _ changes: [SessionChange]
  ) throws {
    var world = try Self.world("  - {id: a, call: read}")
    world.reply = { what, _, _ in
      what == "POST /login" ? .ok(#"{"token":"late"}"#, after: .seconds(seconds)) : nil
    }
    world.schedule(.input(.cancel), at: .milliseconds(500))
    #expect(try world.run().outcome == .cancelled)
    #expect(Self.changes(world) == changes)
    #expect(world.count("POST /revoke") == changes.count { $0 == .revoked })
  }

  @Test func `a token that has ended by itself needs no revocation`() throws {
    var world = try Self.world("  - {id: a, call: read}\n  - {id: w, wait: 1h}")
    world.reply = { what, _, _ in
      what == "POST /login" ? .ok(#"{"token":"t","expiresAt":"1970-01-01T00:30:00Z"}"#) : nil
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.changes(world) == [.authenticated])
    #expect(world.count("POST /revoke") == 0)
  }

  @Test func `each session has a token of its own to revoke`() throws {
    var world = try Self.world(
      """
        - {id: a, call: read}
        - {id: b, call: read, session: {username: v, password: q, revoke: true}}
        - {id: c, call: read, session: {access-token: third, revoke: true}}
        - {id: d, call: read, session: {username: w, password: q}}
      """)
    world.reply = { what, count, _ in
      what == "POST /login" ? .ok(#"{"token":"token-\#(count)"}"#) : nil
    }
    #expect(try world.run().outcome == .succeeded)
    let revoked = world.requests.filter { $0.path == "/revoke" }
    #expect(revoked.map { $0.header("X-DPT-AUTHORIZATION") } == ["token-1", "token-2", "third"])
    #expect(Self.changes(world).count { $0 == .revoked } == 3)
  }
}
