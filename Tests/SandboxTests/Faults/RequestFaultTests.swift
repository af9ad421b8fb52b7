import Expressions
import Operations
import OrderedCollections
import Sandbox
import Testing

/// What befalls requests, in virtual time.
struct RequestFaultTests {
  /// The reaction to a command, and how often the operation was received.
  private func reaction(to client: inout VaultClient) -> (VaultReaction, received: Int) {
    let earlier = received(client)
    let body = Array("deviceName=a".utf8)
    let request = client.request(
      "POST", "/device/request-unique-identifier", type: "application/x-www-form-urlencoded",
      body: body)
    let reaction = client.vault.receive(request, at: client.now)
    client.take(reaction.emissions)
    return (reaction, received(client) - earlier)
  }

  private func received(_ client: VaultClient) -> Int {
    client.vault.ledger.operations.values.map(\.received).reduce(0, +)
  }

  @Test(arguments: [
    ("none", AnswerFate.whole, 202, 1), ("reset-after=100%", .reset, 202, 1),
    ("half=100%", .half, 202, 1), ("slow=100%:7s", .late(.seconds(7)), 202, 1),
    ("too-many=100%", .whole, 429, 0), ("unavailable=100%", .whole, 503, 0),
  ])
  func `a request is processed or not, and its answer arrives or not`(
    text: String, fate: AnswerFate, status: Int, count: Int
  ) throws {
    var client = try VaultClient.disturbed(by: text)
    let (reaction, received) = reaction(to: &client)
    #expect(reaction.fate == fate)
    #expect(reaction.response.status == status)
    #expect(received == count)
    #expect(client.arrivals.count == count)
  }

  @Test func `a request whose connection is reset before is not received`() throws {
    var client = try VaultClient.disturbed(by: "reset-before=100%")
    let (reaction, received) = reaction(to: &client)
    #expect(reaction.fate == .reset)
    #expect(received == 0)
    #expect(client.arrivals == [])
    #expect(client.vault.faults.injected == [.resetBefore: 1])
  }

  @Test func `a restart loses the request or its answer, and every message`() throws {
    var counts: Set<Int> = []
    for seed in UInt64(1)...20 {
      var client = try VaultClient.disturbed(by: "restart=100%:3s", seed: seed)
      let (reaction, received) = reaction(to: &client)
      counts.insert(received)
      #expect(reaction.fate == .reset)
      #expect(client.restarts == [.seconds(3)])
      #expect(client.arrivals == [])
      client.calm()
      #expect(client.get("/profile/retrieve-profile-id").status == 200)
    }
    #expect(counts == [0, 1])
  }

  @Test func `a message that was due before a request is sent whatever befalls the request`() throws
  {
    var client = try VaultClient.disturbed(by: "none") { $0.delay = .seconds(1) }
    let id = client.command("a")
    client.vault.faults.spec = try FaultSpec(parsing: "reset-before=100%")
    client.now = client.now + .seconds(1)
    _ = reaction(to: &client)
    #expect(client.arrivals == ["\(id) 2"])
  }

  @Test func `the payload of an upload that is not processed is discarded`() throws {
    var client = try VaultClient.disturbed(by: "none")
    _ = client.device("store", role: "storage")
    let address = client.reservation()[field: "stream"]?.text ?? ""
    let upload = APIRequest(endpoint: .url(address), method: "POST", path: "")
    for (number, text) in ["reset-before=100%", "too-many=100%"].enumerated() {
      client.vault.faults.spec = try FaultSpec(parsing: text)
      let reaction = client.vault.receive(
        upload, carrying: .stored(BlobID(number), byteCount: 100_000), at: client.now)
      #expect(reaction.emissions == [.discard(BlobID(number))])
    }
    client.calm()
    #expect(client.vault.receive(upload, at: client.now).response.status == 200)
  }

  @Test func `a token expires at a request, and is dead from then on`() throws {
    var client = try VaultClient.disturbed(by: "expire=100%")
    #expect(client.get("/profile/retrieve-profile-id").status == 401)
    client.calm()
    #expect(client.get("/profile/retrieve-profile-id").status == 401)
    client.authenticate("a@example.com")
    #expect(client.get("/profile/retrieve-profile-id").status == 200)
    #expect(client.vault.faults.injected == [.expire: 1])
  }

  @Test func `a token expires at a join, which is refused`() throws {
    var client = try VaultClient.disturbed(by: "expire=100%")
    client.join(ConnectionID(2))
    let answer = try JSON.parse((client.received.last?.text ?? "").utf8)
    #expect(answer[field: "status"] == 401)
    client.calm()
    #expect(client.get("/profile/retrieve-profile-id").status == 401)
  }

  @Test func `a token that was never valid does not expire`() throws {
    var client = try VaultClient.disturbed(by: "expire=100%")
    client.token = "bad"
    #expect(client.get("/profile/retrieve-profile-id").status == 401)
    #expect(client.vault.faults.injected == [:])
  }

  @Test func `a read lags behind only while there is something to miss`() throws {
    var client = try VaultClient.disturbed(by: "lag=100%:5s")
    client.wait(.seconds(10))
    let path = "/device/retrieve-profile-devices"
    let before = client.get(path).value
    #expect(client.vault.faults.injected == [:])
    let id = client.command("a")
    #expect(client.status(of: id) == "succeeded")
    client.wait(.milliseconds(4999))
    #expect(client.get(path).value == before)
    #expect(client.post("/device/retrieve-unique-identifier", ["id": id]).status == 404)
    #expect(client.vault.faults.injected == [.lag: 2])
    client.wait(.milliseconds(1))
    #expect(client.get(path).value != before)
    #expect(client.post("/device/retrieve-unique-identifier", ["id": id]).status == 200)
    #expect(client.vault.faults.injected == [.lag: 2])
  }

  @Test func `a vault that is disturbed answers with the same identifiers and tokens`() throws {
    var (calm, slow) = (
      try VaultClient.disturbed(by: "none"),
      try VaultClient.disturbed(by: "slow=50%,late=50%,double=50%,pending=50%")
    )
    for name in ["a", "b", "c"] {
      #expect(calm.command(name) == slow.command(name))
    }
    calm.authenticate("a@example.com")
    slow.authenticate("a@example.com")
    #expect(calm.token == slow.token)
  }

  @Test func `the same seed disturbs the same requests in the same way`() throws {
    func course(_ seed: UInt64) throws -> [String] {
      var client = try VaultClient.disturbed(by: "heavy", seed: seed)
      for number in 0..<100 {
        _ = client.command("\(number)")
        _ = client.get("/device/retrieve-profile-devices")
        client.wait(.seconds(1))
        if !client.dropped.isEmpty || !client.restarts.isEmpty { client.join(ConnectionID(1)) }
      }
      return client.arrivals + client.vault.faults.injected.map { "\($0) \($1)" }.sorted()
    }
    #expect(try course(1) == course(1))
    #expect(try course(1) != course(2))
  }

  @Test func `the ledger counts what was injected, if anything is to be`() throws {
    var client = try VaultClient.disturbed(by: "too-many=100%,double=100%")
    for _ in 0..<3 { _ = client.get("/health") }
    let ledger = client.get("/__sandbox/ledger").value
    #expect(ledger[field: "faults"] == ["too-many": 3])
    client.calm()
    #expect(client.get("/__sandbox/ledger").value[field: "faults"] == nil)
  }
}
