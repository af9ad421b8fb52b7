import Expressions
import Operations
import Sandbox
import Testing

/// Form checks come at once, for all fields of a request together (protocol.md §12).
struct ValidationTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let operation: String
    let path: String
    let required: [String]
    var isJSON = false

    var testDescription: String { operation }
  }

  static let forms: [Case] = [
    Case(
      operation: "profile.register-new-profile", path: "/profile/register-profile",
      required: ["username", "password"]),
    Case(
      operation: "profile.authenticate", path: "/profile/authenticate",
      required: ["username", "password"]),
    Case(
      operation: "profile.change-password", path: "/profile/change-password",
      required: ["currentPassword", "newPassword"]),
    Case(
      operation: "profile.reauthorize-authorization-token",
      path: "/profile/reauthorize-authorization-token", required: ["ttl"]),
    Case(
      operation: "oauth-application.register-oauth-application",
      path: "/profile/oauth-application-register", required: ["name", "redirectUri", "scopes"]),
    Case(
      operation: "oauth-application.retrieve-oauth-app-configuration",
      path: "/profile/retrieve-oauth-application-configuration", required: ["applicationId"]),
    Case(
      operation: "public-key.register-public-key", path: "/public-key/register-public-key",
      required: ["publicKey"]),
    Case(
      operation: "data-token.reserve-token-space", path: "/data-token/reserve-token-space",
      required: ["context"]),
    Case(
      operation: "data-token.exchange-data-for-token", path: "/data-token/exchange-data-for-token",
      required: ["temporaryTokenSpace", "data"]),
    Case(
      operation: "data-token.request-data-via-token", path: "/data-token/request-data",
      required: ["token"]),
    Case(
      operation: "data-token.configure-information-security-risk-meta",
      path: "/data-token/configure-information-security-risk-meta",
      required: ["token", "classification", "label", "handling"]),
    Case(
      operation: "data-token.configure-file-meta", path: "/data-token/configure-file-meta",
      required: ["token", "fileName", "extension", "context", "size", "path"]),
    Case(
      operation: "data-token.update-data-token", path: "/data-token/update-data",
      required: ["dataToken", "data"], isJSON: true),
    Case(
      operation: "data-token.update-data-token", path: "/data-token/update-data-token",
      required: ["token"]),
    Case(
      operation: "data-token.delete-data", path: "/data-token/delete-data", required: ["token"]),
    Case(
      operation: "device.request-unique-identifier", path: "/device/request-unique-identifier",
      required: ["deviceName"]),
    Case(
      operation: "device.retrieve-unique-identifier", path: "/device/retrieve-unique-identifier",
      required: ["id"]),
    Case(
      operation: "verified-authenticator.set-quorum-size",
      path: "/verified-authenticator/set-quorum-size", required: ["size"]),
    Case(
      operation: "verified-authenticator.set-quorum-strategy",
      path: "/verified-authenticator/set-quorum-strategy",
      required: ["strategy", "strategy_params"]),
    Case(
      operation: "verified-authenticator.set-voting-time-limit",
      path: "/verified-authenticator/set-voting-time-limit", required: ["timeLimit"]),
    Case(
      operation: "verified-authenticator.set-maximum-voting-attempts",
      path: "/verified-authenticator/set-maximum-voting-attempts", required: ["numberOfAttempts"]),
    Case(
      operation: "verified-authenticator.register-voting-configuration",
      path: "/verified-authenticator/voting-configuration/register",
      required: ["name", "timeLimit", "strategy", "deviceIdentifiers"], isJSON: true),
    Case(
      operation: "verified-authenticator.update-voting-configuration",
      path: "/verified-authenticator/voting-configuration/update",
      required: ["name", "timeLimit", "strategy", "deviceIdentifiers"], isJSON: true),
    Case(
      operation: "policy.register-policy", path: "/policy/register",
      required: ["policyTemplateId", "applyingEventIds"], isJSON: true),
    Case(operation: "policy.activate-policy", path: "/policy/activate", required: ["policyId"]),
    Case(operation: "policy.deactivate-policy", path: "/policy/deactivate", required: ["policyId"]),
    Case(operation: "policy.delete-policy", path: "/policy/delete", required: ["policyId"]),
    Case(
      operation: "voting.create-voting", path: "/voting/create", required: ["title", "question"],
      isJSON: true),
  ]

  /// What is about one device and nothing else.
  static let deviceCommands: [Case] = [
    ("device.configure-device-meta", "/device/configure-meta"),
    ("device.approve-device", "/device/approve-device"),
    ("device.reject-device", "/device/reject-device"), ("device.remove-device", "/device/remove"),
    ("device.retrieve-device-configuration", "/device/download-device-configuration"),
    ("storage.register-storage-device", "/storage/register"),
    ("storage.synchronize-device", "/storage/sync-device"),
    ("storage.remove-storage", "/storage/remove"),
    ("verified-authenticator.register-authenticator", "/verified-authenticator/register"),
    ("verified-authenticator.remove-authenticator", "/verified-authenticator/remove"),
  ].map { Case(operation: $0.0, path: $0.1, required: ["deviceIdentifier"]) }

  @Test(arguments: forms + deviceCommands)
  func `a request without its fields gets all of them in one response`(_ request: Case) {
    var client = VaultClient.provisioned { $0.dialect.requiredFields = .official }
    let answer = request.isJSON ? client.post(request.path, json: [:]) : client.post(request.path)
    #expect(answer.status == 422)
    #expect(answer.value[field: "errors"]?.fields?.names == request.required)
    #expect(client.count(of: request.operation)?.received ?? 0 > 0)
  }

  @Test(arguments: forms + deviceCommands)
  func `a field that is not a string is reported, whatever else is right`(_ request: Case) {
    guard request.isJSON, let name = request.required.first else { return }
    var client = VaultClient.provisioned()
    var body = ValueMap()
    body[name] = [:]
    let answer = client.post(request.path, json: .map(body))
    #expect(answer.status == 422)
    #expect(answer.value[field: "errors"]?[field: name] == ["must be a string"])
  }

  @Test(arguments: forms + deviceCommands)
  func `multipart is taken wherever a form is`(_ request: Case) {
    guard !request.isJSON else { return }
    var client = VaultClient.provisioned()
    let names = request.required + ["other"]
    let parts = names.map {
      "--b\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n7\r\n"
    }
    let form = client.post(request.path, form: names.map { HTTPField($0, "7") })
    var other = VaultClient.provisioned()
    let multipart = other.send(
      other.request(
        "POST", request.path, type: "multipart/form-data; boundary=b",
        body: Array("\(parts.joined())--b--\r\n".utf8)))
    #expect(multipart.status == form.status)
    #expect(multipart.value[field: "errors"] == form.value[field: "errors"])
  }

  @Test(arguments: [
    ("/oauth-application/retrieve-authorization-code", ["id", "nonce"]),
    ("/oauth-application/obtain-access-token", ["authorization_code"]),
    ("/oauth-application/refresh-access-token", ["refresh_token"]),
  ])
  func `an application gets its missing fields too`(path: String, required: [String]) {
    var client = VaultClient.provisioned()
    let application = client.application()
    let answer = client.basic(application.basicPair, "POST", path)
    #expect(answer.status == 422)
    #expect(answer.value[field: "errors"]?.fields?.names == required)
  }

  @Test func `a request for a code gets its missing fields too`() {
    var client = VaultClient.provisioned()
    let answer = client.get("/profile/oauth-application-request-authorization-code")
    #expect(answer.value[field: "errors"]?.fields?.names == ["client_id", "nonce", "scope"])
  }

  @Test(
    arguments: [
      ("/device/approve-device", ["deviceIdentifier": "none"], "3 device.not_found"),
      ("/storage/register", ["deviceIdentifier": "none"], "3 device.not_found"),
      ("/data-token/delete-data", ["token": "none"], "3 data_token.not_found"),
      ("/policy/activate", ["policyId": "none"], "3 policy.not_found"),
      (
        "/profile/change-password",
        ["currentPassword": "not this one", "newPassword": "long enough"],
        "3 profile.invalid_password"
      ),
    ] as [(String, [String: String], String)])
  func `what is right in form is refused later, with a reason's key`(
    path: String, fields: [String: String], outcome: String
  ) {
    var client = VaultClient.provisioned()
    let answer = client.post(path, form: fields.map { HTTPField($0.key, $0.value) })
    #expect(answer.status == 202)
    #expect(client.outcome(of: answer.commandID) == outcome)
  }

  @Test(arguments: [
    (Dialect.Source.all, 202, 202), (.official, 422, 202), (.observed, 202, 422),
  ])
  func `which fields are required is the dialect's matter where sources differ`(
    source: Dialect.Source, votingConfiguration: Int, policy: Int
  ) {
    var client = VaultClient.provisioned { $0.dialect.requiredFields = source }
    let first = client.post(
      "/verified-authenticator/voting-configuration/register",
      json: ["name": "n", "timeLimit": 60, "strategy": "unanimous"])
    let second = client.post(
      "/policy/register", json: ["policyTemplateId": "t", "applyingEventIds": ["e"]])
    #expect([first.status, second.status] == [votingConfiguration, policy])
  }
}
