import Expressions
import Operations
import Sandbox
import Testing

struct ProfileTests {
  @Test(arguments: [
    ("/profile/retrieve-profile-id", "GET"), ("/device/request-unique-identifier", "POST"),
    ("/public-key/retrieve-public-key", "GET"), ("/data-token/list-data-tokens", "GET"),
    ("/policy/list-policy-templates", "GET"), ("/profile/change-password", "POST"),
  ])
  func `a protected call before the key is registered is refused`(path: String, method: String) {
    var client = VaultClient()
    client.register("a@example.com")
    client.authenticate("a@example.com")
    let answer = client.send(client.request(method, path, type: nil, body: []))
    #expect(answer.status == 403)
    // Reading is how to learn that there is none.
    #expect(client.violations == (method == "GET" ? [] : ["call-before-key"]))
  }

  @Test func `a token can be looked after before the key is registered`() {
    var client = VaultClient()
    client.register("a@example.com")
    client.authenticate("a@example.com")
    #expect(client.post("/profile/authorization-token/expiry").status == 200)
    let renewed = client.post("/profile/reauthorize-authorization-token", ["ttl": "60"])
    client.token = renewed.value[field: "authorizationToken"]?.text
    #expect(client.post("/profile/revoke-authorization-token").status == 200)
    #expect(client.violations.isEmpty)
  }

  @Test func `a switch lets a profile do without its key`() {
    var client = VaultClient { $0.dialect.demandsProfileKey = false }
    client.register("a@example.com")
    client.authenticate("a@example.com")
    #expect(client.get("/profile/retrieve-profile-id").status == 200)
  }

  @Test(
    arguments: [
      ([:], #"{"errors":{"username":["is required"],"password":["is required"]}}"#),
      (["username": "a"], #"{"errors":{"password":["is required"]}}"#),
      (
        ["username": "", "password": "12345678"], #"{"errors":{"username":["must not be empty"]}}"#
      ),
      (["username": "a", "password": "1234567"], #"{"errors":{"password":["is too short"]}}"#),
    ] as [([String: String], String)])
  func `a registration that is wrong in form is refused at once, with every reason`(
    fields: [String: String], expected: String
  ) {
    var client = VaultClient()
    let form = fields.map { HTTPField($0.key, $0.value) }
    let answer = client.post("/profile/register-profile", form: form)
    #expect(answer.status == 422)
    #expect(String(decoding: answer.body, as: UTF8.self) == expected)
  }

  @Test func `a taken name is refused when the command settles`() {
    var client = VaultClient()
    client.register("a@example.com")
    let second = client.register("a@example.com")
    #expect(second.status == 202)
    #expect(client.status(of: second.commandID) == "rejected")
    #expect(client.count(of: "profile.register-new-profile")?.effects == 1)
  }

  @Test func `a taken name is a conflict where the dialect says so`() {
    var client = VaultClient { $0.dialect.takenUsername = .conflict }
    client.register("a@example.com")
    #expect(client.register("a@example.com").status == 409)
  }

  @Test func `wrong credentials are answered with 401`() {
    var client = VaultClient()
    client.register("a@example.com")
    for fields in [
      ["username": "a@example.com", "password": "wrong"],
      ["username": "b@example.com", "password": VaultClient.password],
    ] {
      let form = fields.map { HTTPField($0.key, $0.value) }
      let answer = client.post("/profile/authenticate", form: form)
      #expect(answer.status == 401)
      #expect(answer.value == ["message": "invalid credentials"])
    }
  }

  @Test func `a token dies at the end of its life`() {
    var client = VaultClient.provisioned { $0.tokenLifetime = .seconds(60) }
    #expect(client.get("/profile/retrieve-profile-id").status == 200)
    client.wait(.seconds(60))
    #expect(client.get("/profile/retrieve-profile-id").status == 401)
    #expect(client.violations.isEmpty)
  }

  @Test func `renewing answers a new token and kills the old one`() {
    var client = VaultClient.provisioned()
    let old = client.token
    let answer = client.post("/profile/reauthorize-authorization-token", ["ttl": "120"])
    client.token = answer.value[field: "authorizationToken"]?.text
    #expect(client.token != old)
    #expect(
      client.post("/profile/authorization-token/expiry").value[field: "expiresAt"]
        == answer.value[field: "expiresAt"])
    client.token = old
    #expect(client.get("/profile/retrieve-profile-id").status == 401)
  }

  @Test func `renewing extends the same token where the dialect says so`() {
    var client = VaultClient.provisioned { $0.dialect.renewal = .command }
    let answer = client.post("/profile/reauthorize-authorization-token", ["ttl": "9999999"])
    client.settle()
    #expect(client.outcome(of: answer.commandID) == "2 Token extended.")
    client.wait(.seconds(9_000_000))
    #expect(client.get("/profile/retrieve-profile-id").status == 200)
  }

  @Test func `a revoked token is dead at once`() {
    var client = VaultClient.provisioned()
    #expect(client.post("/profile/revoke-authorization-token").status == 200)
    #expect(client.get("/profile/retrieve-profile-id").status == 401)
  }

  @Test func `a password is changed by who knows it, and tokens live on`() {
    var client = VaultClient.provisioned()
    let wrong = client.post(
      "/profile/change-password", ["currentPassword": "wrong", "newPassword": "new password"])
    client.settle()
    #expect(client.outcome(of: wrong.commandID) == "3 profile.invalid_password")
    let right = client.post(
      "/profile/change-password",
      ["currentPassword": VaultClient.password, "newPassword": "new password"])
    client.settle()
    #expect(client.outcome(of: right.commandID) == "2 Password changed.")
    #expect(client.get("/profile/retrieve-profile-id").status == 200)
    let old = client.post(
      "/profile/authenticate", ["username": "a@example.com", "password": VaultClient.password])
    #expect(old.status == 401)
  }

  @Test func `a protected call without a token is a violation`() {
    var client = VaultClient()
    #expect(client.get("/profile/retrieve-profile-id").status == 401)
    #expect(client.violations == ["call-without-token"])
  }

  @Test(arguments: [
    ("GET", "/nothing", 404), ("GET", "/", 404), ("GET", "/request-status/", 404),
    ("GET", "/request-status/unknown", 404), ("GET", "/request-status/%ZZ", 404),
    ("POST", "/health", 405), ("GET", "/profile/authenticate", 405),
    ("POST", "/__sandbox/ledger", 405),
  ])
  func `what does not exist is reported as JSON`(method: String, path: String, status: Int) {
    var client = VaultClient()
    let answer = client.send(client.request(method, path, type: nil, body: []))
    #expect(answer.status == status)
    #expect(answer.value[field: "message"] != nil)
  }
}
