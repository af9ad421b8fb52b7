import Events
import Machine
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Networking
import Playbooks
import Running
import Testing

@Suite("Hostile servers", .timeLimit(.minutes(20)))
struct HostileServerTests {
  private static let login = HostileAnswer.json(#"{"authorizationToken":"planted-token"}"#)
  private static let register =
    "  - {id: a, call: profile.register-new-profile, with: {username: u, password: planted-1}}"
  private static let list = "  - {id: a, call: data-token.list-data-tokens}"
  private static let postRegister = "POST /profile/register-profile"

  @Test(arguments: [
    ("an HTML page", HostileAnswer.whole(200, "<html>Oops</html>", type: "text/html")),
    ("truncated JSON", .json(#"{"authorizationToken":"planted-t"#)),
    ("nothing", .json("")),
    ("another JSON", .json("[]")),
  ])
  func `a login that is not answered with a token is malformed`(
    name: String, answer: HostileAnswer
  ) async throws {
    try await HostileServer.serving { _ in
      answer
    } body: { server in
      let reported = try await HostileRun(Self.list).reported(api: server.address)
      #expect(reported.outcome == .failed)
      #expect(reported.kind == .malformed, "\(reported)")
      #expect(reported.isUnreachable == false)
      #expect(reported.message?.contains("planted") == false)
      #expect(!server.requests.contains { $0.hasPrefix("GET /data-token") })
    }
  }

  @Test func `an HTML error page is reported as what it is`() async throws {
    try await HostileServer.serving { request in
      request == "POST /profile/authenticate"
        ? Self.login : .whole(400, "<html><h1>Bad gateway page</h1></html>", type: "text/html")
    } body: { server in
      let reported = try await HostileRun(Self.list).reported(api: server.address)
      #expect(reported.outcome == .failed)
      #expect(reported.message?.contains("400") == true, "\(reported)")
    }
  }

  @Test func `an answer without end is cut off`() async throws {
    try await HostileServer.serving { request in
      request == "POST /profile/authenticate"
        ? Self.login : .json("\"" + String(repeating: "x", count: 5000) + "\"")
    } body: { server in
      var run = try HostileRun(Self.list)
      run.options.answerLimit = 1000
      #expect(
        try await run.reported(api: server.address)
          == Reported(
            outcome: .failed, kind: .malformed,
            message: "the answer of \(server.address) is larger than 1000 bytes"))
    }
  }

  @Test func `a rejected command is reported with its reason and never sent again`() async throws {
    try await HostileServer.serving { request in
      request == Self.postRegister
        ? .whole(202, #"["c-1"]"#)
        : .json(#"{"command_status":3,"body":{"message":"the name is taken"}}"#)
    } body: { server in
      let retrying =
        "  - {id: a, call: profile.register-new-profile, "
        + "with: {username: u, password: planted-1}, retry: {attempts: 5, backoff: 1ms}}"
      let reported = try await HostileRun(retrying).reported(api: server.address)
      #expect(reported.outcome == .failed)
      #expect(reported.kind == .rejected)
      #expect(reported.message?.contains("the name is taken") == true, "\(reported)")
      #expect(server.requests == [Self.postRegister, "GET /request-status/c-1"])
    }
  }

  @Test func `a command that was accepted and never ends is in doubt`() async throws {
    try await HostileServer.serving { request in
      request == Self.postRegister
        ? .whole(202, #"["c-1"]"#) : .json(#"{"command_status":1}"#)
    } body: { server in
      var run = try HostileRun(Self.register)
      run.hasGoneBy = { server.count("GET /request-status/c-1") > 2 }
      let reported = try await run.reported(api: server.address)
      #expect(reported.outcome == .inDoubt)
      #expect(reported.kind == .timeout)
      #expect(server.count(Self.postRegister) == 1)
    }
  }

  @Test func `a connection that breaks after a command left is in doubt`() async throws {
    try await HostileServer.serving { _ in
      .bytes("HTTP/1.1 202 Acc")
    } body: { server in
      let reported = try await HostileRun(Self.register).reported(api: server.address)
      #expect(
        reported
          == Reported(
            outcome: .inDoubt, kind: .network,
            message: "\(server.address) closed the connection before its answer was whole"))
      #expect(server.count(Self.postRegister) == 1)
    }
  }

  @Test func `a token that is refused twice is renewed once`() async throws {
    try await HostileServer.serving { request in
      request == "POST /profile/authenticate" ? Self.login : .whole(401, "{}")
    } body: { server in
      let reported = try await HostileRun(Self.list).reported(api: server.address)
      #expect(reported.outcome == .failed)
      #expect(reported.kind == .unauthorised)
      #expect(server.count("POST /profile/authenticate") == 2)
      #expect(server.count("GET /data-token/list-data-tokens") == 2)
    }
  }

  @Test func `a service that asks for patience gets it`() async throws {
    try await HostileServer.serving { request in
      request == "POST /profile/authenticate"
        ? Self.login : .whole(429, "{}", headers: "Retry-After: 3600\r\n")
    } body: { server in
      var run = try HostileRun(Self.list)
      run.settings.steps.maximumRetryAfter = .milliseconds(1)
      let reported = try await run.reported(api: server.address)
      #expect(reported.outcome == .failed)
      #expect(reported.kind == .throttled)
      #expect(server.count("GET /data-token/list-data-tokens") == 3)
    }
  }

  @Test func `a redirect is not followed`() async throws {
    try await HostileServer.serving { _ in
      .json("{}")
    } body: { elsewhere in
      let target = "Location: \(elsewhere.address)/x\r\n"
      try await HostileServer.serving { _ in
        .whole(307, "", headers: target)
      } body: { server in
        let reported = try await HostileRun(Self.list).reported(api: server.address)
        #expect(reported.outcome == .failed)
        #expect(elsewhere.requests == [])
        #expect(server.count("POST /profile/authenticate") == 1)
      }
    }
  }

  @Test func `nobody there, and no TLS there, are reported with what to do`() async throws {
    try await DeafPort.held { port in
      let nowhere = "http://127.0.0.1:\(port)"
      let reported = try await HostileRun(Self.list).reported(api: nowhere)
      #expect(
        reported
          == Reported(
            outcome: .failed, kind: .network,
            message: "`u` could not log in: \(nowhere) refused the connection",
            isUnreachable: true))
    }
    try await HostileServer.serving { _ in
      .json("{}")
    } body: { server in
      let address = server.address.replacing("http:", with: "https:")
      let result = try await HostileRun(Self.list).result(api: address)
      #expect(result.failure?.isUnreachable == true)
      #expect(result.failure?.hint?.contains("TLS at this port") == true)
      #expect(result.failure?.message.contains(address) == true)
    }
  }

  @Test func `a WebSocket that never answers the join is reported, and no command leaves`()
    async throws
  {
    let silent = try await HostileServer.bind(Self.upgradeAndSaySilent)
    let webSocket = "ws://127.0.0.1:\(silent.localAddress?.port ?? 0)"
    try await HostileServer.serving { _ in
      Self.login
    } body: { server in
      var run = try HostileRun(
        "  - {id: a, call: device.approve-device, with: {deviceIdentifier: d}}")
      run.settings.sessions.joinTimeout = .milliseconds(100)
      let reported = try await run.reported(api: server.address, webSocket: webSocket)
      #expect(reported.outcome == .failed)
      #expect(reported.kind == .timeout)
      #expect(reported.message?.hasPrefix("the WebSocket did not answer the join within") == true)
      #expect(Set(server.requests) == ["POST /profile/authenticate"])
    }
    try await silent.close()
  }

  @Sendable private static func upgradeAndSaySilent(
    _ channel: any Channel
  ) -> EventLoopFuture<Void> {
    let upgrader = NIOWebSocketServerUpgrader(
      shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
      upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() })
    return channel.pipeline.configureHTTPServerPipeline(
      withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
  }
}
