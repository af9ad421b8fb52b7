import Expressions
import NIOCore
import Operations
import Sandbox
import Testing

struct ServerTests {
  private func configuration(delay: Duration = .zero) -> SandboxConfiguration {
    var configuration = SandboxConfiguration(seed: 7)
    configuration.vault.delay = delay
    configuration.vault.voterDelay = delay
    configuration.vault.limits.requestBytes = 100_000
    return configuration
  }

  @Test func `health is served over HTTP`() async throws {
    try await SandboxServer.withServer(configuration()) { addresses in
      let answer = try await WireClient(addresses).send("GET", "/health")
      #expect(answer.status == 200)
      #expect(answer.value == ["status": "ok"])
    }
  }

  @Test func `a tenant is provisioned and a payload fetched over real sockets`() async throws {
    try await SandboxServer.withServer(configuration(delay: .milliseconds(1))) { addresses in
      var client = WireClient(addresses)
      let socket = try await WireSocket.open(addresses.webSocket)
      try await client.provision(socket)
      let token = try await client.store("hello", socket)
      let answer = try await client.post("/data-token/request-data", ["token": token])
      let id = answer.header("x-dpt-cab-request-id") ?? ""
      let message = try await socket.message("X-DPT-CAB-REQUEST-ID", id: id)
      let url = message[field: "body"]?.text ?? ""
      #expect(url.hasPrefix(addresses.downstream))
      #expect(try await client.fetch(url).body == Array("hello".utf8))
      #expect(try await client.fetch(url).status == 401)
      let ledger = try await client.send("GET", "/__sandbox/ledger").value
      let kinds = ledger[field: "violations"]
      #expect(ledger[field: "violationCount"] == 1)
      #expect("\(kinds ?? .null)".contains("reused-stream-value"))
      try await socket.close()
    }
  }

  @Test func `the upload server takes a stream at the address that was returned`() async throws {
    try await SandboxServer.withServer(configuration()) { addresses in
      var client = WireClient(addresses)
      let socket = try await WireSocket.open(addresses.webSocket)
      try await client.provision(socket)
      try await client.enrolStore(socket)
      let reservation = try await client.reserve(socket)
      let stream = reservation[field: "stream"]?.text ?? ""
      #expect(stream.hasPrefix("\(addresses.upstream)/?auth="))
      #expect(try await client.upload([1, 2, 3], to: stream).status == 200)
      #expect(try await client.upload([1, 2, 3], to: stream).status == 401)
      let rows = try await client.send("GET", "/data-token/list-data-tokens").value
      #expect(rows[field: "meta"]?[field: "count"] == 1)
      try await socket.close()
    }
  }

  @Test func `a body over the limit is answered with 413`() async throws {
    try await SandboxServer.withServer(configuration()) { addresses in
      let body = String(repeating: "a", count: 200_000)
      let answer = try await WireClient(addresses).post("/profile/authenticate", ["x": body])
      #expect(answer.status == 413)
    }
  }

  @Test func `plain HTTP at the WebSocket address is answered with 426`() async throws {
    try await SandboxServer.withServer(configuration()) { addresses in
      let url = addresses.webSocket.replacing("ws://", with: "http://")
      let answer = try await WireClient(addresses).fetch("\(url)/")
      #expect(answer.status == 426)
    }
  }

  @Test func `what cannot be read as HTTP ends one connection and no other`() async throws {
    try await SandboxServer.withServer(configuration()) { addresses in
      let answer = try await RawConnection.exchange("\u{1}\u{2} nonsense\r\n\r\n", addresses.api)
      #expect(answer.hasPrefix("HTTP/1.1 400"))
      #expect(try await WireClient(addresses).send("GET", "/health").status == 200)
    }
  }

  @Test func `a port in use is reported with its address`() async throws {
    try await SandboxServer.withServer(configuration()) { addresses in
      var taken = configuration()
      taken.apiPort = Int(addresses.api.split(separator: ":").last ?? "") ?? 0
      let error = await #expect(throws: SandboxError.self) {
        try await SandboxServer.withServer(taken) { _ in }
      }
      #expect(error?.message.contains("127.0.0.1:\(taken.apiPort)") ?? false)
    }
  }

  @Test func `a server stops when its body fails`() async throws {
    struct Failure: Error {}
    var addresses: SandboxAddresses?
    await #expect(throws: Failure.self) {
      try await SandboxServer.withServer(configuration()) {
        addresses = $0
        throw Failure()
      }
    }
    let gone = try #require(addresses)
    await #expect(throws: (any Error).self) {
      _ = try await RawConnection.exchange("", gone.api)
    }
  }
}
