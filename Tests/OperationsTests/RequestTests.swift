import Expressions
import Operations
import Playbooks
import Testing

@Suite struct RequestTests {
  private static let unknown = Value.unknown(Unknown("a.id"))
  private static let token = HTTPField("X-DPT-AUTHORIZATION", "session-token")
  private static let accept = HTTPField(
    "Accept", "application/json, text/plain;q=0.8, */*;q=0.5")
  private static let form = HTTPField("Content-Type", "application/x-www-form-urlencoded")
  private static let json = HTTPField("Content-Type", "application/json")

  @Test func `every value that cannot be sent is found, whatever is still unknown`() throws {
    let list = try Embedded.operation("data-token.list-data-tokens")
    #expect(
      list.objections(to: ["page": 0, "perPage": 0]).map(\.message) == [
        "the field `page` must be at least 1, not 0",
        "the field `perPage` must be at least 1, not 0",
      ])
    #expect(
      list.objections(to: ["page": Self.unknown, "perPage": 0]).map(\.message) == [
        "the field `perPage` must be at least 1, not 0"
      ])
    #expect(list.objections(to: ["page": Self.unknown]) == [])
    let approve = try Embedded.operation("device.approve-device")
    #expect(approve.objections(to: [:]) == [.missingField("deviceIdentifier")])
    #expect(approve.objections(to: ["deviceIdentifier": "d-1"]) == [])
  }

  @Test func `a form is written as WHATWG says`() throws {
    let request = try Embedded.request(
      "profile.register-new-profile",
      ["username": "a b+c@example.com", "password": .secret(text: "p&=%ü*-._~")], token: nil)
    #expect(
      request
        == APIRequest(
          method: "POST", path: "/profile/register-profile", headers: [Self.accept, Self.form],
          body: Array("username=a+b%2Bc%40example.com&password=p%26%3D%25%C3%BC*-._%7E".utf8)))
  }

  @Test func `an empty form has its content type and no bytes`() throws {
    #expect(
      try Embedded.request("profile.retrieve-token-expiry")
        == APIRequest(
          method: "POST", path: "/profile/authorization-token/expiry",
          headers: [Self.token, Self.accept, Self.form]))
  }

  @Test func `JSON keeps types and the order of the description`() throws {
    let request = try Embedded.request(
      "verified-authenticator.register-voting-configuration",
      [
        "deviceIdentifiers": ["dev-1", "dev \"2\""], "strategy": "minimum_percentage",
        "percentageRequired": "51", "timeLimit": 60, "name": "two\nlines",
      ])
    #expect(
      request
        == APIRequest(
          method: "POST", path: "/verified-authenticator/voting-configuration/register",
          headers: [Self.token, Self.accept, Self.json],
          body: Array(
            (#"{"name":"two\nlines","timeLimit":60,"strategy":"minimum_percentage","#
              + #""percentageRequired":51,"deviceIdentifiers":["dev-1","dev \"2\""]}"#).utf8)))
  }

  @Test func `a field is sent under its further names too`() throws {
    let policy = try Embedded.request(
      "policy.register-policy",
      [
        "name": "p", "policyTemplateId": "t", "applyingEventIds": ["e"],
        "configuration": ["label": "x"], "configurationId": "v",
      ])
    #expect(
      policy.bodyText == #"{"name":"p","policyTemplateId":"t","applyingEventIds":["e"],"#
        + #""configuration":{"label":"x"},"configurationId":"v","votingConfigurationId":"v"}"#)
    let application = try Embedded.request(
      "oauth-application.register-oauth-application",
      ["name": "n", "redirectUri": "http://x/", "scopes": ["a", "b.all"]])
    #expect(
      application.bodyText == "name=n&title=n&redirectUri=http%3A%2F%2Fx%2F"
        + "&redirect_uri=http%3A%2F%2Fx%2F&scopes=a%2Cb.all")
  }

  @Test func `lists and maps travel in brackets`() throws {
    let code = try Embedded.request(
      "oauth-application.request-oauth-app-authorization-code",
      ["client_id": "c", "nonce": "n", "scope": ["all", "voting.all"]])
    #expect(
      code.query == [
        HTTPField("client_id", "c"), HTTPField("nonce", "n"), HTTPField("scope[]", "all"),
        HTTPField("scope[]", "voting.all"),
      ])
    let list = try Embedded.request(
      "data-token.list-data-tokens",
      ["page": 2, "filters": ["context": "contracts", "meta.file.fileName": "a b.txt"]])
    #expect(
      list.query == [
        HTTPField("page", "2"), HTTPField("filters[context]", "contracts"),
        HTTPField("filters[meta.file.fileName]", "a b.txt"),
      ])
  }

  @Test func `a path field is percent-encoded`() throws {
    let request = try Embedded.request("policy.retrieve-registered-policy", ["name": "a/b ü?#%"])
    #expect(request.path == "/policy/retrieve-policy/a%2Fb%20%C3%BC%3F%23%25")
  }

  @Test func `bytes go up as they are, without a token`() throws {
    let request = try Embedded.request(
      "data-token.upstream-file-via-stream-auth",
      ["auth": .secret(text: "once"), "body": .bytes([0, 255, 10])])
    #expect(
      request
        == APIRequest(
          endpoint: .upstream, method: "POST", path: "/", query: [HTTPField("auth", "once")],
          headers: [Self.accept, HTTPField("Content-Type", "application/octet-stream")],
          body: [0, 255, 10]))
  }

  @Test func `a download goes where the service says`() throws {
    let accept = HTTPField("Accept", "application/octet-stream, */*;q=0.5")
    #expect(
      try Embedded.request("data-token.download-data", ["auth": "once"])
        == APIRequest(
          endpoint: .downstream, method: "GET", path: "/", query: [HTTPField("auth", "once")],
          headers: [accept]))
    #expect(
      try Embedded.request("data-token.download-data", ["auth": "https://down:1/?auth=x"])
        == APIRequest(
          endpoint: .url("https://down:1/?auth=x"), method: "GET", path: "/", headers: [accept]))
  }

  @Test func `bytes become base64 where a text is needed`() throws {
    let request = try Embedded.request(
      "data-token.exchange-data-for-token",
      ["temporaryTokenSpace": "t", "data": .bytes([0xFB, 0xFF, 0xBF, 1])])
    #expect(request.bodyText == "temporaryTokenSpace=t&data=%2B%2F%2B%2FAQ%3D%3D")
  }

  @Test func `an application proves itself by Basic`() throws {
    let pair: ValueMap = [
      "clientId": "id", "clientSecret": .secret(text: "sec:ret"), "id": "i", "nonce": "n",
    ]
    let code = try Embedded.request(
      "oauth-application.retrieve-oauth-app-authorization-code", pair, token: nil)
    #expect(code.header("authorization") == "Basic aWQ6c2VjOnJldA==")
    #expect(code.bodyText == "id=i&nonce=n")
    let scope = try Embedded.request(
      "oauth-application.retrieve-oauth-application-scope", ["accessToken": "raw"], token: nil)
    #expect(scope.header("Authorization") == "Basic raw")
    let voting: ValueMap = ["votingConfigurationId": "v", "question": "q", "title": "t"]
    #expect(try Embedded.request("voting.create-voting", voting).headers.first == Self.token)
    var asApplication = voting
    asApplication["accessToken"] = "raw"
    let poll = try Embedded.request("voting.create-voting", asApplication)
    #expect(poll.headers.first == HTTPField("Authorization", "Basic raw"))
    #expect(!poll.bodyText.contains("raw"))
  }

  @Test func `a fresh code stands in for client credentials that are refused`() throws {
    let operation = try Embedded.operation("oauth-application.obtain-oauth-app-access-token")
    let arguments: ValueMap = [
      "clientId": "i", "clientSecret": "s", "authorization_code": "code",
    ]
    let request = try operation.request(
      arguments, by: try #require(operation.routes.last), token: nil)
    #expect(request.header("Authorization") == "Basic code")
    #expect(request.bodyText == "authorization_code=code")
  }

  @Test func `a path field that a way does not name travels in its body`() throws {
    let operation = try Embedded.operation("device.retrieve-device-configuration")
    let requests = try operation.routes.map {
      try operation.request(["deviceIdentifier": "d 1"], by: $0, token: Secret("t"))
    }
    #expect(requests.map(\.method) == ["GET", "POST", "GET"])
    #expect(
      requests.map(\.path) == [
        "/device/retrieve-device-configuration/d%201", "/device/download-device-configuration",
        "/device/download-device-configuration/d%201",
      ])
    #expect(requests.map(\.bodyText) == ["", "deviceIdentifier=d+1", ""])
  }

  @Test func `a poll takes a token when there is one, and an empty object when posted`() throws {
    let operation = try Embedded.operation("utility.request-command-id-status")
    let ways = operation.routes
    let get = try operation.request(["commandId": "c"], by: ways[0], token: nil)
    #expect(
      get == APIRequest(method: "GET", path: "/request-status/c", headers: [Self.accept]))
    let post = try operation.request(["commandId": "c"], by: ways[1], token: Secret("t"))
    #expect(post.header("X-DPT-AUTHORIZATION") == "t")
    #expect(post.header("Content-Type") == "application/json")
    #expect(post.bodyText == "{}")
  }

  @Test func `a local field is never sent`() throws {
    let request = try Embedded.request(
      "data-token.request-data-via-token", ["token": "t", "key": .secret(text: "planted-key")])
    #expect(request.bodyText == "token=t")
    #expect(request.query.isEmpty)
  }

  @Test func `a null argument is not sent`() throws {
    let request = try Embedded.request(
      "data-token.reserve-token-space", ["context": "c", "ttl": .null, "meta": .null])
    #expect(request.bodyText == "context=c")
  }

  @Test(
    arguments: [
      ("data-token.reserve-token-space", [:], RequestError.missingField("context")),
      ("data-token.reserve-token-space", ["context": .null], .missingField("context")),
      ("data-token.reserve-token-space", ["context": "c", "tll": 5], .unknownField("tll")),
      (
        "data-token.reserve-token-space", ["context": "c", "ttl": "soon"],
        .objection(field: "ttl", .wrongType(expected: "an integer"))
      ),
      (
        "data-token.reserve-token-space", ["context": ["c"]],
        .objection(field: "context", .wrongType(expected: "a string"))
      ),
      (
        "data-token.reserve-token-space", ["context": "c", "ttl": 0],
        .objection(field: "ttl", .outOfRange("must be at least 1, not 0"))
      ),
      (
        "public-key.register-public-key", ["publicKey": "3142"],
        .objection(field: "publicKey", .outOfRange("must have at least 200 characters, not 4"))
      ),
      (
        "verified-authenticator.set-quorum-strategy",
        ["strategy": "majority", "strategy_params": 50],
        .objection(
          field: "strategy",
          .notAllowed(["unanimous", "consensus", "affirmative", "minimum_percentage"]))
      ),
      (
        "data-token.reserve-token-space", ["context": unknown], .unknownValue(field: "context")
      ),
      (
        "data-token.reserve-token-space", ["context": "c", "meta": ["a": [unknown]]],
        .unknownValue(field: "meta")
      ),
      ("policy.retrieve-registered-policy", ["name": ".."], .unusableInPath(field: "name")),
      ("policy.retrieve-registered-policy", ["name": ""], .unusableInPath(field: "name")),
    ] as [(String, ValueMap, RequestError)])
  func `a call that cannot be sent is refused`(
    id: String, arguments: ValueMap, error: RequestError
  ) {
    #expect(throws: error) { try Embedded.request(id, arguments) }
  }

  @Test func `a protected call without a session is refused`() {
    #expect(throws: RequestError.missingToken) {
      try Embedded.request("device.retrieve-profile-devices", token: nil)
    }
  }

  @Test(arguments: ["tok\r\nX-Other: 1", "tok\u{0}", "tok\u{7F}"])
  func `a credential that would make another header is refused`(token: String) {
    #expect(throws: RequestError.unusableInHeader) {
      try Embedded.request("device.retrieve-profile-devices", token: Secret(token))
    }
    #expect(throws: RequestError.unusableInHeader) {
      try Embedded.request(
        "oauth-application.retrieve-oauth-application-scope", ["accessToken": .string(token)])
    }
  }

  @Test func `a map nested without end is refused`() {
    var value: Value = "x"
    for _ in 0..<20 { value = ["k": value] }
    #expect(throws: RequestError.tooDeep(field: "filters")) {
      try Embedded.request("data-token.list-data-tokens", ["filters": value])
    }
  }
}
