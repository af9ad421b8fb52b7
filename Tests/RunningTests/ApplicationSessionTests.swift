import Events
import Expressions
import Operations
import Playbooks
import Running
import Testing

@Suite("Sessions of applications")
struct ApplicationSessionTests {
  private static func world(
    _ steps: String, session: String, inputs: ValueMap = [:]
  ) throws -> World {
    var bound: ValueMap = [
      "access": .secret(text: "planted-access-0"), "refresh": .secret(text: "planted-refresh-0"),
      "end": "",
    ]
    for name in inputs.names { bound[name] = inputs[name] }
    return try World(
      try PlannedText.plan(
        """
        inputs: {access: {type: secret}, refresh: {type: secret}, end: {type: string, default: ""}}
        session: {access-token: "${{ inputs.access }}", \(session)}
        steps:
        \(steps)
        outputs: {unused: "${{ inputs.end + string(size(inputs.refresh)) }}"}
        """, inputs: bound))
  }

  private static let renewable =
    #"refresh-token: "${{ inputs.refresh }}", expires-at: "${{ inputs.end }}""#

  /// The n-th refresh gives the n-th pair of tokens.
  private static func refreshed(_ count: Int, at end: String = "") -> World.Reply {
    .ok(
      """
      {"token":"planted-access-\(count)","refreshToken":"planted-refresh-\(count)",\
      "expiresAt":"\(end)"}
      """)
  }

  private static func tokens(_ world: World, _ path: String) -> [String?] {
    world.requests.filter { $0.path == path }.map { $0.header("X-DPT-AUTHORIZATION") }
  }

  @Test func `calls and the join carry the access token, and nobody logs in`() throws {
    var world = try Self.world("  - {id: a, call: command}\n  - {id: b, call: read}", session: "")
    world.schedule(World.status("c-1", 2), at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.tokens(world, "/command") == ["planted-access-0"])
    #expect(Self.tokens(world, "/read") == ["planted-access-0"])
    #expect(world.texts.allSatisfy { $0.contains("planted-access-0") })
    #expect(world.count("POST /login") == 0)
    #expect(!world.outsideText.contains("planted"))
    #expect(world.outsideText.contains(#""username":"application","state":"joined""#))
  }

  @Test func `without a refresh token a refused access token is the end`() throws {
    var world = try Self.world(
      "  - {id: a, call: read}",
      session: #"expires-at: "${{ inputs.end }}""#, inputs: ["end": "1969-01-01T00:00:00Z"])
    world.reply = { what, _, _ in
      what == "GET /read" ? .answer(401, #"{"message":"no planted-access-0"}"#) : nil
    }
    let result = try world.run()
    #expect(result.outcome == .failed)
    #expect(
      result.failure
        == Failure(
          .unauthorised, "the access token of `application` is not accepted (any more)",
          hint: "give the session a newer `access-token`, or a `refresh-token` beside it",
          location: result.failure?.location))
    #expect(world.count("GET /read") == 1)
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `a refused access token is refreshed, and both tokens rotate`() throws {
    var world = try Self.world(
      "  - {id: a, call: read}\n  - {id: b, call: read}", session: Self.renewable)
    world.reply = { what, count, _ in
      switch what {
      case "GET /read" where count != 2: count > 3 ? nil : .answer(401, "{}")
      case "POST /refresh": Self.refreshed(count)
      case _: nil
      }
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(
      Self.tokens(world, "/read")
        == ["planted-access-0", "planted-access-1", "planted-access-1", "planted-access-2"])
    let refreshes = world.requests.filter { $0.path == "/refresh" }
    #expect(
      refreshes.map { $0.header("Authorization") }
        == ["Basic planted-access-0", "Basic planted-access-1"])
    #expect(
      refreshes.map { String(decoding: $0.body, as: UTF8.self) }
        == [#"{"refresh_token":"planted-refresh-0"}"#, #"{"refresh_token":"planted-refresh-1"}"#])
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `a refresh is recorded before it leaves, and the new pair survives a restart`() throws
  {
    var world = try Self.world(
      "  - {id: a, call: read}\n  - {id: w, wait: 10s}\n  - {id: b, call: read}",
      session: Self.renewable)
    world.reply = { what, count, _ in
      switch what {
      case "GET /read" where count == 1: .answer(401, "{}")
      case "POST /refresh": Self.refreshed(count)
      case _: nil
      }
    }
    world.schedule(.restart, at: .seconds(5))
    #expect(try world.run().outcome == .succeeded)
    #expect(
      Self.tokens(world, "/read") == ["planted-access-0", "planted-access-1", "planted-access-1"])
    let changes = world.events.compactMap { event -> String? in
      guard case .sessionChanged(_, let change) = event.kind else { return nil }
      return switch change {
      case .refreshing: "refreshing"
      case .refreshed(let tokens): "refreshed \(tokens.names.joined(separator: " "))"
      case _: nil
      }
    }
    #expect(changes == ["refreshing", "refreshed original accessToken refreshToken"])
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `an access token near its end is refreshed ahead of time`() throws {
    var world = try Self.world(
      "  - {id: a, call: read}\n  - {id: w, wait: 9m1s}\n  - {id: b, call: read}",
      session: Self.renewable, inputs: ["end": "1970-01-01T00:10:00+00:00"])
    world.reply = { what, count, _ in
      what == "POST /refresh" ? Self.refreshed(count, at: "1970-01-01T01:00:00Z") : nil
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.tokens(world, "/read") == ["planted-access-0", "planted-access-1"])
  }

  @Test func `a refresh that is refused says what to give`() throws {
    var world = try Self.world("  - {id: a, call: read}", session: Self.renewable)
    world.reply = { what, _, _ in
      switch what {
      case "GET /read": .answer(401, "{}")
      case "POST /refresh": .answer(401, #"{"message":"planted-refresh-0 was used"}"#)
      case _: nil
      }
    }
    let result = try world.run()
    #expect(
      result.failure?.message
        == "the token of `application` could not be refreshed: HTTP 401: ••• was used")
    #expect(
      result.failure?.hint
        == "a refresh token works once: give the session the newest pair of tokens")
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `an application beside a profile, and a second application, are distinguished`() throws
  {
    var world = try Self.world(
      """
        - {id: a, call: read}
        - {id: b, call: read, session: {username: u, password: planted-password}}
        - {id: c, call: read, session: {access-token: "${{ 'other-' + inputs.access }}"}}
        - {id: d, call: command, session: {access-token: "${{ 'other-' + inputs.access }}"}}
      """, session: "")
    world.schedule(World.status("c-1", 2), at: .seconds(1))
    #expect(try world.run().outcome == .succeeded)
    #expect(
      Self.tokens(world, "/read") == [
        "planted-access-0", "token-planted", "other-planted-access-0",
      ])
    #expect(world.outsideText.contains(#""username":"application 2","state":"joined""#))
    #expect(!world.outsideText.contains("planted"))
  }
}
