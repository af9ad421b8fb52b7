import Expressions
import NIOWebSocket
import Operations
import Sandbox
import Testing

/// What befalls messages and tokens over real sockets, whose time stands still.
@Suite(.timeLimit(.minutes(20)))
struct FaultySocketTests {
  /// A tenant on a server that injects faults, its socket joined.
  private struct Tenant {
    let client: WireClient
    let socket: WireSocket

    /// Sends a command and returns its id; nothing is waited for.
    func command(_ name: String) async throws -> String {
      try await client.post("/device/request-unique-identifier", ["deviceName": name]).commandID
    }

    /// The id and state of the next message; `answer` for one of the socket itself.
    func next() async throws -> String {
      let data = try await socket.next().value[field: "data"]
      guard let id = data?[field: "id"]?.text else { return "answer" }
      return "\(id) \(data?[field: "command_status"]?.plainText ?? "")"
    }

    /// Has the socket answer something, behind everything that was sent before.
    func ask() async throws {
      try await socket.write(.text, Array(#"{"action":"leaveChannel","channelId":"-"}"#.utf8))
    }
  }

  private func withTenant(
    _ text: String, _ body: (Tenant, HandClock) async throws -> Void
  ) async throws {
    let clock = HandClock()
    var configuration = try SandboxConfiguration.disturbed(by: text)
    configuration.vault.dialect.demandsProfileKey = false
    configuration.time = clock.source
    try await SandboxServer.withServer(configuration) { addresses in
      let socket = try await WireSocket.open(addresses.webSocket)
      var client = WireClient(addresses)
      try await client.authenticate()
      try await client.join(socket)
      try await body(Tenant(client: client, socket: socket), clock)
      try await socket.close()
    }
  }

  private func faults(_ tenant: Tenant) async throws -> Value? {
    try await tenant.client.send("GET", "/__sandbox/ledger").value[field: "faults"]
  }

  @Test func `a message is lost`() async throws {
    try await withTenant("lose=100%") { tenant, _ in
      let id = try await tenant.command("a")
      try await tenant.ask()
      #expect(try await tenant.next() == "answer")
      let status = try await tenant.client.send("GET", "/request-status/\(id)").value
      #expect(status == ["succeeded"])
      #expect(try await faults(tenant) == ["lose": 1])
    }
  }

  @Test func `a message comes twice`() async throws {
    try await withTenant("double=100%") { tenant, _ in
      let id = try await tenant.command("a")
      let arrivals = try await [tenant.next(), tenant.next()]
      #expect(arrivals == ["\(id) 2", "\(id) 2"])
      #expect(try await faults(tenant) == ["double": 1])
    }
  }

  @Test func `two messages are swapped`() async throws {
    try await withTenant("reorder=100%:1h") { tenant, _ in
      let ids = try await [tenant.command("a"), tenant.command("b")]
      let arrivals = try await [tenant.next(), tenant.next()]
      #expect(arrivals == ["\(ids[1]) 2", "\(ids[0]) 2"])
      #expect(try await faults(tenant) == ["reorder": 1])
    }
  }

  @Test func `a message is late`() async throws {
    try await withTenant("late=100%:1h") { tenant, clock in
      let id = try await tenant.command("a")
      try await tenant.client.join(tenant.socket)
      clock.move(.seconds(3600))
      #expect(try await tenant.client.send("GET", "/health").status == 200)
      #expect(try await tenant.next() == "\(id) 2")
      #expect(try await faults(tenant) == ["late": 1])
    }
  }

  @Test func `a message that is late by no time comes without another request`() async throws {
    try await withTenant("late=100%:0s") { tenant, _ in
      let id = try await tenant.command("a")
      #expect(try await tenant.next() == "\(id) 2")
    }
  }

  @Test func `a storm of Pending frames comes before an end`() async throws {
    try await withTenant("pending=100%") { tenant, _ in
      let id = try await tenant.command("a")
      var count = 0
      while try await tenant.next() == "\(id) 1" { count += 1 }
      #expect((3...20).contains(count))
      #expect(try await faults(tenant) == ["pending": 1])
    }
  }

  @Test func `a read lags behind`() async throws {
    try await withTenant("lag=100%:1h") { tenant, clock in
      clock.move(.seconds(3600))
      let path = "/device/retrieve-profile-devices"
      let before = try await tenant.client.send("GET", path).value
      _ = try await tenant.command("a")
      #expect(try await tenant.client.send("GET", path).value == before)
      clock.move(.seconds(3600))
      #expect(try await tenant.client.send("GET", path).value != before)
      #expect(try await faults(tenant) == ["lag": 1])
    }
  }

  @Test func `a token expires`() async throws {
    let configuration = try SandboxConfiguration.disturbed(by: "expire=100%")
    try await SandboxServer.withServer(configuration) { addresses in
      var client = WireClient(addresses)
      try await client.authenticate()
      for _ in 0..<2 {
        #expect(try await client.send("GET", "/profile/retrieve-profile-id").status == 401)
      }
      let ledger = try await client.send("GET", "/__sandbox/ledger").value
      #expect(ledger[field: "faults"] == ["expire": 1])
    }
  }
}
