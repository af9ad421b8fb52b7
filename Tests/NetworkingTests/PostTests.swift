import Machine
import NIOCore
import Networking
import Operations
import Running
import Testing

/// POSTs to receivers of the tests' own.
@Suite(.timeLimit(.minutes(20))) struct PostTests {
  private static let body = Array("{\"a\":\"ü\"}".utf8)
  private static let headers = [
    HTTPField("Content-Type", "application/json"), HTTPField("X-Id", "7"),
  ]

  /// What a POST to a canned server on 127.0.0.1 comes to; `path` follows the origin.
  private static func post(
    answering answer: CannedAnswer, path: String = "", identity: ServerIdentity? = nil,
    host: String = "127.0.0.1", options: TransportOptions = TransportOptions(),
    timeout: Duration = .seconds(60), times: Int = 1
  ) async throws -> (Result<APIResponse, TransportFailure>, Visits, origin: String) {
    let visits = Visits()
    return try await Listener.listen(identity: identity) { channel in
      try channel.pipeline.syncOperations.addHandler(CannedServer(answer, visits: visits))
    } body: { port in
      let origin = "\(identity == nil ? "http" : "https")://\(host):\(port)"
      let result = try await PostClient.withClient(options: options, timeout: timeout) { client in
        var result: Result<APIResponse, TransportFailure>?
        for _ in 0..<times { result = await self.result(client, origin + path) }
        return try #require(result)
      }
      return (result, visits, origin)
    }
  }

  private static func result(
    _ client: PostClient, _ address: String
  ) async -> Result<APIResponse, TransportFailure> {
    do throws(TransportFailure) {
      return .success(try await client.post(body, to: address, headers: headers))
    } catch {
      return .failure(error)
    }
  }

  @Test(arguments: [
    ("", "/"), ("/", "/"), ("/a%2Fb?key=x%26y", "/a%2Fb?key=x%26y"), ("?key=1", "/?key=1"),
    ("/ä", "/%C3%A4"),
  ])
  func `a POST has the whole address, its headers and its body`(
    _ path: String, _ target: String
  ) async throws {
    let (result, visits, origin) = try await Self.post(answering: .ok("done"), path: path)
    #expect(try result.get().status == 200)
    #expect(try result.get().body == Array("done".utf8))
    let lines = try #require(visits.requests.first)
      .split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines.first == "POST \(target) HTTP/1.1")
    #expect(
      Set(lines.dropFirst().map { $0.lowercased() }) == [
        "content-type: application/json", "x-id: 7", "host: \(origin.dropFirst("http://".count))",
        "accept-encoding: identity", "content-length: 10", "", "{\"a\":\"ü\"}",
      ])
  }

  @Test func `one POST after the other goes over the same connection`() async throws {
    let (result, visits, _) = try await Self.post(answering: .ok("done"), times: 3)
    #expect(try result.get().status == 200)
    #expect(visits.requests.count == 3)
    #expect(visits.connections == 1)
  }

  @Test(arguments: [301, 302, 307, 308])
  func `a redirect is not followed`(status: Int) async throws {
    let redirect = "HTTP/1.1 \(status) Moved\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n"
    let (result, visits, _) = try await Self.post(answering: .bytes(redirect))
    #expect(try result.get().status == status)
    #expect(visits.requests.count == 1)
  }

  @Test func `the receiver's wish to wait is handed on`() async throws {
    let answer = "HTTP/1.1 503 Busy\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n"
    let (result, _, _) = try await Self.post(answering: .bytes(answer))
    #expect(try result.get().retryAfter == .seconds(30))
  }

  @Test func `a body without an end, or none that ends, changes nothing`() async throws {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    let piece = "10000\r\n\(String(repeating: "x", count: 65_536))\r\n"
    for rest in ["", piece + piece + piece, "5\r\nab"] {
      let (result, _, _) = try await Self.post(answering: .bytes(head + rest))
      #expect(try result.get().status == 200)
    }
  }

  @Test func `a receiver that does not respond is not waited for`() async throws {
    let (result, visits, origin) = try await Self.post(
      answering: .silence, path: "/planted", timeout: .seconds(2))
    #expect(
      result
        == .failure(
          TransportFailure(
            .timedOut, "\(origin) did not respond within 2.0 seconds", mayHaveBeenSent: true)))
    #expect(visits.requests.count == 1)
  }

  @Test func `a connection that is closed is a failure`() async throws {
    let (result, _, origin) = try await Self.post(
      answering: .closing(after: ""), path: "/planted?token=planted")
    #expect(
      result
        == .failure(
          TransportFailure(
            .broken, "\(origin) closed the connection before its answer was whole",
            mayHaveBeenSent: true)))
  }

  @Test func `a port where nobody listens is unreachable`() async throws {
    let result = try await DeafPort.held { port in
      try await PostClient.withClient(options: TransportOptions()) {
        (await Self.result($0, "http://127.0.0.1:\(port)/planted"), port)
      }
    }
    #expect(
      result.0
        == .failure(
          TransportFailure(
            .unreachable, "http://127.0.0.1:\(result.1) refused the connection",
            mayHaveBeenSent: false)))
  }

  @Test(arguments: [
    ("ftp://a/planted", "the address is neither http nor https"),
    ("https://user:planted@a", "the address must not hold a user name or password"),
    ("https://a:0/planted", "the address has a port that is not a number from 1 to 65535"),
  ])
  func `an address that is none is not sent to, or shown`(
    _ address: String, _ message: String
  ) async throws {
    let result = try await PostClient.withClient(options: TransportOptions()) {
      await Self.result($0, address)
    }
    #expect(
      result
        == .failure(TransportFailure(.protocolViolation, message, mayHaveBeenSent: false)))
  }

  @Test func `an authority that is named is trusted, and others are not`() async throws {
    try await Scene.trustingAuthority { options in
      let (trusted, visits, _) = try await Self.post(
        answering: .ok("1"), identity: .loopback, host: "localhost", options: options)
      #expect(try trusted.get().status == 200)
      #expect(visits.requests.count == 1)
      let (elsewhere, _, origin) = try await Self.post(
        answering: .ok("1"), path: "/planted", identity: .elsewhere, options: options)
      #expect(
        elsewhere
          == .failure(
            TransportFailure(
              .otherHost, "the certificate of \(origin) is for another host",
              mayHaveBeenSent: false)))
    }
    let (result, visits, origin) = try await Self.post(
      answering: .ok("1"), path: "/planted", identity: .loopback)
    #expect(
      result.failureMessage
        == "the certificate of \(origin) was issued by `Networking tests CA`, which is not trusted and "
        + "whose own certificate the server did not send")
    #expect(visits.requests == [])
  }

  @Test func `no receiver sees the certificate that is for the service`() async throws {
    try await Scene.folder(of: [
      "client.pem": "\(Certificates.client)\n\(Certificates.clientKey)\n"
    ]) { folder in
      try await Scene.trustingAuthority { options in
        var options = options
        options.clientIdentity = ClientIdentity(
          certificateFile: "\(folder)/client.pem", keyFile: "\(folder)/client.pem")
        let (result, visits, origin) = try await Self.post(
          answering: .ok("1"), identity: .mutual, host: "localhost", options: options)
        #expect(
          result.failureMessage == "\(origin) requires a client certificate")
        #expect(visits.requests == [])
      }
    }
  }

  @Test func `a POST to another machine goes through the proxy of the environment`() async throws {
    var options = TransportOptions()
    try await DeafPort.held { port in
      options.proxies = ProxySettings(environment: ["HTTP_PROXY": "http://127.0.0.1:\(port)"])
      let result = try await PostClient.withClient(options: options) {
        await Self.result($0, "http://receiver.invalid/planted")
      }
      #expect(
        result.failureMessage == "the proxy http://127.0.0.1:\(port) refused the connection")
    }
  }
}

extension Result<APIResponse, TransportFailure> {
  fileprivate var failureMessage: String? {
    if case .failure(let failure) = self { failure.message } else { nil }
  }
}
