import Machine
import NIOCore
import NIOWebSocket
import Networking
import Operations
import Running
import Testing

@Suite(.timeLimit(.minutes(20))) struct WebSocketTests {
  @Test func `messages come in order, be their frames text or binary`() async throws {
    let script = Script(
      frames: [
        .text("one"), .of(.text, "tw", fin: false), .of(.ping, "now"),
        .of(.continuation, "o", fin: true), .of(.binary, "two and a half"), .text("three"),
        .close(1000),
      ])
    try await Scene.webSocket(playing: script) { transport, seen, _ in
      let socket = try await transport.connect()
      var messages: [String] = []
      for try await message in socket.messages { messages.append(message) }
      #expect(messages == ["one", "two", "two and a half", "three"])
      var frames: [SeenFrame] = []
      for await frame in seen { frames.append(frame) }
      #expect(
        frames == [
          SeenFrame(opcode: .pong, bytes: Array("now".utf8), wasMasked: true),
          SeenFrame(opcode: .connectionClose, bytes: [0x03, 0xE8], wasMasked: true),
        ])
    }
  }

  @Test func `a message goes out masked and a close is a handshake`() async throws {
    try await Scene.webSocket(playing: Script()) { transport, seen, _ in
      let socket = try await transport.connect()
      try socket.send("hellö")
      await socket.close()
      for try await message in socket.messages { Issue.record("unexpected \(message)") }
      var frames: [SeenFrame] = []
      for await frame in seen { frames.append(frame) }
      #expect(
        frames == [
          SeenFrame(opcode: .text, bytes: Array("hellö".utf8), wasMasked: true),
          SeenFrame(opcode: .connectionClose, bytes: [0x03, 0xE8], wasMasked: true),
        ])
    }
  }

  @Test func `a close that nobody answers is bounded`() async throws {
    var options = TransportOptions()
    options.webSocket.closeTimeout = .milliseconds(50)
    try await Scene.webSocket(
      playing: Script(end: .ignores), options: options
    ) { transport, _, origin in
      let socket = try await transport.connect()
      await socket.close()
      for try await message in socket.messages { Issue.record("unexpected \(message)") }
      let seen = await failure { try socket.send("late") }
      #expect(
        seen
          == TransportFailure(
            .broken, "the WebSocket to \(origin) is closed", mayHaveBeenSent: false))
    }
  }

  @Test(arguments: [
    (Script(frames: [.masked("x")]), "sent a masked WebSocket frame"),
    (Script(frames: [.text("12345")]), "sent a WebSocket message that is larger than the limit"),
    (
      Script(frames: [.of(.text, "123", fin: false), .of(.continuation, "45", fin: true)]),
      "sent a WebSocket message that is larger than the limit"
    ),
    (
      Script(frames: [.of(.ping, "", fin: false)]),
      "sent a WebSocket control frame that is fragmented or too long"
    ),
  ])
  func `a server that breaks the protocol is left`(
    script: Script, complaint: String
  ) async throws {
    var options = TransportOptions()
    options.webSocket.messageLimit = 4
    try await Scene.webSocket(playing: script, options: options) { transport, _, origin in
      let socket = try await transport.connect()
      let seen = await failure { for try await _ in socket.messages {} }
      #expect(
        seen
          == TransportFailure(
            .protocolViolation, "\(origin) \(complaint)", mayHaveBeenSent: true))
    }
  }

  @Test func `a dropped connection is a failure after the messages that came`() async throws {
    let script = Script(frames: [.text("last")], end: .drops)
    try await Scene.webSocket(playing: script) { transport, _, origin in
      let socket = try await transport.connect()
      var messages: [String] = []
      try socket.send("now")
      let seen = await failure {
        for try await message in socket.messages { messages.append(message) }
      }
      #expect(messages == ["last"])
      #expect(
        seen
          == TransportFailure(
            .broken, "\(origin) closed the WebSocket without a reason", mayHaveBeenSent: true))
    }
  }

  @Test func `a connection dropped with the upgrade is a failure`() async throws {
    try await Scene.webSocket(playing: Script(end: .dropsAtOnce)) { transport, _, _ in
      let seen = await failure {
        for try await _ in try await transport.connect().messages {}
      }
      #expect(seen?.kind == .broken)
    }
  }

  @Test func `a server that answers no ping is left`() async throws {
    var options = TransportOptions()
    options.webSocket.pingInterval = .milliseconds(20)
    options.webSocket.pongTimeout = .milliseconds(20)
    try await Scene.webSocket(
      playing: Script(end: .ignores), options: options
    ) { transport, _, origin in
      let socket = try await transport.connect()
      let seen = await failure { for try await _ in socket.messages {} }
      #expect(
        seen
          == TransportFailure(
            .broken, "\(origin) does not answer a ping", mayHaveBeenSent: true))
    }
  }

  @Test func `a slow reader gets every message`() async throws {
    var options = TransportOptions()
    options.webSocket.unreadLimit = 64
    let expected = (1...5000).map { "message \($0)" }
    let script = Script(frames: expected.map { .text($0) } + [.close(1000)])
    try await Scene.webSocket(playing: script, options: options) { transport, _, _ in
      let socket = try await transport.connect()
      let (handed, continuation) = AsyncStream.makeStream(of: HandedMessage.self)
      socket.listen(
        MessageReceiver {
          continuation.yield(HandedMessage(text: $0, proceed: $1))
          return false
        } end: { _ in
          continuation.finish()
        })
      var messages: [String] = []
      for await message in handed {
        messages.append(message.text)
        await Task.yield()
        message.proceed()
      }
      #expect(messages == expected)
    }
  }

  @Test(arguments: [
    ("401 Unauthorized", "refused the WebSocket with HTTP 401", "gateway"),
    ("403 Forbidden", "refused the WebSocket with HTTP 403", "gateway"),
    ("404 Not Found", "answers HTTP 404: there is no WebSocket at this address", "--ws-url"),
    ("426 Upgrade Required", "refused the WebSocket with HTTP 426", "`Upgrade` header"),
    ("200 OK", "answers HTTP 200, but does not open a WebSocket", "--ws-url"),
    (
      "307 Temporary Redirect\r\nLocation: wss://elsewhere.example/ws?token=secret",
      "redirects the WebSocket with HTTP 307 to wss://elsewhere.example:443", "--ws-url"
    ),
    (
      "302 Found\r\nLocation: /login", "redirects the WebSocket with HTTP 302 to another path",
      "--ws-url"
    ),
  ])
  func `a refused upgrade reports the status and what to do`(
    head: String, complaint: String, advice: String
  ) async throws {
    let refusal = CannedAnswer.bytes("HTTP/1.1 \(head)\r\nContent-Length: 0\r\n\r\n")
    let hint = try await connecting(to: refusal, complaint, .protocolViolation)
    #expect(hint?.contains(advice) == true)
  }

  @Test func `the request for the upgrade carries the headers that it is given`() async throws {
    let answer = CannedAnswer.bytes("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
    let visits = Visits()
    try await Listener.listen { channel in
      try channel.pipeline.syncOperations.addHandler(CannedServer(answer, visits: visits))
    } body: { port in
      try await Scene.transport(webSocket: "ws://127.0.0.1:\(port)/ws") { transport in
        _ = await failure {
          _ = try await transport.connect(carrying: [HTTPField("traceparent", "00-a-b-01")])
        }
      }
    }
    let head = try #require(visits.requests.first)
    #expect(head.hasPrefix("GET /ws HTTP/1.1\r\n"))
    #expect(head.contains("\r\ntraceparent: 00-a-b-01\r\n"))
  }

  @Test func `a compressed frame that was not negotiated is named`() async throws {
    let frame = WebSocketFrame(
      fin: true, rsv1: true, opcode: .text, data: ByteBuffer(string: "x"))
    try await Scene.webSocket(playing: Script(frames: [frame])) { transport, _, origin in
      let socket = try await transport.connect()
      let seen = await failure { for try await _ in socket.messages {} }
      #expect(
        seen
          == TransportFailure(
            .protocolViolation,
            "\(origin) sent a compressed WebSocket frame (permessage-deflate), which was not "
              + "negotiated", mayHaveBeenSent: true,
            hint: "turn off WebSocket compression in the server, or in the gateway in front of it"))
    }
  }

  @Test func `a close frame's code and reason are reported as they came`() async throws {
    let script = Script(frames: [.close(1013, Array("try\nagain later".utf8))])
    try await Scene.webSocket(playing: script) { transport, _, origin in
      let socket = try await transport.connect()
      let seen = await failure { for try await _ in socket.messages {} }
      #expect(
        seen?.message == "\(origin) closed the WebSocket with code 1013 (try\nagain later)")
    }
  }

  @Test func `a server that proves nothing is refused`() async throws {
    let answer = CannedAnswer.bytes(
      "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Accept: AAAA\r\n\r\n")
    try await connecting(to: answer, "does not speak WebSocket", .protocolViolation)
  }

  @Test func `a server that does not answer the upgrade is left`() async throws {
    try await connecting(
      to: .silence, "did not open the WebSocket within 0.05 seconds", .timedOut)
  }

  @Test func `a server that closes before the upgrade is broken`() async throws {
    try await connecting(
      to: .closing(after: ""), "closed the connection before the WebSocket was open", .broken)
  }

  @Test func `opening a socket can be cancelled`() async throws {
    let visits = Visits()
    try await Listener.listen { channel in
      try channel.pipeline.syncOperations.addHandler(CannedServer(.silence, visits: visits))
    } body: { port in
      let origin = "ws://127.0.0.1:\(port)"
      try await Scene.transport(webSocket: origin) { transport in
        let seen = await withTaskGroup(of: TransportFailure?.self) { group in
          group.addTask { await failure { _ = try await transport.connect() } }
          group.cancelAll()
          return await group.next() ?? nil
        }
        #expect(
          seen
            == TransportFailure(
              .broken, "the exchange with \(origin) was cancelled", mayHaveBeenSent: true))
      }
    }
  }

  @Test func `a port where nobody listens is unreachable`() async throws {
    try await DeafPort.held { port in
      let origin = "ws://127.0.0.1:\(port)"
      let seen = await failure {
        try await Scene.transport(webSocket: origin) { _ = try await $0.connect() }
      }
      #expect(
        seen
          == TransportFailure(
            .unreachable, "\(origin) refused the connection", mayHaveBeenSent: false))
    }
  }

  /// Expects that failure, and returns its hint.
  @discardableResult private func connecting(
    to answer: CannedAnswer, _ complaint: String, _ kind: TransportFailure.Kind
  ) async throws -> String? {
    var options = TransportOptions()
    if kind == .timedOut { options.webSocket.upgradeTimeout = .milliseconds(50) }
    let visits = Visits()
    return try await Listener.listen { channel in
      try channel.pipeline.syncOperations.addHandler(CannedServer(answer, visits: visits))
    } body: { port in
      let origin = "ws://127.0.0.1:\(port)"
      let seen = await failure {
        try await Scene.transport(webSocket: origin + "/secret", options: options) {
          _ = try await $0.connect()
        }
      }
      #expect(
        seen
          == TransportFailure(
            kind, "\(origin) \(complaint)", mayHaveBeenSent: true, hint: seen?.hint))
      // When time runs out first, the server may have seen nothing yet.
      guard kind != .timedOut else { return seen?.hint }
      let head = "GET /secret HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
      #expect(visits.requests.map { $0.hasPrefix(head) } == [true])
      return seen?.hint
    }
  }
}

/// A message after which nothing comes until it is handled.
private struct HandedMessage: Sendable {
  let text: String
  let proceed: @Sendable () -> Void
}
