import Events
import Expressions
import Machine
import Operations
import Playbooks
import Running
import Testing

@Suite("The life of tokens")
struct TokenTests {
  private static func world(
    _ steps: String, session: String = "{username: u, password: planted-password}",
    settings: RunSettings = RunSettings()
  ) throws -> World {
    try World(try PlannedText.plan("session: \(session)\nsteps:\n\(steps)"), settings: settings)
  }

  /// A login that gives `planted-token-N`, which ends `life` after the N-th login.
  private static func login(_ count: Int, at ends: String, date: String? = nil) -> World.Reply {
    .answer(
      200, #"{"token":"planted-token-\#(count)","expiresAt":"\#(ends)"}"#,
      headers: date.map { [HTTPField("Date", $0)] } ?? [])
  }

  private static func token(_ request: APIRequest) -> String? {
    request.header("X-DPT-AUTHORIZATION")
  }

  /// The tokens that requests to `path` carried, in order.
  private static func tokens(_ world: World, _ path: String) -> [String?] {
    world.requests.filter { $0.path == path }.map(token)
  }

  @Test(
    arguments: [
      // The expiry as it is sent, the answer's Date, the wait, the logins.
      ("1970-01-01T00:10:00Z", nil, "8m58s", 1), ("1970-01-01T00:10:00Z", nil, "9m1s", 2),
      ("1970-01-01T00:10:00+00:00", nil, "9m1s", 2), ("1970-01-01T02:10:00+02:00", nil, "9m1s", 2),
      // A short life is renewed a fifth before its end.
      ("1970-01-01T00:00:50Z", nil, "39s", 1), ("1970-01-01T00:00:50Z", nil, "41s", 2),
      // By the service's clock it is five minutes from now, whatever the one here says.
      ("2026-05-01T12:05:00Z", "Fri, 01 May 2026 12:00:00 GMT", "3m58s", 1),
      ("2026-05-01T12:05:00Z", "Fri, 01 May 2026 12:00:00 GMT", "4m1s", 2),
      // What is not known is not guessed.
      ("soon", nil, "9h", 1), ("", nil, "9h", 1), ("1969-12-31T23:59:59Z", nil, "9h", 1),
      ("2026-05-01T11:00:00Z", "Fri, 01 May 2026 12:00:00 GMT", "9h", 1),
    ] as [(String, String?, String, Int)])
  func `a token near its end is renewed before the next request`(
    _ ends: String, _ date: String?, _ pause: String, _ logins: Int
  ) throws {
    var world = try Self.world(
      "  - {id: a, call: read}\n  - {id: w, wait: \(pause)}\n  - {id: b, call: read}")
    world.reply = { what, count, _ in
      what == "POST /login" ? Self.login(count, at: ends, date: date) : nil
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /login") == logins)
    #expect(Self.tokens(world, "/read") == ["planted-token-1", "planted-token-\(logins)"])
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `calls that need the same renewal share it`() throws {
    var world = try Self.world(
      """
        - {id: a, call: read}
        - {id: w, wait: 50s}
        - {id: all, for-each: "${{ [1, 2, 3, 4] }}", concurrency: 4, steps: [{call: command}]}
      """)
    world.reply = { what, count, _ in
      switch what {
      case "POST /login": count == 1 ? Self.login(count, at: "1970-01-01T00:01:00Z") : nil
      case "POST /command": .ok(#"{"value":1}"#)
      case _: nil
      }
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /login") == 2)
    #expect(world.connections == 1)
    #expect(world.texts.first?.contains("token-planted") == true)
  }

  @Test func `a vote of hours is polled with fresh tokens`() throws {
    var world = try Self.world("  - {id: a, call: command, timeout: 4h}")
    world.reply = { what, count, _ in
      guard what == "POST /login" else { return nil }
      return Self.login(count, at: "1970-01-01T0\(count):00:00Z")
    }
    world.schedule(World.status("c-1", 2), at: .seconds(10_700))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /login") == 3)
    #expect(world.connections == 1)
    let polls = zip(world.sent, world.requests).filter { $0.0.what == "GET /status/c-1" }
    #expect(polls.count > 150)
    for (sent, request) in polls {
      let hour = Int((sent.at + .seconds(60)) / .seconds(3600)) + 1
      #expect(Self.token(request) == "planted-token-\(hour)", "at \(sent.at)")
    }
  }

  @Test func `a renewal that fails leaves the old token in use to its end`() throws {
    var world = try Self.world(
      """
        - {id: a, call: read}
        - {id: w, wait: 95s}
        - {id: b, call: read}
        - {id: c, call: read}
        - {id: x, wait: 30s}
        - {id: d, call: read}
      """)
    world.reply = { what, count, _ in
      guard what == "POST /login" else { return nil }
      return count == 1
        ? Self.login(1, at: "1970-01-01T00:01:40Z") : .answer(401, #"{"message":"changed"}"#)
    }
    let result = try world.run()
    #expect(result.failedStep?.description == "d")
    #expect(result.failure?.message == "`u` could not log in: HTTP 401: changed")
    #expect(Self.tokens(world, "/read") == Array(repeating: "planted-token-1", count: 3))
    #expect(world.count("POST /login") == 3)
  }

  @Test func `a token that lives for no time at all does not keep a run busy`() throws {
    var world = try Self.world("  - {id: a, call: command}\n  - {id: b, call: read}")
    world.reply = { what, count, _ in
      switch what {
      case "POST /login": Self.login(count, at: "1970-01-01T00:00:00.001000001Z")
      case "POST /command": .ok(#"{"value":1}"#)
      case _: nil
      }
    }
    #expect(try world.run(limit: 200).outcome == .succeeded)
    #expect(world.count("POST /login") <= 4)
  }

  @Test func `a step that gives the token a new life gives it to the session`() throws {
    var world = try Self.world(
      """
        - {id: p, call: prolong}
        - {id: w, wait: 30m}
        - {id: b, call: read}
      """)
    world.reply = { what, count, _ in
      switch what {
      case "POST /login": Self.login(count, at: "1970-01-01T00:10:00Z")
      case "POST /prolong":
        .ok(#"{"token":"planted-longer","expiresAt":"1970-01-01T01:00:00Z"}"#)
      case _: nil
      }
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /login") == 1)
    #expect(Self.tokens(world, "/read") == ["planted-longer"])
    #expect(!world.outsideText.contains("planted"))
  }

  @Test func `after a step that revokes the token the session logs in again`() throws {
    var world = try Self.world("  - {id: r, call: revoke}\n  - {id: b, call: read}")
    world.reply = { what, count, _ in
      what == "POST /login" ? Self.login(count, at: "1970-01-01T00:10:00Z") : nil
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(Self.tokens(world, "/read") == ["planted-token-2"])
  }
}

/// Tokens that are refused.
extension TokenTests {
  @Test func `a token refused by many calls at once is renewed once`() throws {
    var world = try Self.world(
      """
        - {id: a, call: read}
        - {id: all, for-each: "${{ [1, 2, 3, 4] }}", concurrency: 4, steps: [{call: unsafe}]}
      """)
    // The refusals of the old token come late, some of them after the new one is there.
    world.reply = { what, count, _ in
      switch what {
      case "POST /login": Self.login(count, at: "")
      case "POST /unsafe" where count <= 4:
        .answer(401, "{}", after: .milliseconds([1, 2, 50, 90][count - 1]))
      case _: nil
      }
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /login") == 2)
    #expect(
      Self.tokens(world, "/unsafe")
        == Array(repeating: "planted-token-1", count: 4)
        + Array(repeating: "planted-token-2", count: 4))
  }

  @Test func `a service that refuses every token is asked twice by each attempt`() throws {
    var world = try Self.world(
      "  - {id: a, call: harmless, retry: {attempts: 5, backoff: 10ms, on: [unauthorised]}}")
    world.reply = { what, _, _ in what == "POST /harmless" ? .answer(401, "{}") : nil }
    #expect(try world.run().failure?.kind == .unauthorised)
    #expect(world.count("POST /harmless") == 10)
    #expect(world.count("POST /login") == 6)
  }

  @Test func `a join whose token is refused is tried once more with another`() throws {
    var world = try Self.world("  - {id: a, call: command}")
    world.reply = { what, count, _ in
      switch what {
      case "POST /login": Self.login(count, at: "")
      case "POST /command": .ok(#"{"value":1}"#)
      case _: nil
      }
    }
    world.frame = { action, correlation, count in
      count == 1 ? Self.refusal(correlation) : World.polite(action, correlation, count)
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /login") == 2)
    #expect(world.connections == 2)
    #expect(world.texts.map { $0.contains("planted-token-2") } == [false, true, true])

    var hopeless = try Self.world("  - {id: a, call: command}")
    hopeless.reply = world.reply
    hopeless.frame = { _, correlation, _ in Self.refusal(correlation) }
    let result = try hopeless.run()
    #expect(result.failure?.kind == .unauthorised)
    #expect(
      result.failure?.message
        == "the WebSocket refused the join with status 401: invalid token •••")
    #expect(hopeless.count("POST /login") == 2)
    #expect(hopeless.count("POST /command") == 0)
    #expect(!hopeless.outsideText.contains("planted"))
  }

  private static func refusal(_ correlation: String) -> String {
    #"{"correlationId":"\#(correlation)","status":401,"data":{"message":"invalid token planted-token-1"}}"#
  }

  @Test func `polls outlive any number of ends of tokens`() throws {
    var world = try Self.world("  - {id: a, call: command, timeout: 4h}")
    // Nobody says when tokens end; each is refused after an hour.
    world.reply = { what, count, _ in
      what == "POST /login" ? Self.login(count, at: "") : nil
    }
    let usual = world.reply
    world.reply = { what, count, body in
      guard what == "GET /status/c-1" else { return usual(what, count, body) }
      return count.isMultiple(of: 50) ? .answer(401, "{}") : nil
    }
    world.schedule(World.status("c-1", 2), at: .seconds(10_000))
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /login") == 1 + world.count("GET /status/c-1") / 50)
    #expect(world.count("POST /login") > 3)
  }

  @Test(arguments: [(401, 2), (403, 1)])
  func `polls that are refused with any token go on without`(_ status: Int, _ logins: Int) throws {
    var world = try Self.world("  - {id: a, call: command}")
    world.reply = { what, count, _ in
      guard what == "GET /status/c-1" else { return nil }
      return count <= logins ? .answer(status, "{}") : .ok(#""succeeded""#)
    }
    #expect(try world.run().outcome == .succeeded)
    #expect(world.count("POST /login") == logins)
    #expect(Self.tokens(world, "/status/c-1").last == .some(nil))
    #expect(world.elapsed < .seconds(30))
  }

  @Test func `a key that is not registered is reported, and no new token is tried`() throws {
    var world = try Self.world("  - {id: a, call: read}")
    world.reply = { what, _, _ in
      what == "GET /read" ? .answer(403, #"{"message":"public key not registered"}"#) : nil
    }
    let result = try world.run()
    #expect(result.failure?.kind == .invalid)
    #expect(result.failure?.message == "HTTP 403: public key not registered")
    #expect(world.count("POST /login") == 1)
    #expect(world.count("GET /read") == 1)
  }
}
