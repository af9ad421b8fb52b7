import Expressions
import Operations
import Sandbox
import Testing

/// What single variants make of answers.
struct DialectAnswerTests {
  private func client(_ choices: [String]) -> VaultClient {
    VaultClient.provisioned { $0.speak(choices) }
  }

  @Test(arguments: [
    ("renewal=same-token", ["authorizationToken", "expiresAt"]), ("renewal=silent", []),
  ])
  func `renewing extends the same token and may say so`(choice: String, names: [String]) {
    var client = client([choice])
    let answer = client.post("/profile/reauthorize-authorization-token", ["ttl": "9999999"])
    #expect(answer.status == 200)
    #expect(answer.value.fields?.names == names)
    client.wait(.seconds(9_000_000))
    #expect(client.get("/profile/retrieve-profile-id").status == 200)
  }

  @Test(arguments: [
    ("rows=nested", "file"), ("rows=meta", "meta"), ("rows=flat", "fileName"),
  ])
  func `rows hold their metadata where the dialect says`(choice: String, name: String) {
    var client = client([choice])
    _ = client.device("store", role: "storage")
    _ = client.stored("hello")
    let rows = client.get("/data-token/list-data-tokens").value[field: "items"]
    guard case .list(let items)? = rows, let row = items.first else {
      Issue.record("no row")
      return
    }
    #expect(row.fields?.names.contains(name) == true)
    #expect(row[field: "context"] == "contracts")
  }

  @Test(arguments: [
    ("device-name=deviceIdentifier", "deviceIdentifier"), ("device-name=deviceId", "deviceId"),
    ("device-name=device-identifier", "device-identifier"), ("device-name=id", "id"),
  ])
  func `records call a device's identifier as the dialect does`(choice: String, name: String) {
    var client = client([choice])
    let device = client.device("d", role: nil)
    guard case .list(let records) = client.get("/device/retrieve-profile-devices").value else {
      Issue.record("no list")
      return
    }
    #expect(records.map { $0.text(name) } == [device])
  }

  @Test func `an event is named by its number where templates are an array`() {
    var client = client(["templates=array"])
    guard case .list(let templates) = client.get("/policy/list-policy-templates").value,
      let template = templates.first
    else {
      Issue.record("no list")
      return
    }
    let number = template[field: "events"]?[field: "data_token.data_deleted"]?.plainText ?? ""
    let id = client.post(
      "/policy/register",
      json: [
        "name": "p", "policyTemplateId": template[field: "template-identifier"] ?? .null,
        "applyingEventIds": [.string(number)],
      ]
    ).commandID
    #expect(client.outcome(of: id) == "2 Policy registered.")
  }

