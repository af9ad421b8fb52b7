import Diagnostics
import Machine
import NIOCore
import Networking
import Operations
import Running
import Testing

@Suite(.timeLimit(.minutes(20))) struct TrustTests {
  private let request = APIRequest(method: "GET", path: "/secret-path")

  @Test func `a certificate of an unknown authority is not trusted`() async throws {
    try await Scene.http(answering: .ok("1"), identity: .loopback) { transport, visits, origin in
      let seen = await failure { _ = try await transport.exchange(request) }
      #expect(seen == untrusted(origin))
      #expect(visits.requests == [])
    }
    try await Scene.webSocket(playing: Script(), identity: .loopback) { transport, _, origin in
      let seen = await failure { _ = try await transport.connect() }
      #expect(seen == untrusted(origin))
    }
  }

  @Test(arguments: ["127.0.0.1", "localhost"])
  func `a certificate of the named authority is trusted`(host: String) async throws {
    try await Scene.trustingAuthority { options in
      try await Scene.http(
        answering: .ok("1"), identity: .loopback, host: host, options: options
      ) { transport, _, _ in
        let answer = try await transport.exchange(request)
        #expect(answer.body == Array("1".utf8))
      }
      try await Scene.webSocket(
        playing: Script(frames: [.text("hello")]), identity: .loopback, host: host,
        options: options
      ) { transport, _, _ in
        let socket = try await transport.connect()
        let message = try await socket.messages.first { _ in true }
        #expect(message == "hello")
        await socket.close()
      }
    }
  }

  @Test(arguments: ["127.0.0.1", "localhost"])
  func `a certificate for another host is not accepted`(host: String) async throws {
    try await Scene.trustingAuthority { options in
      try await Scene.http(
        answering: .ok("1"), identity: .elsewhere, host: host, options: options
      ) { transport, _, origin in
        let seen = await failure { _ = try await transport.exchange(request) }
        #expect(seen == wrongHost(origin))
      }
      try await Scene.webSocket(
        playing: Script(), identity: .elsewhere, host: host, options: options
      ) { transport, _, origin in
        let seen = await failure { _ = try await transport.connect() }
        #expect(seen == wrongHost(origin))
      }
    }
  }

  @Test func `a server without TLS fails the handshake`() async throws {
    let visits = Visits()
    try await Listener.listen { channel in
      try channel.pipeline.syncOperations.addHandler(
        CannedServer(.closing(after: "HTTP/1.1 400 Bad Request\r\n\r\n"), visits: visits))
      channel.write(ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\n\r\n"), promise: nil)
      channel.flush()
    } body: { port in
      let (http, webSocket) = ("https://127.0.0.1:\(port)", "wss://127.0.0.1:\(port)")
      try await Scene.transport(http: http, webSocket: webSocket) { transport in
        for (origin, seen) in [
          (http, await failure { _ = try await transport.exchange(request) }),
          (webSocket, await failure { _ = try await transport.connect() }),
        ] {
          #expect(
            seen
              == TransportFailure(
                .tls, "the TLS handshake with \(origin) failed", mayHaveBeenSent: false))
        }
      }
    }
  }

  @Test(arguments: [
    (ServerIdentity.expired, "expired on 2021-01-01", "renew"),
    (.future, "is not valid before 2100-01-01", "clock"),
    (.selfSigned, "is self-signed and not trusted", "--ca-file"),
  ])
  func `a certificate that is not trusted is explained`(
    identity: ServerIdentity, complaint: String, advice: String
  ) async throws {
    try await Scene.trustingAuthority { options in
      try await Scene.http(
        answering: .ok("1"), identity: identity, options: options
      ) { transport, visits, origin in
        let seen = await failure { _ = try await transport.exchange(request) }
        #expect(
          seen
            == TransportFailure(
              .untrusted, "the certificate of \(origin) \(complaint)", mayHaveBeenSent: false,
              hint: seen?.hint))
        #expect(seen?.hint?.contains(advice) == true)
        #expect(visits.requests == [])
      }
      try await Scene.webSocket(
        playing: Script(), identity: identity, options: options
      ) { transport, _, origin in
        let seen = await failure { _ = try await transport.connect() }
        #expect(seen?.message == "the certificate of \(origin) \(complaint)")
      }
    }
  }

  @Test func `a certificate without a subjectAltName is refused, whatever its common name`()
    async throws
  {
    try await Scene.trustingAuthority { options in
      let complaint = "names no host: it has no subjectAltName"
      try await Scene.http(
        answering: .ok("1"), identity: .nameless, host: "localhost", options: options
      ) { transport, visits, origin in
        let seen = await failure { _ = try await transport.exchange(request) }
        #expect(seen?.message == "the certificate of \(origin) \(complaint)")
        #expect(seen?.mayHaveBeenSent == false)
        #expect(visits.requests == [])
      }
      try await Scene.webSocket(
        playing: Script(), identity: .nameless, host: "localhost", options: options
      ) { transport, _, origin in
        let seen = await failure { _ = try await transport.connect() }
        #expect(seen?.message == "the certificate of \(origin) \(complaint)")
      }
    }
  }

  @Test func `a file without certificates is refused`() async throws {
    var options = TransportOptions()
    options.trust.additionalFile = "/dev/null"
    await #expect(
      throws: InvalidInput([
        Diagnostic(
          .unreadableCertificates, "the file `/dev/null` holds no readable PEM certificates",
          at: nil)
      ])
    ) {
      try await Scene.transport(options: options) { _ in }
    }
  }

  @Test func `the authorities in place of the system's are read when TLS is used`() async throws {
    var options = TransportOptions()
    options.trust.rootsFile = "/dev/null"
    try await Scene.http(answering: .ok("1"), options: options) { transport, visits, _ in
      _ = try await transport.exchange(request)
      #expect(visits.requests.count == 1)
    }
    await #expect(throws: InvalidInput.self) {
      try await Scene.transport(webSocket: "wss://127.0.0.1:1", options: options) { _ in }
    }
  }

  private func untrusted(_ origin: String) -> TransportFailure {
    TransportFailure(
      .untrusted,
      "the certificate of \(origin) was issued by `Networking tests CA`, which is not trusted and "
        + "whose own certificate the server did not send", mayHaveBeenSent: false,
      hint: "an intermediate certificate may be missing: let the server send its whole chain; a "
        + "private authority is trusted with `--ca-file`")
  }

  private func wrongHost(_ origin: String) -> TransportFailure {
    TransportFailure(
      .otherHost, "the certificate of \(origin) is for another host", mayHaveBeenSent: false)
  }
}
