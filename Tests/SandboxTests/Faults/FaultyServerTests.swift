import Expressions
import Glibc
import NIOCore
import NIOPosix
import Operations
import Sandbox
import Testing

/// What befalls requests and connections over real sockets.
@Suite(.timeLimit(.minutes(20)))
struct FaultyServerTests {
  private static let get = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
  private static let opening =
    "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"

  private func withFaults(
    _ text: String, _ body: (SandboxAddresses) async throws -> Void
  ) async throws {
    try await SandboxServer.withServer(.disturbed(by: text), body)
  }

  /// What the ledger counts; one request must not be counted.
  private func counts(_ addresses: SandboxAddresses) async throws -> (
    faults: Value, received: Value
  ) {
    let ledger = try await WireClient(addresses).send("GET", "/__sandbox/ledger").value
    let health = ledger[field: "operations"]?[field: "utility.check-server-health"]
    return (ledger[field: "faults"] ?? .null, health?[field: "received"] ?? 0)
  }

  /// Why a connection ended without an answer: the number of the system's error.
  private func failure(of text: String, _ url: String) async -> Int32? {
    do {
      let answer = try await RawConnection.exchange(text, url)
      Issue.record("it was answered: \(answer)")
      return nil
    } catch {
      return (error as? IOError)?.errnoCode
    }
  }

  @Test(arguments: [("reset-before", 0), ("reset-after", 1)])
  func `a connection is reset before or after its request is processed`(
    name: String, received: Int64
  ) async throws {
    try await withFaults("\(name)=100%") { addresses in
      #expect(await failure(of: Self.get, addresses.api) == ECONNRESET)
      let counts = try await counts(addresses)
      #expect(counts.faults == [name: 1])
      #expect(counts.received == .int(received))
    }
  }

  @Test func `half of an answer comes with its whole length, and then the end`() async throws {
    try await withFaults("half=100%") { addresses in
      let answer = try await RawConnection.exchange(Self.get, addresses.api)
      #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
      #expect(answer.contains("\r\nContent-Length: 15\r\n"))
      #expect(answer.hasSuffix("\r\n\r\n{\"statu"))
      let counts = try await counts(addresses)
      #expect(counts.faults == ["half": 1])
      #expect(counts.received == 1)
    }
  }

  @Test(arguments: [("too-many", 429, "1h"), ("unavailable", 503, "1h")])
  func `a request is refused with its status and not processed`(
    name: String, status: Int, duration: String
  ) async throws {
    try await withFaults("\(name)=100%:\(duration)") { addresses in
      for _ in 0..<3 {
        #expect(try await WireClient(addresses).send("GET", "/health").status == status)
      }
      let counts = try await counts(addresses)
      #expect(counts.faults == [name: 3])
      #expect(counts.received == 0)
    }
  }

  @Test func `a slow answer comes whole`() async throws {
    try await withFaults("slow=100%:1ms") { addresses in
      for _ in 0..<3 {
        let answer = try await WireClient(addresses).send("GET", "/health")
        #expect(answer.value == ["status": "ok"])
      }
      let faults = try await counts(addresses).faults
      #expect(faults == ["slow": 3])
    }
  }

  @Test func `a download is disturbed as other requests are`() async throws {
    try await withFaults("unavailable=100%") { addresses in
      let url = "\(addresses.downstream)/?auth=none"
      #expect(try await WireClient(addresses).fetch(url).status == 503)
      let faults = try await counts(addresses).faults
      #expect(faults == ["unavailable": 1])
    }
  }

  @Test func `a socket's opening is reset before`() async throws {
    try await withFaults("reset-before=100%") { addresses in
      #expect(await failure(of: Self.opening, addresses.webSocket) == ECONNRESET)
      let faults = try await counts(addresses).faults
      #expect(faults == ["reset-before": 1])
    }
  }

  @Test func `a socket is reset as soon as it is open`() async throws {
    try await withFaults("reset-after=100%") { addresses in
      #expect(await failure(of: Self.opening, addresses.webSocket) == ECONNRESET)
      let ledger = try await WireClient(addresses).send("GET", "/__sandbox/ledger").value
      let openings = ledger[field: "operations"]?[field: "websockets.establishing-connection"]
      #expect(openings?[field: "received"] == 1)
    }
  }

  @Test func `a socket's opening is refused`() async throws {
    try await withFaults("too-many=100%:1h") { addresses in
      let answer = try await RawConnection.exchange(
        Self.opening, addresses.webSocket, until: "}")
      #expect(answer.hasPrefix("HTTP/1.1 429 Too Many Requests\r\n"))
      #expect(answer.contains("\r\nRetry-After: "))
    }
  }

  @Test func `a slow socket opens`() async throws {
    try await withFaults("slow=100%:1ms") { addresses in
      let socket = try await WireSocket.open(addresses.webSocket)
      try await WireClient(addresses).join(socket)
      let faults = try await counts(addresses).faults
      #expect(faults == ["slow": 1])
      try await socket.close()
    }
  }

  @Test func `a socket breaks at a message without a closing handshake`() async throws {
    try await withFaults("drop=100%") { addresses in
      let socket = try await WireSocket.open(addresses.webSocket)
      await #expect(throws: WireSocket.Closed.self) {
        try await WireClient(addresses).join(socket)
      }
      let faults = try await counts(addresses).faults
      #expect(faults == ["drop": 1])
    }
  }

  @Test func `a restart cuts every connection, and the server is there again afterwards`()
    async throws
  {
    try await withFaults("restart=100%:0s") { addresses in
      let client = WireClient(addresses)
      let socket = try await WireSocket.open(addresses.webSocket)
      await #expect(throws: (any Error).self) { try await client.send("GET", "/health") }
      await #expect(throws: WireSocket.Closed.self) { _ = try await socket.next() }
      var faults: Value?
      while faults == nil { faults = try? await counts(addresses).faults }
      #expect(faults == ["restart": 1])
      let other = try await WireSocket.open(addresses.webSocket)
      try await other.close()
    }
  }

  @Test func `connections are refused while the server restarts`() async throws {
    try await withFaults("restart=100%:1h") { addresses in
      await #expect(throws: (any Error).self) {
        try await WireClient(addresses).send("GET", "/health")
      }
      for url in [addresses.api, addresses.webSocket, addresses.upstream, addresses.downstream] {
        let error = await #expect(throws: NIOConnectionError.self) {
          try await RawConnection.exchange(Self.get, url)
        }
        let codes = error?.connectionErrors.map { ($0.error as? IOError)?.errnoCode }
        #expect(codes == [ECONNREFUSED])
      }
    }
  }

  @Test func `control calls are never disturbed, and nothing is without faults`() async throws {
    for text in ["none", "reset-before=100%", "restart=100%:1h", "too-many=100%"] {
      try await withFaults(text) { addresses in
        for _ in 0..<5 {
          let answer = try await WireClient(addresses).send("GET", "/__sandbox/ledger")
          let counts: Value? = text == "none" ? nil : .map(ValueMap())
          #expect(answer.value[field: "faults"] == counts)
        }
      }
    }
  }
}

extension SandboxConfiguration {
  /// A server without delays that injects the faults of `text`.
  static func disturbed(by text: String) throws -> SandboxConfiguration {
    var configuration = SandboxConfiguration(seed: 7)
    configuration.vault.delay = .zero
    configuration.vault.voterDelay = .zero
    configuration.messageHoldback = .zero
    configuration.vault.faults = try FaultSpec(parsing: text)
    return configuration
  }
}
