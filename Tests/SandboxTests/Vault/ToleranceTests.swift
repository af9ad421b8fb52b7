import Expressions
import Operations
import Sandbox
import Testing

/// What public clients leave out or do early, and what only the official pages insist on.
struct ToleranceTests {
  private static func client(_ source: Dialect.Source) -> VaultClient {
    VaultClient.provisioned { $0.dialect.requiredFields = source }
  }

  struct Case: Sendable {
    let path: String
    let fields: [String: String]

    init(_ path: String, _ fields: [String: String]) {
      self.path = path
      self.fields = fields
    }
  }

  @Test(arguments: [
    Case("/device/request-unique-identifier", [:]),
    Case("/profile/reauthorize-authorization-token", ["ttl": ""]),
    Case(
      "/verified-authenticator/set-quorum-strategy",
      ["strategy": "consensus", "strategy_params": ""]),
    Case(
      "/data-token/configure-information-security-risk-meta",
      ["token": "t", "classification": "confidential", "retentionDays": "365"]),
  ])
  func `a field that public clients leave out is required by the official pages only`(
    request: Case
  ) {
    let form = request.fields.map { HTTPField($0.key, $0.value) }
    let statuses = [Dialect.Source.all, .observed, .official].map { source -> Int in
      var client = Self.client(source)
      return client.post(request.path, form: form).status
    }
    #expect(statuses[0] < 300)
    #expect(statuses == [statuses[0], statuses[0], 422])
  }

  @Test func `a minimum percentage is required of the strategy that has one`() {
    var client = VaultClient.provisioned()
    let answer = client.post(
      "/verified-authenticator/set-quorum-strategy", ["strategy": "minimum_percentage"])
    #expect(answer.value == ["errors": ["strategy_params": ["is required"]]])
  }

  @Test func `a device without a name is called by its identifier, which has two names`() {
    var client = VaultClient.provisioned()
    let request = client.post("/device/request-unique-identifier").commandID
    let answer = client.post("/device/retrieve-unique-identifier", ["id": request]).value
    let id = answer.text("deviceIdentifier")
    #expect(
      answer == ["deviceIdentifier": .string(id), "deviceUniqueIdentifier": .string(id)])
    guard case .list(let records) = client.get("/device/retrieve-profile-devices").value else {
      Issue.record("no list")
      return
    }
    #expect(records.map { $0.text("name") } == [id])
  }

  @Test(arguments: [("early-login=settles", [200, 202]), ("early-login=refused", [401, 202])])
  func `who logs in before the registration has settled has it settled, or is refused`(
    choice: String, statuses: [Int]
  ) {
    var client = VaultClient.speaking([choice]) { $0.delay = .seconds(5) }
    let fields: KeyValuePairs = ["username": "a", "password": VaultClient.password]
    let wrong: KeyValuePairs = ["username": "a", "password": "another password"]
    let registration = client.post("/profile/register-profile", fields)
    #expect(client.post("/profile/authenticate", wrong).status == 401)
    let answer = client.post("/profile/authenticate", fields)
    #expect([answer.status, registration.status] == statuses)
    client.wait(.seconds(5))
    #expect(client.status(of: registration.commandID) == "succeeded")
    #expect(client.post("/profile/authenticate", fields).status == 200)
    #expect(client.count(of: "profile.register-new-profile")?.effects == 1)
  }

  @Test(arguments: [
    ("asked-scopes=any", "2 Authorization code issued."),
    ("asked-scopes=registered", "3 oauth.scope_not_allowed"),
  ])
  func `an application may ask for any scope, or for those it was registered with`(
    choice: String, outcome: String
  ) {
    var client = VaultClient.provisioned { $0.speak([choice]) }
    let application = client.application(scopes: "data-token:read")
    let id = client.requestCode(of: application, nonce: "n", ["all"])
    #expect(client.outcome(of: id) == outcome)
  }

  @Test func `a code may be asked for by a form, with scopes in one text`() {
    var client = VaultClient.provisioned()
    let application = client.application()
    let id = client.post(
      "/profile/oauth-application-request-authorization-code",
      [
        "client_id": application.text("clientId"), "nonce": "n",
        "scope": "voting.all device.all",
      ]
    ).commandID
    let code = client.code(of: application, request: id, nonce: "n").value
    let grant = client.basic(
      application.basicPair, "POST", "/oauth-application/obtain-access-token",
      [HTTPField("authorization_code", code.text("authorization_code"))])
    #expect(grant.value.text("scope") == "voting.all device.all")
  }

  @Test(arguments: [
    ("key-tag=current", ["succeeded", "rejected"]),
    ("key-tag=legacy", ["rejected", "succeeded"]),
    ("key-tag=either", ["succeeded", "succeeded"]),
  ])
  func `a key begins with the tag that the dialect takes`(
    choice: String, outcomes: [String]
  ) throws {
    var client = VaultClient.provisioned { $0.speak([choice]) }
    let raw = [UInt8](repeating: 7, count: 32)
    let found = try [SignedPublicKey.Tag.current, .legacy].map { tag in
      let key = try SignedPublicKey(publicKey: raw, tag: tag).hex.uppercased()
      let id = client.post("/public-key/register-public-key", ["publicKey": key]).commandID
      return client.status(of: id)
    }
    #expect(found == outcomes)
  }

  @Test func `a vote is asked for by a form too, with an application's token`() {
    var client = VaultClient.provisioned()
    let application = client.application()
    let token = client.grant(["all"], of: application).text("token")
    let answer = client.basic(
      token, "POST", "/voting/create",
      [HTTPField("question", "Proceed?"), HTTPField("title", "t")])
    #expect(answer.status == 202)
    #expect(client.get("/voting/check-pool-status/\(answer.commandID)").status == 200)
  }
}
