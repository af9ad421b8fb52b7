import Expressions
import Operations
import Sandbox
import Testing

struct CommandTests {
  @Test(arguments: Dialect.CommandIDForm.allCases)
  func `a command id comes in the dialect's form, and in the header always`(
    form: Dialect.CommandIDForm
  ) {
    var client = VaultClient { $0.dialect.commandID = form }
    let answer = client.register("a@example.com")
    let id = Value.string(answer.header("X-Dpt-Cab-Id") ?? "")
    switch form {
    case .array: #expect(answer.value == [id])
    case .string: #expect(answer.value == id)
    case .object: #expect(answer.value == ["commandId": id])
    case .header: #expect(answer.body == [])
    }
  }

  @Test(arguments: Dialect.StatusForm.allCases)
  func `a status comes in the dialect's form`(form: Dialect.StatusForm) {
    var client = VaultClient { $0.dialect.status = form }
    let id = client.register("a@example.com").commandID
    let answer = client.get("/request-status/\(id)").value
    switch form {
    case .array: #expect(answer == ["succeeded"])
    case .string: #expect(answer == "succeeded")
    case .number: #expect(answer == 2)
    case .http: #expect(answer == .null)
    case .object:
      #expect(
        answer
          == ["commandId": .string(id), "command_status": 2, "body": "Profile registered."])
    }
  }

  @Test(arguments: [
    (["status=array"], [202, 200], [#"["started"]"#, #"["rejected","profile.username_taken"]"#]),
    (["refusal=word"], [202, 200], [#"["started"]"#, #"["rejected"]"#]),
    (["status=string"], [202, 200], [#""started""#, #""rejected""#]),
    (["status=number", "pending-status=200"], [200, 200], ["1", "3"]),
    (["status=http", "pending-status=200"], [202, 404], ["", ""]),
  ])
  func `a poll reports by its HTTP status too, and includes the reason of a refusal`(
    choices: [String], statuses: [Int], bodies: [String]
  ) {
    var client = VaultClient.speaking(choices) { $0.delay = .milliseconds(20) }
    client.register("a@example.com")
    let id = client.post(
      "/profile/register-profile",
      ["username": "a@example.com", "password": VaultClient.password]
    ).commandID
    let first = client.get("/request-status/\(id)")
    client.settle()
    let second = client.get("/request-status/\(id)")
    #expect([first.status, second.status] == statuses)
    #expect([first, second].map { String(decoding: $0.body, as: UTF8.self) } == bodies)
  }

  @Test func `a poll soon after another is put off where the dialect says so`() {
    var client = VaultClient.speaking(["poll-rate=limited"])
    let path = "/request-status/\(client.register("a@example.com").commandID)"
    let other = "/request-status/\(client.register("b@example.com").commandID)"
    #expect(client.get(path).status == 200)
    client.wait(.milliseconds(499))
    let refusal = client.get(path)
    #expect(refusal.status == 429)
    #expect(refusal.header("Retry-After") == "1")
    #expect(client.get(other).status == 200)
    client.wait(.milliseconds(1))
    #expect(client.get(path).status == 200)
  }

  @Test func `a command is in flight until its delay has passed`() {
    var client = VaultClient { $0.delay = .milliseconds(20) }
    let id = client.post(
      "/profile/register-profile", ["username": "a", "password": VaultClient.password]
    ).commandID
    #expect(client.vault.nextDeadline == client.now + .milliseconds(20))
    client.wait(.milliseconds(19))
    #expect(client.get("/request-status/\(id)").value == ["started"])
    client.wait(.milliseconds(1))
    #expect(client.post("/request-status/\(id)", json: [:]).value == ["succeeded"])
    #expect(client.vault.nextDeadline == nil)
  }

  @Test func `without a delay the outcome is sent in the same reaction`() {
    var client = VaultClient.provisioned()
    let body = Array("deviceName=d".utf8)
    let request = client.request(
      "POST", "/device/request-unique-identifier", type: "application/x-www-form-urlencoded",
      body: body)
    let reaction = client.vault.receive(request, at: client.now)
    #expect(reaction.emissions.count == 1)
  }

  @Test func `pending is announced where the dialect says so`() {
    var client = VaultClient.provisioned {
      $0.dialect.pending = .once
      $0.delay = .milliseconds(5)
    }
    client.received = []
    _ = client.post("/device/request-unique-identifier", ["deviceName": "d"])
    client.settle()
    #expect(client.messages("X-DPT-CAB-ID").map { $0[field: "command_status"] } == [1, 2])
  }

  @Test func `time never runs backwards`() {
    var client = VaultClient { $0.delay = .milliseconds(20) }
    let id = client.register("a@example.com").commandID
    client.now = VaultClient.start
    #expect(client.get("/request-status/\(id)").value == ["succeeded"])
  }

  @Test func `a command before the join is a violation, a registration and a key are none`() {
    var client = VaultClient { $0.dialect.demandsProfileKey = false }
    client.register("a@example.com")
    client.authenticate("a@example.com")
    _ = client.post(
      "/public-key/register-public-key", ["publicKey": String(repeating: "0", count: 200)])
    #expect(client.violations.isEmpty)
    _ = client.post("/device/request-unique-identifier", ["deviceName": "d"])
    #expect(client.violations == ["command-before-join"])
  }

  @Test(arguments: [Dialect.Acceptance.ok: 200, .accepted: 202])
  func `an accepted command is answered with 200 only where that was seen`(
    acceptance: Dialect.Acceptance, status: Int
  ) {
    var client = VaultClient.provisioned { $0.dialect.acceptance = acceptance }
    let named = client.post(
      "/verified-authenticator/voting-configuration/register",
      json: ["name": "n", "timeLimit": 60, "strategy": "unanimous"])
    #expect(named.status == status)
    #expect(client.register("b@example.com").status == 202)
    let device = client.post("/device/request-unique-identifier", ["deviceName": "d"])
    #expect(device.status == 202)
  }

  @Test func `a vault that is full takes no more`() {
    var client = VaultClient { $0.limits.records = 1 }
    #expect(client.register("a@example.com").status == 202)
    #expect(client.register("b@example.com").status == 503)
  }
}
