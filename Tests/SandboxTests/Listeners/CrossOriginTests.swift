import NIOCore
import NIOHTTP1
import Sandbox
import Testing

/// What web pages may do.
struct CrossOriginTests {
  private func answer(
    _ allowed: String?, _ method: HTTPMethod, _ headers: HTTPHeaders
  ) async throws -> HTTPResponseHead {
    var configuration = SandboxConfiguration(seed: 7)
    configuration.allowedOrigin = allowed
    return try await SandboxServer.withServer(configuration) { addresses in
      try await WireExchange.perform(method, "\(addresses.api)/health", headers).head
    }
  }

  @Test(
    arguments: [
      (nil, "http://a.example", nil), ("http://a.example", "http://b.example", nil),
      ("http://a.example", "http://a.example", "http://a.example"),
      ("*", "http://b.example", "http://b.example"),
    ] as [(String?, String, String?)])
  func `a page of the allowed origin may read answers, and no other`(
    allowed: String?, origin: String, reported: String?
  ) async throws {
    let answer = try await answer(allowed, .GET, ["Origin": origin])
    #expect(answer.status == .ok)
    #expect(answer.headers.first(name: "Access-Control-Allow-Origin") == reported)
    let exposed = answer.headers.first(name: "Access-Control-Expose-Headers") ?? ""
    #expect(exposed.contains("X-Dpt-Cab-Id") == (reported != nil))
  }

  @Test(arguments: [("http://a.example", 204), ("http://b.example", 405)])
  func `a preflight is answered for the allowed origin only`(
    origin: String, status: UInt
  ) async throws {
    let answer = try await answer(
      "http://a.example", .OPTIONS,
      ["Origin": origin, "Access-Control-Request-Method": "POST"])
    #expect(answer.status.code == status)
    let names = answer.headers.first(name: "Access-Control-Allow-Headers") ?? ""
    #expect(names.contains("X-DPT-AUTHORIZATION") == (status == 204))
  }
}
