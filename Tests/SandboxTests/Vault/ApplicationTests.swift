import Expressions
import Operations
import Sandbox
import Testing

struct ApplicationTests {
  @Test func `an application's configuration is returned once`() {
    var client = VaultClient.provisioned()
    let id = client.post(
      "/profile/oauth-application-register",
      [
        "name": "app", "redirectUri": "https://app.example/back",
        "scopes": "voting.all, device.all",
      ]
    ).commandID
    #expect(client.outcome(of: id) == "2 OAuth application registered.")
    let path = "/profile/retrieve-oauth-application-configuration"
    let first = client.post(path, ["applicationId": id])
    #expect(
      first.value.fields?.names
        == ["applicationId", "clientId", "clientSecret", "redirectUri", "scopes"])
    #expect(first.value[field: "scopes"] == ["voting.all", "device.all"])
    let second = client.post(path, ["id": id])
    #expect(second.status == 422)
    #expect(second.value == ["errors": ["applicationId": ["oauth.already_retrieved"]]])
    client.provision("b@example.com", on: ConnectionID(2))
    #expect(client.post(path, ["id": id]).status == 404)
  }

  @Test func `an application is listed without its secret`() {
    var client = VaultClient.provisioned()
    let application = client.application(scopes: "all")
    let list = client.get("/profile/retrieve-oauth-application-list")
    #expect(
      list.value == [
        [
          "applicationId": application[field: "applicationId"] ?? .null, "name": "app",
          "redirectUri": "https://app.example/back", "scopes": ["all"],
          "createdAt": .string("2026-09-21T14:13:22+00:00"),
        ]
      ])
    #expect(!"\(list.value)".contains(application.text("clientSecret")))
  }

  @Test func `the older names register an application without scopes`() {
    var client = VaultClient.provisioned()
    let answer = client.post("/profile/oauth-application-register", ["title": "app"])
    #expect(answer.status == 202)
    let wrong = client.post("/profile/oauth-application-register", ["name": "app"])
    #expect(
      wrong.value == [
        "errors": ["redirectUri": ["is required"], "scopes": ["is required"]]
      ])
  }

  @Test func `a code is for one application, one nonce, and one use`() {
    var client = VaultClient.provisioned()
    let application = client.application()
    let other = client.application()
    let request = client.requestCode(of: application, nonce: "n-1", ["all"])
    #expect(client.code(of: other, request: request, nonce: "n-1").status == 404)
    #expect(client.code(of: application, request: request, nonce: "n-2").status == 422)
    let answer = client.code(of: application, request: request, nonce: "n-1").value
    #expect(
      answer.fields?.names == [
        "clientId", "nonce", "authorizationCode", "authorization_code", "expiresAt",
      ])
    #expect(answer.text("authorizationCode") == answer.text("authorization_code"))
    let form = [HTTPField("authorization_code", answer.text("authorizationCode"))]
    let path = "/oauth-application/obtain-access-token"
    #expect(client.basic(other.basicPair, "POST", path, form).status == 403)
    #expect(client.basic(application.basicPair, "POST", path, form).status == 200)
    #expect(client.basic(application.basicPair, "POST", path, form).status == 401)
    #expect(
      client.count(of: "oauth-application.obtain-oauth-app-access-token")
        == Ledger.Count(received: 3, effects: 1))
  }

  @Test func `a code proves itself, and dies at the end of its life`() {
    var client = VaultClient.provisioned()
    let application = client.application()
    let path = "/oauth-application/obtain-access-token"
    for (wait, status) in [(Duration.seconds(599), 200), (.seconds(600), 401)] {
      let nonce = "\(wait)"
      let request = client.requestCode(of: application, nonce: nonce, ["all"])
      let answer = client.code(of: application, request: request, nonce: nonce).value
      let code = answer.text("authorizationCode")
      var later = client
      later.wait(wait - .seconds(1))
      let form = [HTTPField("authorization_code", code)]
      #expect(later.basic(code, "POST", path, form).status == status)
    }
  }

  @Test(
    arguments: [
      ("unknown", "n-2", ["all"], "3 oauth.client_not_found"),
      (nil, "n-1", ["voting.all"], "3 oauth.nonce_used"),
      (nil, "n-2", ["device.all"], "3 oauth.scope_not_allowed"),
      (nil, "n-2", ["voting.create_pool"], "2 Authorization code issued."),
    ] as [(String?, String, [String], String)])
  func `a request for a code is decided when it settles`(
    clientID: String?, nonce: String, scopes: [String], outcome: String
  ) {
    var client = VaultClient.provisioned { $0.dialect.askedScopes = .registered }
    var application = client.application(scopes: "voting.all")
    _ = client.requestCode(of: application, nonce: "n-1", ["voting.all"])
    if let clientID { application = ["clientId": .string(clientID)] }
    let id = client.requestCode(of: application, nonce: nonce, scopes)
    #expect(client.outcome(of: id) == outcome)
  }

  @Test func `an access token stands for its profile, by either header`() {
    var client = VaultClient.provisioned()
    let profile = client.get("/profile/retrieve-profile-id").value
    let application = client.application()
    let token = client.grant(["all"], of: application).text("token")
    #expect(client.basic(token, "GET", "/profile/retrieve-profile-id").value == profile)
    client.token = token
    #expect(client.get("/profile/retrieve-profile-id").value == profile)
    client.join(ConnectionID(7))
    #expect(client.received.last?.text.contains(#""status":200"#) == true)
    #expect(client.post("/profile/reauthorize-authorization-token", ["ttl": "60"]).status == 403)
    client.wait(.seconds(3600))
    #expect(client.get("/profile/retrieve-profile-id").status == 401)
  }

  @Test(arguments: [
    ("voting.all", "POST", "/voting/create", 422),
    ("voting.create_pool", "POST", "/voting/create", 422),
    ("voting.check_pool_status", "POST", "/voting/create", 403),
    ("data_token.request_data", "POST", "/data-token/request-data", 422),
    ("data_token.request_data_via_token", "POST", "/data-token/request-data", 422),
    ("data_token.request_data", "POST", "/data-token/delete-data", 403),
    ("data-token:read", "GET", "/data-token/list-data-tokens", 200),
    ("data-token:read", "POST", "/data-token/delete-data", 403),
    ("data-token:write", "POST", "/data-token/delete-data", 422),
    ("profile.retrieve_profile_id", "GET", "/profile/retrieve-profile-id", 200),
    ("storage.register", "POST", "/storage/register", 422),
    ("storage.register", "POST", "/verified-authenticator/register", 403),
    ("all", "POST", "/policy/activate", 422),
  ])
  func `an access token opens what its scopes name`(
    scope: String, method: String, path: String, status: Int
  ) {
    var client = VaultClient.provisioned()
    let application = client.application()
    client.token = client.grant([scope], of: application).text("token")
    let answer = client.send(client.request(method, path, type: nil, body: []))
    #expect(answer.status == status)
  }

  @Test func `renewing changes both tokens, and the old ones die`() {
    var client = VaultClient.provisioned()
    let application = client.application()
    let first = client.grant(["voting.all", "device.all"], of: application)
    let path = "/oauth-application/refresh-access-token"
    let form = [HTTPField("refresh_token", first.text("refreshToken"))]
    client.wait(.seconds(7200))
    let second = client.basic(first.text("token"), "POST", path, form)
    #expect(second.status == 200)
    #expect(second.value.fields?.names == first.fields?.names)
    #expect(second.value.text("scope") == "voting.all device.all")
    #expect(client.basic(first.text("token"), "POST", path, form).status == 401)
    #expect(client.basic(second.value.text("token"), "POST", path, form).status == 401)
    let next = [HTTPField("refresh_token", second.value.text("refreshToken"))]
    #expect(client.basic(application.basicPair, "POST", path, next).status == 200)
  }

  @Test func `a token returns its scopes, and nothing else does`() {
    var client = VaultClient.provisioned()
    let application = client.application()
    let grant = client.grant(["voting.all", "device.all"], of: application)
    let path = "/oauth-application/retrieve-oauth-application-scope"
    #expect(client.basic(grant.text("token"), "GET", path).value == ["voting.all", "device.all"])
    #expect(client.basic(client.token ?? "", "GET", path).status == 401)
    #expect(client.basic(application.basicPair, "GET", path).status == 401)
    #expect(client.basic(client.token ?? "", "GET", "/profile/retrieve-profile-id").status == 401)
  }
}
