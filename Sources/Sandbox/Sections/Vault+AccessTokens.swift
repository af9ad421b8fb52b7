import Expressions
import Operations
import OrderedCollections

extension Vault {
  /// The application that a request proves to be by its id and secret.
  private func client(_ request: APIRequest) -> OAuthApplication? {
    guard let pair = request.basicPair,
      let application = index.applicationClients[pair.clientID].flatMap({
        state.records.applications[$0]
      }),
      application.clientSecret == KeptSecret(pair.secret)
    else { return nil }
    return application
  }

  /// The code of a request, until its life ends or it is changed for a token.
  private func code(_ value: String) -> AuthorizationCode? {
    state.passes.codes[value].flatMap { state.passes.codeRequests[$0] }.flatMap {
      $0.expiresAt > clock ? $0 : nil
    }
  }

  func retrieveCode(_ call: VaultCall) -> APIResponse {
    guard let client = client(call.request) else { return .failure(401, "invalid credentials") }
    var form = FormCheck(call.fields, configuration.limits)
    let request = CommandID(text: form.text("id"))
    let nonce = form.text("nonce")
    if let refusal = form.refusal { return refusal }
    guard let value = state.passes.codeRequests[request]?.value, let code = code(value),
      code.application == client.id
    else { return .failure(404, "no such request") }
    guard code.nonce == nonce else { return .invalid("nonce", "is not the request's") }
    var answer: ValueMap = [
      "clientId": .string(client.clientID), "nonce": .string(nonce),
    ]
    for name in dialect.authorizationCode.names { answer[name] = .string(code.value) }
    answer["expiresAt"] = .string(code.expiresAt.text(dialect))
    return .json(.map(answer))
  }

  /// Proved by the application's id and secret, or by the code itself (protocol.md §13).
  mutating func obtainAccessToken(_ call: VaultCall) -> APIResponse {
    let proof = dialect.tokenProof
    let client = proof == .code ? nil : client(call.request)
    let bare = proof == .pair ? nil : call.request.basicCredentials.flatMap { code($0) }
    guard client != nil || bare != nil else { return .failure(401, "invalid credentials") }
    var form = FormCheck(call.fields, configuration.limits)
    let value = form.text("authorization_code", "code")
    if let refusal = form.refusal { return refusal }
    guard let code = code(value) else { return .failure(401, "no such code") }
    guard code.application == client?.id ?? bare?.application else {
      return .failure(403, "another application's code")
    }
    guard hasRoom else { return .full }
    state.passes.codes[value] = nil
    took(effectOf: call.operation)
    return issueAccess(to: code.application, for: code.profile, code.scopes)
  }

  /// Changes a pair of tokens for a new one; the old pair dies (protocol.md §11).
  mutating func refreshAccessToken(_ call: VaultCall) -> APIResponse {
    let shown = call.request.basicCredentials
    let client = client(call.request)
    guard client != nil || shown.flatMap({ state.passes.tokens[$0]?.grant }) != nil else {
      return .failure(401, "invalid token")
    }
    var form = FormCheck(call.fields, configuration.limits)
    let refreshToken = form.text("refresh_token", "refreshToken")
    if let refusal = form.refusal { return refusal }
    guard let access = state.passes.refreshTokens[refreshToken],
      let token = state.passes.tokens[access],
      let grant = token.grant, grant.refreshExpiresAt > clock,
      access == shown || client?.id == grant.application
    else { return .failure(401, "invalid refresh token") }
    guard hasRoom else { return .full }
    state.passes.tokens[access] = nil
    state.passes.refreshTokens[refreshToken] = nil
    took(effectOf: call.operation)
    return issueAccess(to: grant.application, for: token.profile, grant.scopes)
  }

  func accessTokenScope(_ call: VaultCall) -> APIResponse {
    guard let value = call.request.basicCredentials, profile(ofToken: value) != nil,
      let grant = state.passes.tokens[value]?.grant
    else { return .failure(401, "invalid token") }
    let names = Value.list(grant.scopes.map { .string($0) })
    return switch dialect.scope {
    case .array: .json(names)
    case .text: .json(["scope": .string(grant.scopes.joined(separator: " "))])
    case .object: .json(["scopes": names])
    }
  }

  private mutating func issueAccess(
    to application: ApplicationID, for profile: ProfileID, _ scopes: [String]
  ) -> APIResponse {
    let value = newSecret()
    let grant = Grant(
      application: application, scopes: scopes, refreshToken: newSecret(),
      refreshExpiresAt: clock + configuration.refreshTokenLifetime)
    let expiresAt = clock + configuration.accessTokenLifetime
    state.passes.tokens[value] = AuthorizationToken(
      profile: profile, expiresAt: expiresAt, grant: grant)
    state.passes.refreshTokens[grant.refreshToken] = value
    return .json(answer(value, grant, expiresAt: expiresAt))
  }

  private func answer(_ value: String, _ grant: Grant, expiresAt: Moment) -> Value {
    let client = state.records.applications[grant.application]?.clientID ?? ""
    let scope = Value.string(grant.scopes.joined(separator: " "))
    let lifetime = (expiresAt - clock).components.seconds
    return switch dialect.accessToken {
    case .token:
      [
        "clientId": .string(client), "token": .string(value),
        "refreshToken": .string(grant.refreshToken), "type": "bearer", "scope": scope,
        "expiresAt": .string(expiresAt.text(dialect)),
        "refreshTokenExpiresAt": .string(grant.refreshExpiresAt.text(dialect)),
      ]
    case .accessToken:
      [
        "clientId": .string(client), "accessToken": .string(value),
        "refreshToken": .string(grant.refreshToken), "tokenType": "bearer", "scope": scope,
        "expiresIn": .int(lifetime),
      ]
    }
  }
}
