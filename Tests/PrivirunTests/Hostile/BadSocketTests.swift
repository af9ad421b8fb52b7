import Running
import Testing

/// What becomes of a run whose WebSocket misbehaves.
@Suite("Bad sockets", .serialized, .timeLimit(.minutes(5)))
struct BadSocketTests {
  private static let approve =
    "  - {id: a, call: device.approve-device, with: {deviceIdentifier: d}}"

  /// Answers to a session whose one command succeeds when it is asked about.
  @Sendable private static func good(_ request: String) -> HostileAnswer {
    switch request {
    case "POST /profile/authenticate": .json(#"{"authorizationToken":"planted-token"}"#)
    case "POST /device/approve-device": .whole(202, #"["c-1"]"#)
    case "GET /request-status/c-1": .json(#""succeeded""#)
    default: .whole(404, "{}")
    }
  }

  @Test(arguments: BadSocket.all)
  func `a command that was accepted is followed to its end all the same`(
    _ bad: BadSocket
  ) async throws {
    let told = try await explanation { message in
      guard message.field("action") == "joinChannel" else { return [.close(1000)] }
      // The second connection behaves well.
      return message.connection == 1 ? [message.joined()] + bad.acts : [message.joined()]
    }
    let expected = try Golden.sections(of: "bad-sockets.expected")
    #expect(told == expected[bad.testDescription])
    #expect(!told.contains("planted"))
  }

  @Test(arguments: BadOpening.joins)
  func `a join that is answered badly is told, and no command leaves`(
    _ bad: BadSocket
  ) async throws {
    let told = try await explanation { message in
      message.field("action") == "joinChannel" ? bad.acts : [.close(1000)]
    }
    let expected = try Golden.sections(of: "bad-sockets.expected")
    #expect(told == expected[bad.testDescription])
    #expect(!told.contains("planted"))
    #expect(told.contains("\n  next "))
  }

  @Test(arguments: BadOpening.upgrades)
  func `an upgrade that is answered badly is told, and no command leaves`(
    _ bad: BadAnswer
  ) async throws {
    try await HostileServer.serving { _ in
      bad.answer
    } body: { proxy in
      let socket = proxy.address.replacing("http:", with: "ws:")
      let told = try await explanation(socket: socket)
      let expected = try Golden.sections(of: "bad-sockets.expected")
      #expect(told == expected[bad.testDescription])
      #expect(!told.contains("planted"))
      #expect(told.contains("\n  next "))
    }
  }

  private func explanation(
    _ script: @escaping @Sendable (ClientMessage) -> [SocketAct]
  ) async throws -> String {
    try await SocketServer.serving(script) { _, socket in
      let told = try await explanation(socket: socket)
      return told
    }
  }

  private func explanation(socket: String) async throws -> String {
    try await HostileServer.serving(Self.good) { server in
      var run = try HostileRun(Self.approve)
      run.settings.quietInterval = .milliseconds(50)
      run.settings.reconnectPause = .milliseconds(1)
      let told = try await run.explanation(api: server.address, webSocket: socket)
      let commands = server.count("POST /device/approve-device")
      return told + "\ncommands sent: \(commands)"
    }
  }
}