  @Test(arguments: [
    ("same-name=usual", ["2", "2", "3", "3"]), ("same-name=opposite", ["3", "3", "2", "2"]),
  ])
  func `a name that was given before is taken or refused as the dialect says`(
    choice: String, expected: [String]
  ) {
    var client = client([choice])
    let template = client.get("/policy/list-policy-templates").value
    let first = template.fields?.names.first ?? ""
    let events = template[field: first]?[field: "events"]?.fields?.names ?? []
    var outcomes: [String] = []
    for round in 0..<2 {
      let ids = [
        client.post("/device/request-unique-identifier", ["deviceName": "n"]).commandID,
        client.post(
          "/profile/oauth-application-register", ["title": "n"]
        ).commandID,
        client.post(
          "/policy/register",
          json: [
            "name": "n", "policyTemplateId": .string(first),
            "applyingEventIds": .list(events.prefix(1).map { .string($0) }),
          ]
        ).commandID,
        client.post(
          "/verified-authenticator/voting-configuration/register",
          json: ["name": "n", "timeLimit": 60, "strategy": "unanimous"]
        ).commandID,
      ]
      let reported = ids.map { String(client.outcome(of: $0)?.prefix(1) ?? "") }
      if round == 0 { #expect(reported == ["2", "2", "2", "2"]) } else { outcomes = reported }
    }
    #expect(outcomes == expected)
  }

  @Test(arguments: [
    ("repeated-role=unchanged", "2"), ("repeated-role=refused", "3"),
  ])
  func `a role that is given again changes nothing or is refused`(choice: String, state: String) {
    var client = client([choice])
    let device = client.device("d", role: "storage")
    let id = client.post("/storage/register", ["deviceIdentifier": device]).commandID
    #expect(client.outcome(of: id)?.hasPrefix(state) == true)
    #expect(client.count(of: "storage.register-storage-device")?.effects == 1)
  }

  @Test(arguments: [
    ("dead-reservation=refused", 202), ("dead-reservation=not-found", 404),
    ("dead-reservation=invalid", 422),
  ])
  func `an exchange without a reservation is refused then or at once`(choice: String, status: Int) {
    var client = client([choice])
    _ = client.device("store", role: "storage")
    let answer = client.post(
      "/data-token/exchange-data-for-token", ["temporaryTokenSpace": "none", "data": "aGVsbG8="])
    #expect(answer.status == status)
    #expect(!client.stored("hello").isEmpty)
  }

  @Test(arguments: [("wrong-key=later", 202), ("wrong-key=invalid", 422)])
  func `a key with a wrong digest is refused then or at once`(choice: String, status: Int) {
    var client = client([choice])
    let key = "31420500" + String(repeating: "0", count: 192)
    #expect(client.post("/public-key/register-public-key", ["publicKey": key]).status == status)
  }

  @Test(arguments: [("reused-nonce=later", 202), ("reused-nonce=invalid", 422)])
  func `a nonce that was used is refused then or at once`(choice: String, status: Int) {
    var client = client([choice])
    let application = client.application()
    _ = client.requestCode(of: application, nonce: "n", ["all"])
    let answer = client.get(
      "/profile/oauth-application-request-authorization-code",
      ["client_id": application.text("clientId"), "nonce": "n", "scope[]": "all"])
    #expect(answer.status == status)
  }

  @Test func `a second join ends the socket where the dialect says so`() {
    var client = client(["second-join=closes"])
    client.say([
      "action": "joinChannel", "authorizationToken": .string(client.token ?? ""),
      "correlationId": "c",
    ])
    #expect(client.closed == [ConnectionID(1)])
    #expect(client.received.last?.text.contains(#""status":409"#) == true)
  }

  @Test func `a bare answer to a join has neither correlation nor sentence`() {
    let client = client(["join=bare"])
    let answer = client.received.first.flatMap { try? JSON.parse($0.text.utf8) }
    #expect(answer?.fields?.names == ["status", "data"])
    #expect(answer?[field: "data"]?.fields?.names == ["channelId"])
  }

  @Test func `data comes as a value with an address to follow, after a notice`() {
    var client = client(["delivery=value", "stream-ready=address", "notice=once"])
    _ = client.device("store", role: "storage")
    let token = client.stored("hello")
    _ = client.post("/data-token/request-data", ["token": token])
    let data = client.messages("X-DPT-CAB-REQUEST-ID")
    #expect(data.map { $0[field: "output_type"] } == [0, 1])
    let ready = client.messages("STREAM-READY").last
    #expect(ready?.text("requestId") == data.last?.text("id"))
    #expect(ready?.text("streamUrl").hasSuffix("/?auth=\(data.last?.text("body") ?? "-")") == true)
  }

  @Test func `an upload is a command where the dialect says so`() {
    var client = client(["upload=command"])
    _ = client.device("store", role: "storage")
    let stream = client.reservation().text("stream")
    let answer = client.send(
      APIRequest(endpoint: .url(stream), method: "POST", path: "/", body: [1]))
    #expect(answer.status == 200)
    #expect(client.outcome(of: answer.commandID) == "2 Data exchanged.")
  }

  @Test(arguments: [("poll-end=certain", "resolved"), ("poll-end=time-limit", "pending")])
  func `a poll ends when its outcome is certain, or with its time`(choice: String, state: String) {
    var client = client([choice])
    _ = client.device("voter", role: "verified-authenticator")
    let id = client.post("/voting/create", json: ["title": "t", "question": "q?"]).commandID
    #expect(client.get("/voting/check-pool-status/\(id)").value.text("status") == state)
    client.wait(.seconds(60))
    #expect(client.get("/voting/check-pool-status/\(id)").value.text("status") == "resolved")
  }

  @Test(arguments: [
    ("poll=poolId", "poolId"), ("poll=poolIdentifier", "poolIdentifier"),
    ("poll=pollId", "pollId"), ("poll=id", "id"),
  ])
  func `a new poll's identifier is called as the dialect does`(choice: String, name: String) {
    var client = client([choice])
    let answer = client.post("/voting/create", json: ["title": "t", "question": "q?"])
    #expect(answer.value.fields?.names == [name])
    let id = answer.value.text(name)
    #expect(id == answer.commandID)
    #expect(client.get("/voting/check-pool-status/\(id)").status == 200)
  }

  @Test(
    arguments: ["command-id", "poolId", "poolIdentifier", "pollId", "id"], ["header", "object"])
  func `a new poll is identified by its body where no header does`(poll: String, command: String) {
    var client = client(["poll-header=no", "poll=\(poll)", "command-id=\(command)"])
    let answer = client.post("/voting/create", json: ["title": "t", "question": "q?"])
    #expect(answer.header("X-Dpt-Cab-Id") == nil)
    let fields = answer.value.fields
    var id = fields?.names.first.flatMap { fields?[$0]?.text }
    if case .list(let items) = answer.value { id = items.first?.text }
    #expect(client.get("/voting/check-pool-status/\(id ?? "")").status == 200)
  }

  @Test(arguments: [("timestamps=offset", "+00:00"), ("timestamps=zulu", "Z")])
  func `a timestamp ends as the dialect says`(choice: String, end: String) {
    var client = client([choice])
    let answer = client.post("/profile/authorization-token/expiry").value
    #expect(answer.text("expiresAt").hasSuffix(end))
  }
}
