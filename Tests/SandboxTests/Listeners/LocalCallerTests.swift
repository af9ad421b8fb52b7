import Operations
import Sandbox
import Testing

/// Requests that a web page could have made a browser send.
struct LocalCallerTests {
  private static let upgrade =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"

  /// The status of a request with these headers.
  private func status(
    _ allowed: String?, _ start: String, _ headers: String,
    at address: @Sendable (SandboxAddresses) -> String
  ) async throws -> String {
    var configuration = SandboxConfiguration(seed: 7)
    configuration.allowedOrigin = allowed
    return try await SandboxServer.withServer(configuration) { addresses in
      let answer = try await RawConnection.exchange(
        "\(start) HTTP/1.1\r\n\(headers)\r\n", address(addresses), until: "\r\n\r\n",
        within: "\r\n\r\n")
      return String(answer.dropFirst("HTTP/1.1 ".count).prefix(3))
    }
  }

  @Test(
    arguments: [
      (nil, "Host: 127.0.0.1:9", "200"), (nil, "Host: LocalHost", "200"),
      (nil, "Host: [::1]:80", "200"),
      (nil, "Host: rebound.example:9", "403"), (nil, "Host: 127.0.0.1.example", "403"),
      (nil, "Host: localhost:9\r\nOrigin: http://localhost:9", "200"),
      (nil, "Host: localhost:9\r\nOrigin: http://localhost:10", "403"),
      (nil, "Host: localhost\r\nOrigin: null", "403"),
      (nil, "Host: localhost\r\nOrigin: http://a.example", "403"),
      ("http://a.example", "Host: localhost\r\nOrigin: http://a.example", "200"),
      ("*", "Host: localhost\r\nOrigin: http://b.example", "200"),
      ("*", "Host: rebound.example\r\nOrigin: http://b.example", "403"),
    ] as [(String?, String, String)])
  func `control calls and sockets are for this machine and the allowed origin`(
    allowed: String?, headers: String, status: String
  ) async throws {
    let control = try await self.status(
      allowed, "GET /__sandbox/devices", "\(headers)\r\nConnection: close\r\n", at: { $0.api })
    #expect(control == status)
    let socket = try await self.status(
      allowed, "GET /", "\(headers)\r\n\(Self.upgrade)", at: { $0.webSocket })
    #expect(socket == (status == "200" ? "101" : status))
  }
}
