import Expressions
import NIOCore
import NIOWebSocket
import Operations
import Sandbox
import Testing

struct SocketTests {
  private func withSocket(
    _ body: (WireSocket) async throws -> Void
  ) async throws {
    var configuration = SandboxConfiguration(seed: 7)
    configuration.vault.limits.messageLength = 1000
    try await SandboxServer.withServer(configuration) { addresses in
      try await body(try await WireSocket.open(addresses.webSocket))
    }
  }

  /// A join that is answered with 401 and this id.
  private func join(_ correlation: String) -> String {
    #"{"action":"joinChannel","authorizationToken":"none","correlationId":"\#(correlation)"}"#
  }

  @Test func `a ping is answered with its own data`() async throws {
    try await withSocket { socket in
      try await socket.write(.ping, Array("abc".utf8))
      let frame = try await socket.next()
      #expect(frame == WireFrame(opcode: .pong, data: Array("abc".utf8)))
    }
  }

  @Test func `a message in fragments, with a ping between, is put together`() async throws {
    try await withSocket { socket in
      let bytes = Array(join("c1").utf8)
      try await socket.write(.text, Array(bytes[..<10]), isFinal: false)
      try await socket.write(.ping, [])
      try await socket.write(.continuation, Array(bytes[10...]))
      #expect(try await socket.next().opcode == .pong)
      let answer = try await socket.next()
      #expect(answer.value[field: "correlationId"] == "c1")
      #expect(answer.value[field: "status"] == 401)
    }
  }

  @Test(arguments: [
    (WebSocketOpcode.binary, "", true, 1003), (.text, "\u{FF}", true, 1007),
    (.text, "long", true, 1009), (.continuation, " ", true, 1002), (.text, " ", false, 1002),
  ])
  func `a frame that breaks the protocol closes the socket with its code`(
    opcode: WebSocketOpcode, text: String, isMasked: Bool, code: Int
  ) async throws {
    try await withSocket { socket in
      let data: [UInt8] =
        switch text {
        case "long": [UInt8](repeating: 0x20, count: 2000)
        default: text.unicodeScalars.map { UInt8($0.value) }
        }
      try? await socket.write(opcode, data, isMasked: isMasked)
      let frame = try await socket.next()
      #expect(frame.opcode == .connectionClose)
      #expect(frame.data.count == 2 && Int(frame.data[0]) << 8 | Int(frame.data[1]) == code)
    }
  }

  @Test func `a close is answered with its own code`() async throws {
    try await withSocket { socket in
      try await socket.write(.connectionClose, [0x0F, 0xA0])
      #expect(
        try await socket.next() == WireFrame(opcode: .connectionClose, data: [0x0F, 0xA0]))
    }
  }

  @Test func `a stopping server says that it goes away`() async throws {
    var opened: WireSocket?
    try await SandboxServer.withServer(SandboxConfiguration(seed: 1)) { addresses in
      opened = try await WireSocket.open(addresses.webSocket)
    }
    let frame = try await opened?.next()
    #expect(frame == WireFrame(opcode: .connectionClose, data: [0x03, 0xE9]))
  }
}
