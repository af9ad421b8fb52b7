import Expressions
import Operations
import Sandbox

/// An OAuth application's part of a tenant's life.
extension VaultClient {
  /// A request with a header `Authorization: Basic …` and no token.
  mutating func basic(
    _ credentials: String, _ method: String, _ path: String, _ fields: [HTTPField] = []
  ) -> APIResponse {
    let body = Array(PercentEncoding.form(fields).utf8)
    var headers = [HTTPField("Authorization", "Basic \(credentials)")]
    if method == "POST" {
      headers.append(HTTPField("Content-Type", "application/x-www-form-urlencoded"))
    }
    return send(APIRequest(method: method, path: path, headers: headers, body: body))
  }

  /// Registers an application and returns its configuration, which is returned once.
  mutating func application(scopes: String = "all") -> Value {
    let id = post(
      "/profile/oauth-application-register",
      ["name": "app", "redirectUri": "https://app.example/back", "scopes": scopes]
    ).commandID
    settle()
    return post("/profile/retrieve-oauth-application-configuration", ["applicationId": id]).value
  }

  /// Asks for a code and returns the command's id.
  mutating func requestCode(of application: Value, nonce: String, _ scopes: [String]) -> String {
    var request = request(
      "GET", "/profile/oauth-application-request-authorization-code", type: nil, body: [])
    request.query =
      [
        HTTPField("client_id", application[field: "clientId"]?.text ?? ""),
        HTTPField("nonce", nonce),
      ] + scopes.map { HTTPField("scope[]", $0) }
    let id = send(request).commandID
    settle()
    return id
  }

  /// The authorization code that a command brought.
  mutating func code(of application: Value, request: String, nonce: String) -> APIResponse {
    basic(
      application.basicPair, "POST", "/oauth-application/retrieve-authorization-code",
      [HTTPField("id", request), HTTPField("nonce", nonce)])
  }

  /// Goes the whole way and returns the grant.
  mutating func grant(_ scopes: [String], nonce: String = "n-1", of application: Value) -> Value {
    let request = requestCode(of: application, nonce: nonce, scopes)
    let code = code(of: application, request: request, nonce: nonce).value
    return basic(
      application.basicPair, "POST", "/oauth-application/obtain-access-token",
      [HTTPField("authorization_code", code[field: "authorizationCode"]?.text ?? "")]
    ).value
  }
}

extension Value {
  /// `clientId:clientSecret` of an application's configuration, in base64.
  var basicPair: String {
    let id = self[field: "clientId"]?.text ?? ""
    let secret = self[field: "clientSecret"]?.text ?? ""
    return Base64.encode("\(id):\(secret)".utf8)
  }

  func text(_ name: String) -> String { self[field: name]?.text ?? "" }
}
