import Diagnostics
import Machine
import Networking
import Operations
import Running
import Testing

/// Authorities named by the environment, and certificates of the client.
@Suite(.timeLimit(.minutes(20))) struct ClientIdentityTests {
  private let request = APIRequest(method: "GET", path: "/")
  private let files = [
    "roots.pem": Certificates.authority, "client.pem": Certificates.client,
    "client.key": Certificates.clientKey,
    "both.pem": Certificates.client + "\n" + Certificates.clientKey, "empty.pem": "",
  ]

  @Test func `the authorities of a file take the place of the system's`() async throws {
    try await Scene.folder(of: files) { folder in
      var options = TransportOptions()
      options.trust.rootsFile = "\(folder)/roots.pem"
      try await Scene.http(answering: .ok("1"), identity: .loopback, options: options) {
        transport, _, _ in
        let response = try await transport.exchange(request)
        #expect(response.status == 200)
      }
    }
  }

  @Test(arguments: [("client.pem", "client.key"), ("both.pem", "both.pem")])
  func `a server that requires a certificate gets it, over HTTP and WebSocket`(
    certificate: String, key: String
  ) async throws {
    try await Scene.folder(of: files) { folder in
      var options = TransportOptions()
      options.trust.rootsFile = "\(folder)/roots.pem"
      options.clientIdentity = ClientIdentity(
        certificateFile: "\(folder)/\(certificate)", keyFile: "\(folder)/\(key)")
      try await Scene.http(answering: .ok("1"), identity: .mutual, options: options) {
        transport, _, _ in
        let response = try await transport.exchange(request)
        #expect(response.status == 200)
      }
      try await Scene.webSocket(
        playing: Script(frames: [.text("hello")]), identity: .mutual, options: options
      ) { transport, _, _ in
        let socket = try await transport.connect()
        let message = try await socket.messages.first { _ in true }
        #expect(message == "hello")
        await socket.close()
      }
    }
  }

  @Test func `a server that requires a certificate and gets none is named`() async throws {
    try await Scene.folder(of: files) { folder in
      var options = TransportOptions()
      options.trust.rootsFile = "\(folder)/roots.pem"
      try await Scene.http(answering: .ok("1"), identity: .mutual, options: options) {
        transport, visits, origin in
        let seen = await failure { _ = try await transport.exchange(request) }
        #expect(seen?.message == "\(origin) requires a client certificate")
        #expect(seen?.mayHaveBeenSent == false)
        #expect(visits.requests == [])
      }
    }
  }

  @Test(arguments: [
    ("empty.pem", "client.key", "empty.pem` holds no readable PEM certificates"),
    ("client.pem", "empty.pem", "empty.pem` holds no readable PEM private key"),
  ])
  func `a file without a certificate or a key is refused`(
    certificate: String, key: String, complaint: String
  ) async throws {
    try await Scene.folder(of: files) { folder in
      var options = TransportOptions()
      options.clientIdentity = ClientIdentity(
        certificateFile: "\(folder)/\(certificate)", keyFile: "\(folder)/\(key)")
      do {
        try await Scene.transport(options: options) { _ in }
        Issue.record("it was accepted")
      } catch let error as InvalidInput {
        #expect(error.diagnostics.map(\.message) == ["the file `\(folder)/\(complaint)"])
      }
    }
  }
}
