import Diagnostics
import Machine
import Networking
import Operations
import Running
import Testing

@Suite(.timeLimit(.minutes(20))) struct ProxyTests {
  private let request = APIRequest(method: "GET", path: "/secret-path")

  /// A host that only the proxy can reach, with and without TLS.
  enum Target: CaseIterable {
    case plain, encrypted

    var host: String { self == .plain ? "api.invalid" : "elsewhere.invalid" }
    var identity: ServerIdentity? { self == .plain ? nil : .elsewhere }
    var variable: String { self == .plain ? "HTTP_PROXY" : "https_proxy" }
  }

  @Test(arguments: Target.allCases)
  func `HTTP requests share a tunnel of the proxy`(target: Target) async throws {
    try await TunnelServer.serve(.opens) { proxy, tunnels in
      try await Scene.trustingAuthority { options in
        try await Scene.http(
          answering: .ok("1"), identity: target.identity, host: target.host,
          options: options.reading([target.variable: proxy])
        ) { transport, visits, origin in
          let first = try await transport.exchange(request).body
          let second = try await transport.exchange(request).body
          #expect([first, second] == [Array("1".utf8), Array("1".utf8)])
          #expect(visits.requests.count == 2)
          #expect(tunnels.targets == [authority(of: origin)])
        }
      }
    }
  }

  @Test(arguments: Target.allCases)
  func `a WebSocket is opened in a tunnel of the proxy`(target: Target) async throws {
    try await TunnelServer.serve(.opens) { proxy, tunnels in
      try await Scene.trustingAuthority { options in
        try await Scene.webSocket(
          playing: Script(frames: [.text("hello")]), identity: target.identity, host: target.host,
          options: options.reading([target.variable: "http://\(proxy)/"])
        ) { transport, _, origin in
          let socket = try await transport.connect()
          let message = try await socket.messages.first { _ in true }
          #expect(message == "hello")
          await socket.close()
          #expect(tunnels.targets == [authority(of: origin)])
        }
      }
    }
  }

  @Test func `credentials go to the proxy alone, decoded`() async throws {
    try await TunnelServer.serve(.opens) { proxy, tunnels in
      let options = TransportOptions().reading(["ALL_PROXY": "http://us%25er:p%40ss:1@\(proxy)"])
      try await Scene.http(answering: .ok("1"), host: "api.invalid", options: options) {
        transport, visits, _ in
        _ = try await transport.exchange(request)
        // `us%er:p@ss:1`
        #expect(tunnels.holds("Proxy-Authorization: Basic dXMlZXI6cEBzczox"))
        #expect(!visits.holds("authorization"))
      }
      try await Scene.webSocket(playing: Script(), host: "ws.invalid", options: options) {
        transport, _, _ in
        await (try transport.connect()).close()
        #expect(tunnels.holds("Proxy-Authorization: Basic dXMlZXI6cEBzczox"))
      }
    }
  }

  @Test func `a certificate seen through a proxy is explained like any other`() async throws {
    try await TunnelServer.serve(.opens) { proxy, _ in
      let options = TransportOptions().reading(["HTTPS_PROXY": proxy])
      try await Scene.http(
        answering: .ok("1"), identity: .elsewhere, host: "elsewhere.invalid", options: options
      ) { transport, _, origin in
        let seen = await failure { _ = try await transport.exchange(request) }
        #expect(
          seen?.message == "the certificate of \(origin) was issued by `Networking tests CA`, "
            + "which is not trusted and whose own certificate the server did not send")
      }
    }
  }

  @Test func `a loopback host is connected to directly`() async throws {
    try await TunnelServer.serve(.opens) { proxy, tunnels in
      try await Scene.http(
        answering: .ok("1"), options: TransportOptions().reading(["HTTP_PROXY": proxy])
      ) { transport, _, _ in
        _ = try await transport.exchange(request)
        #expect(tunnels.connections == 0)
      }
    }
  }

  struct Refusal: Sendable {
    var manner: TunnelServer.Manner
    var kind = TransportFailure.Kind.unreachable
    var message: String
    var hint: String
  }

  static let refusals = [
    Refusal(
      manner: .answers("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"),
      kind: .refusedByProxy, message: "PROXY requires a user name and a password",
      hint: "write them into the variable that names the proxy: `http://user:password@host:port`, "
        + "with other characters than letters and digits percent-encoded"),
    Refusal(
      manner: .answers("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"),
      message: "PROXY refused a tunnel to TARGET",
      hint: "the proxy must allow `CONNECT` to this host and port and be able to reach it; its log "
        + "says which failed"),
    Refusal(
      manner: .closes, message: "PROXY closed the connection before it opened a tunnel to TARGET",
      hint: "is it an HTTP proxy that allows `CONNECT`?"),
    Refusal(
      manner: .ignores, message: "PROXY opened no tunnel to TARGET in time",
      hint: "can the proxy reach this host and port?"),
  ]

  @Test(arguments: refusals)
  func `a tunnel that is not opened is a failure of the proxy`(refusal: Refusal) async throws {
    try await TunnelServer.serve(refusal.manner) { proxy, _ in
      var options = TransportOptions().reading(["HTTP_PROXY": proxy])
      let addresses = (http: "http://api.invalid:80", webSocket: "ws://ws.invalid:80")
      if case .ignores = refusal.manner { options.tunnelTimeout = .milliseconds(200) }
      let overWebSocket = try await Scene.transport(
        http: addresses.http, webSocket: addresses.webSocket, options: options
      ) { transport in
        await failure { _ = try await transport.connect() }
      }
      // Over HTTP, one limit covers the connection to the proxy and the tunnel.
      if case .ignores = refusal.manner { options.connectTimeout = .milliseconds(200) }
      try await Scene.transport(
        http: addresses.http, webSocket: addresses.webSocket, options: options
      ) { transport in
        let overHTTP = await failure { _ = try await transport.exchange(request) }
        #expect(overHTTP == refusal.failure(of: proxy, to: addresses.http))
        #expect(overWebSocket == refusal.failure(of: proxy, to: addresses.webSocket))
      }
    }
  }

  @Test func `a proxy that nobody runs is named`() async throws {
    try await DeafPort.held { port in
      let options = TransportOptions().reading(["HTTP_PROXY": "127.0.0.1:\(port)"])
      try await Scene.transport(
        http: "http://api.invalid:80", webSocket: "ws://ws.invalid:80", options: options
      ) { transport in
        let expected = TransportFailure(
          .unreachable, "the proxy http://127.0.0.1:\(port) refused the connection",
          mayHaveBeenSent: false,
          hint: "is the proxy running? hosts in `NO_PROXY` are connected to directly")
        let overHTTP = await failure { _ = try await transport.exchange(request) }
        let overWebSocket = await failure { _ = try await transport.connect() }
        #expect([overHTTP, overWebSocket] == [expected, expected])
      }
    }
  }

  @Test func `a connection that breaks in an open tunnel may have carried the request`()
    async throws
  {
    try await TunnelServer.serve(.opens) { proxy, _ in
      try await Scene.http(
        answering: .closing(after: ""), host: "api.invalid",
        options: TransportOptions().reading(["HTTP_PROXY": proxy])
      ) { transport, _, origin in
        let seen = await failure { _ = try await transport.exchange(request) }
        #expect(
          seen
            == TransportFailure(
              .broken, "\(origin) closed the connection before its answer was whole",
              mayHaveBeenSent: true))
      }
    }
  }

  private func authority(of origin: String) -> String {
    String(origin[(origin.firstRange(of: "://")?.upperBound ?? origin.startIndex)...])
  }
}

extension ProxyTests.Refusal {
  fileprivate func failure(of proxy: String, to target: String) -> TransportFailure {
    TransportFailure(
      kind,
      message.replacing("PROXY", with: "the proxy http://\(proxy)")
        .replacing("TARGET", with: target),
      mayHaveBeenSent: false, hint: hint)
  }
}

extension TransportOptions {
  /// The same with the proxies of `environment`.
  fileprivate func reading(_ environment: [String: String]) -> TransportOptions {
    var options = self
    options.proxies = ProxySettings(environment: environment)
    return options
  }
}

extension Visits {
  /// The host and port of each tunnel that was asked for.
  fileprivate var targets: [String] {
    requests.map { $0.split(separator: " ") }
      .map { $0.first == "CONNECT" && $0.count > 1 ? String($0[1]) : "not CONNECT" }
  }

  fileprivate func holds(_ text: String) -> Bool {
    requests.contains { $0.contains(text) }
  }
}
