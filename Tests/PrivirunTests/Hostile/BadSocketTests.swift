import Machine
import Running
import Synchronization
import Testing

/// How a run ends whose WebSocket misbehaves.
@Suite("Bad sockets", .serialized, .timeLimit(.minutes(20)))
struct BadSocketTests {
  private static let approve =
    "  - {id: a, call: device.approve-device, with: {deviceIdentifier: d}}"

  /// A token, and a command that was accepted.
  @Sendable private static func good(_ request: String) -> HostileAnswer {
    switch request {
    case "POST /profile/authenticate": .json(#"{"authorizationToken":"planted-token"}"#)
    case "POST /device/approve-device": .whole(202, #"["c-1"]"#)
    default: .whole(404, "{}")
    }
  }

  @Test(arguments: BadSocket.all)
  func `a command that was accepted is followed to its end all the same`(
    _ bad: BadSocket
  ) async throws {
    try await SocketServer.serving { message in
      message.field("action") == "joinChannel" ? [message.joined()] : [.close(1000)]
    } body: { sockets, socket in
      let polls = Mutex(0)
      let reported = try await explanation(socket: socket) { request in
        guard request == "GET /request-status/c-1" else { return Self.good(request) }
        // The first poll brings the mischief; the command ends once the client is over it.
        let isFirst = polls.withLock { count in
          count += 1
          return count == 1
        }
        if isFirst { sockets.push(bad.acts) }
        let isOver = !isFirst && (sockets.connections > 1 || !bad.endsConnection)
        return .json(isOver ? #""succeeded""# : #""started""#)
      }
      let expected = try Golden.sections(of: "bad-sockets.expected")
      #expect(reported == expected[bad.testDescription])
      #expect(!reported.contains("planted"))
    }
  }

  @Test(arguments: BadOpening.joins)
  func `a join that is answered badly is reported, and no command leaves`(
    _ bad: BadSocket
  ) async throws {
    let reported = try await explanation { message in
      message.field("action") == "joinChannel" ? bad.acts : [.close(1000)]
    }
    let expected = try Golden.sections(of: "bad-sockets.expected")
    #expect(reported == expected[bad.testDescription])
    #expect(!reported.contains("planted"))
    #expect(reported.contains("\n  next "))
  }

  @Test(arguments: BadOpening.upgrades)
  func `an upgrade that is answered badly is reported, and no command leaves`(
    _ bad: BadAnswer
  ) async throws {
    try await HostileServer.serving { _ in
      bad.answer
    } body: { proxy in
      let socket = proxy.address.replacing("http:", with: "ws:")
      let reported = try await explanation(socket: socket, answering: Self.good)
      let expected = try Golden.sections(of: "bad-sockets.expected")
      #expect(reported == expected[bad.testDescription])
      #expect(!reported.contains("planted"))
      #expect(reported.contains("\n  next "))
    }
  }

  private func explanation(
    _ script: @escaping @Sendable (ClientMessage) -> [SocketAct]
  ) async throws -> String {
    try await SocketServer.serving(script) { _, socket in
      try await explanation(socket: socket, answering: Self.good)
    }
  }

  private func explanation(
    socket: String, answering answer: @escaping @Sendable (String) -> HostileAnswer
  ) async throws -> String {
    try await HostileServer.serving(answer) { server in
      var run = try HostileRun(Self.approve)
      run.settings.polls.quietInterval = .milliseconds(20)
      run.settings.polls.rareInterval = .milliseconds(20)
      run.settings.polls.longestWaitInterval = .milliseconds(20)
      run.settings.sockets.reconnectPause = .milliseconds(1)
      let reported = try await run.explanation(api: server.address, webSocket: socket)
      return reported + "\ncommands sent: \(server.count("POST /device/approve-device"))"
    }
  }
}
