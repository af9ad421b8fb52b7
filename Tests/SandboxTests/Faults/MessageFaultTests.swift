import Expressions
import Operations
import Sandbox
import Testing

/// What befalls messages, in virtual time.
struct MessageFaultTests {
  private static let socket = ConnectionID(1)

  @Test func `a message is lost, and polling shows the outcome`() throws {
    var client = try VaultClient.disturbed(by: "lose=100%")
    let id = client.command("a")
    #expect(client.arrivals == [])
    #expect(client.status(of: id) == "succeeded")
    client.wait(.seconds(3600))
    #expect(client.arrivals == [])
    #expect(client.vault.faults.injected == [.lose: 1])
  }

  @Test func `a message arrives twice`() throws {
    var client = try VaultClient.disturbed(by: "double=100%")
    let id = client.command("a")
    #expect(client.arrivals == ["\(id) 2", "\(id) 2"])
    #expect(client.vault.faults.injected == [.double: 1])
  }

  @Test func `two messages of a socket are swapped`() throws {
    var client = try VaultClient.disturbed(by: "reorder=100%:1h")
    let ids = ["a", "b", "c", "d"].map { client.command($0) }
    #expect(client.arrivals == [1, 0, 3, 2].map { "\(ids[$0]) 2" })
    #expect(client.vault.faults.injected == [.reorder: 2])
  }

  @Test func `a message that no other overtakes arrives after the duration`() throws {
    var client = try VaultClient.disturbed(by: "reorder=100%:2s")
    let id = client.command("a")
    #expect(client.vault.nextDeadline == client.now + .seconds(2))
    client.wait(.milliseconds(1999))
    #expect(client.arrivals == [])
    client.wait(.milliseconds(1))
    #expect(client.arrivals == ["\(id) 2"])
    #expect(client.vault.nextDeadline == nil)
  }

  @Test func `the answer to a join is not reordered, nor is a message before it`() throws {
    var client = try VaultClient.disturbed(by: "reorder=100%:1h")
    let id = client.command("a")
    client.say(["action": "joinChannel", "authorizationToken": .string(client.token ?? "")])
    #expect(client.arrivals == ["\(id) 2", "answer"])
  }

  @Test(arguments: ["lose=100%", "double=100%", "late=100%", "reorder=100%", "pending=100%"])
  func `the answers to joins and leaves come once and at once`(text: String) throws {
    var client = try VaultClient.disturbed(by: text)
    for action in ["joinChannel", "leaveChannel", "leaveChannel", "joinChannel"] {
      client.say(["action": .string(action), "authorizationToken": .string(client.token ?? "")])
    }
    #expect(client.arrivals == Array(repeating: "answer", count: 4))
    #expect(client.vault.faults.injected == [:])
  }

  @Test func `a late message is overtaken by what comes meanwhile`() throws {
    var client = try VaultClient.disturbed(by: "late=100%:3s")
    let first = client.command("a")
    client.calm()
    let second = client.command("b")
    client.wait(.milliseconds(2999))
    #expect(client.arrivals == ["\(second) 2"])
    client.wait(.milliseconds(1))
    #expect(client.arrivals == ["\(second) 2", "\(first) 2"])
  }

  @Test func `late messages come in the order they are due, over a long leap too`() throws {
    var client = try VaultClient.disturbed(by: "late=100%:3s") { $0.delay = .seconds(1) }
    let ids = ["a", "b"].map { name in
      let id = client.command(name)
      client.now = client.now + .milliseconds(100)
      return id
    }
    client.wait(.seconds(60))
    #expect(client.arrivals == ids.map { "\($0) 2" })
  }

  @Test func `a late message does not reach a socket that has left or is closed`() throws {
    var client = try VaultClient.disturbed(by: "late=100%:3s")
    _ = client.command("a")
    client.say(["action": "leaveChannel", "authorizationToken": .string(client.token ?? "")])
    client.join(ConnectionID(2))
    _ = client.command("b")
    client.vault.disconnected(ConnectionID(2), at: client.now)
    client.wait(.seconds(10))
    #expect(client.arrivals == ["answer", "answer"])
    #expect(client.vault.nextDeadline == nil)
  }

  @Test func `a storm of Pending frames comes before an end, and none after it`() throws {
    var client = try VaultClient.disturbed(by: "pending=100%")
    let id = client.command("a")
    let (frames, end) = (client.arrivals.dropLast(), client.arrivals.last)
    #expect((3...20).contains(frames.count))
    #expect(frames.allSatisfy { $0 == "\(id) 1" })
    #expect(end == "\(id) 2")
    #expect(client.vault.faults.injected == [.pending: 1])
  }

  /// Sends commands until the socket breaks, and returns how many messages came of the last.
  private func breaking(_ client: inout VaultClient) -> Int {
    let id = client.command("a")
    #expect(client.dropped == [Self.socket])
    return client.arrivals.count { $0 == "\(id) 2" }
  }

  @Test func `a socket breaks before or after a message, and what follows waits for another`()
    throws
  {
    var counts: Set<Int> = []
    for seed in UInt64(1)...20 {
      var client = try VaultClient.disturbed(by: "drop=100%", seed: seed)
      counts.insert(breaking(&client))
      client.calm()
      let later = client.command("b")
      client.received = []
      client.join(ConnectionID(2))
      #expect(client.arrivals == ["answer", "\(later) 2"])
      client.vault.disconnected(Self.socket, at: client.now)
      client.received = []
      let last = client.command("c")
      #expect(client.arrivals == ["\(last) 2"])
    }
    #expect(counts == [0, 1])
  }

  @Test func `a socket breaks at a join, before or after it is processed`() throws {
    var effects: Set<Int> = []
    for seed in UInt64(1)...20 {
      var client = try VaultClient.disturbed(by: "drop=100%", seed: seed)
      client.join(ConnectionID(2))
      #expect(client.dropped == [ConnectionID(2)])
      #expect(client.arrivals == [])
      effects.insert(client.count(of: "websockets.join-channel")?.effects ?? 0)
    }
    #expect(effects == [1, 2])
  }

  @Test func `a restart ends every socket, and keeps what a state file keeps`() throws {
    var client = try VaultClient.disturbed(by: "none") { $0.delay = .seconds(5) }
    let id = client.command("a")
    client.vault.faults.spec = try FaultSpec(parsing: "restart=100%:2s")
    client.say(["action": "joinChannel", "authorizationToken": .string(client.token ?? "")])
    #expect(client.restarts == [.seconds(2)])
    client.calm()
    client.wait(.seconds(4))
    #expect(client.get("/profile/retrieve-profile-id").status == 200)
    client.join(ConnectionID(2))
    #expect(client.arrivals == ["answer"])
    client.wait(.seconds(1))
    #expect(client.arrivals == ["answer", "\(id) 2"])
    #expect(client.received.allSatisfy { $0.connection == ConnectionID(2) })
  }

  @Test func `messages are withheld in bounded number`() throws {
    var client = try VaultClient.disturbed(by: "late=100%:1h") { $0.limits.devices = 2000 }
    for number in 0..<1010 { _ = client.command("\(number)") }
    #expect(client.received.count == 10)
    client.wait(.seconds(3600))
    #expect(client.received.count == 1010)
  }
}
