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

  @Test func `without a delay the outcome is told in the same reaction`() {
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

  @Test func `a command before the join is a violation, a registration is none`() {
    var client = VaultClient()
    client.register("a@example.com")
    client.authenticate("a@example.com")
    #expect(client.violations.isEmpty)
    _ = client.post(
      "/public-key/register-public-key", ["publicKey": String(repeating: "0", count: 200)])
    #expect(client.violations == ["command-before-join"])
  }

  @Test(arguments: [Dialect.Acceptance.ok: 200, .accepted: 202])
  func `an accepted command is answered with 200 only where that was seen`(
    acceptance: Dialect.Acceptance, status: Int
  ) {
    var client = VaultClient.provisioned { $0.dialect.acceptance = acceptance }
    #expect(client.register("b@example.com").status == status)
    let device = client.post("/device/request-unique-identifier", ["deviceName": "d"])
    #expect(device.status == 202)
  }

  @Test func `a vault that is full takes no more`() {
    var client = VaultClient { $0.limits.records = 1 }
    #expect(client.register("a@example.com").status == 202)
    #expect(client.register("b@example.com").status == 503)
  }
}
