import Expressions
import Operations
import Sandbox
import Testing

struct ChannelTests {
  private let first = ConnectionID(1)
  private let second = ConnectionID(2)

  private func authenticated() -> VaultClient {
    var client = VaultClient { $0.dialect.demandsProfileKey = false }
    client.register("a@example.com")
    client.authenticate("a@example.com")
    client.vault.connected(first, at: client.now)
    client.vault.connected(second, at: client.now)
    return client
  }

  private func frame(_ action: String, _ token: String?) -> Value {
    ["action": .string(action), "authorizationToken": .string(token ?? "")]
  }

  private func status(_ client: VaultClient) -> Int64? {
    guard let last = client.received.last, let value = try? JSON.parse(last.text.utf8),
      case .int(let status)? = value[field: "status"]
    else { return nil }
    return status
  }

  @Test func `a join echoes its correlation and names the channel`() throws {
    var client = authenticated()
    client.say([
      "action": "joinChannel", "authorizationToken": .string(client.token ?? ""),
      "correlationId": "c1",
    ])
    let answer = try JSON.parse((client.received.last?.text ?? "").utf8)
    let channel = answer[field: "data"]?[field: "channelId"] ?? .null
    #expect(
      answer == [
        "correlationId": "c1", "status": 200,
        "data": ["channelId": channel, "message": "Successfully joined profile channel."],
      ])
    #expect(channel != .null)
  }

  @Test func `a join may carry its token in data and no correlation`() throws {
    var client = authenticated()
    client.say([
      "action": "joinChannel", "data": ["authorizationToken": .string(client.token ?? "")],
    ])
    #expect(status(client) == 200)
    #expect(try JSON.parse(client.received[0].text.utf8)[field: "correlationId"] == nil)
  }

  @Test func `a join with a bad token is answered with 401`() {
    var client = authenticated()
    client.say(frame("joinChannel", "bad"))
    #expect(status(client) == 401)
    #expect(client.violations.isEmpty)
  }

  @Test func `a second join of the same profile is answered again, and noted`() {
    var client = authenticated()
    client.say(frame("joinChannel", client.token))
    client.say(frame("joinChannel", client.token))
    #expect(status(client) == 200)
    #expect(client.violations == ["second-join"])
    _ = client.post("/device/request-unique-identifier", ["deviceName": "d"])
    #expect(client.messages("X-DPT-CAB-ID").count == 1)
  }

  @Test func `a socket has one channel`() {
    var client = authenticated()
    client.say(frame("joinChannel", client.token))
    client.register("b@example.com")
    client.authenticate("b@example.com")
    client.say(frame("joinChannel", client.token))
    #expect(status(client) == 409)
    #expect(client.violations == ["second-join"])
  }

  @Test func `every socket that has joined receives every message`() {
    var client = authenticated()
    client.say(frame("joinChannel", client.token), on: first)
    client.say(frame("joinChannel", client.token), on: second)
    client.received = []
    _ = client.post("/device/request-unique-identifier", ["deviceName": "d"])
    #expect(client.received.map(\.connection) == [first, second])
  }

  @Test func `who has left hears nothing and may join again`() {
    var client = authenticated()
    client.say(frame("joinChannel", client.token))
    client.say(frame("leaveChannel", client.token))
    #expect(status(client) == 200)
    client.received = []
    _ = client.post("/device/request-unique-identifier", ["deviceName": "d"])
    #expect(client.received.isEmpty)
    client.say(frame("joinChannel", client.token))
    #expect(status(client) == nil)
    #expect(client.messages("X-DPT-CAB-ID").count == 1)
    #expect(client.violations == ["command-before-join"])
  }

  @Test func `leaving is allowed by channel id, and refused with neither`() throws {
    var client = authenticated()
    client.say(frame("leaveChannel", client.token))
    #expect(status(client) == 404)
    client.say(frame("joinChannel", client.token))
    let channel = try JSON.parse((client.received.last?.text ?? "").utf8)[field: "data"]?[
      field: "channelId"]
    client.say(["action": "leaveChannel"])
    #expect(status(client) == 401)
    client.say(["action": "leaveChannel", "data": ["channelId": channel ?? .null]])
    #expect(status(client) == 200)
  }

  @Test(arguments: [(Duration.seconds(5), 1), (.milliseconds(5001), 0)])
  func `a message waits five seconds for a join`(pause: Duration, count: Int) {
    var client = authenticated()
    _ = client.post("/device/request-unique-identifier", ["deviceName": "d"])
    client.wait(pause)
    client.say(frame("joinChannel", client.token))
    #expect(client.messages("X-DPT-CAB-ID").count == count)
  }

  @Test func `the oldest messages give way when too many wait`() {
    var client = authenticated()
    let ids = (0..<103).map { number in
      client.post("/device/remove", ["deviceIdentifier": "\(number)"]).commandID
    }
    client.say(frame("joinChannel", client.token))
    #expect(
      client.messages("X-DPT-CAB-ID").map { $0[field: "id"]?.text } == ids.suffix(100))
  }

  @Test(arguments: ["", "{", "[]", "no JSON", #""text""#])
  func `a message that is no JSON object is passed over, and noted`(text: String) {
    var client = authenticated()
    let emissions = client.vault.receive(text: text, on: first, at: client.now)
    #expect(emissions.isEmpty)
    #expect(client.violations == ["unreadable-message"])
  }

  @Test func `an unknown action is passed over`() {
    var client = authenticated()
    client.say(["action": "dance"])
    #expect(client.received.isEmpty)
    #expect(client.violations.isEmpty)
  }

  @Test func `a socket that was never opened is closed`() {
    var client = authenticated()
    client.say(frame("joinChannel", client.token), on: ConnectionID(9))
    #expect(client.closed == [ConnectionID(9)])
  }

  @Test func `a socket that is gone is no listener`() {
    var client = authenticated()
    client.say(frame("joinChannel", client.token))
    client.vault.disconnected(first, at: client.now)
    client.received = []
    _ = client.post("/device/request-unique-identifier", ["deviceName": "d"])
    #expect(client.received.isEmpty)
  }
}
