import Expressions
import Operations
import Sandbox
import Testing

/// Real clients begin to listen for an acknowledgement when they have read the answer.
struct OvertakingTests {
  private func configuration(_ messageHoldback: Duration, _ choices: [String] = [])
    -> SandboxConfiguration
  {
    var configuration = SandboxConfiguration(seed: 7)
    configuration.vault.speak(choices)
    configuration.vault.delay = .zero
    configuration.messageHoldback = messageHoldback
    return configuration
  }

  @Test func `what a request causes waits, so that its answer goes first`() async throws {
    let messageHoldback = Duration.milliseconds(100)
    try await SandboxServer.withServer(configuration(messageHoldback)) { addresses in
      var client = WireClient(addresses)
      let socket = try await WireSocket.open(addresses.webSocket)
      try await client.provision(socket)
      let start = ContinuousClock.now
      let first = try await client.post(
        "/device/request-unique-identifier", ["deviceName": "a"]
      ).commandID
      let second = try await client.post(
        "/device/request-unique-identifier", ["deviceName": "b"]
      ).commandID
      let reported = [try await socket.next().value, try await socket.next().value]
      #expect(ContinuousClock.now - start >= messageHoldback)
      #expect(reported.map { $0[field: "data"]?[field: "id"]?.text } == [first, second])
      try await socket.close()
    }
  }

  @Test func `nothing waits where the dialect lets messages overtake`() async throws {
    let early = configuration(.seconds(3600), ["ack-time=early"])
    try await SandboxServer.withServer(early) { addresses in
      var client = WireClient(addresses)
      let socket = try await WireSocket.open(addresses.webSocket)
      try await client.provision(socket)
      try await socket.close()
    }
  }
}
