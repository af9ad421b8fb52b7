import Expressions
import Operations
import OrderedCollections

/// The commands of the section on OAuth applications.
enum ApplicationEffect: Sendable, Codable {
  case register(name: String, redirectURI: String?, scopes: [String])
  case requestCode(clientID: String, nonce: String, scopes: [String])
}

extension VaultRoute {
  static let application: [VaultRoute] = [
    VaultRoute(
      "oauth-application.register-oauth-application", "POST",
      "/profile/oauth-application-register", .form, .full { $0.registerApplication($1, $2) }),
    VaultRoute(
      "oauth-application.retrieve-oauth-app-configuration", "POST",
      "/profile/retrieve-oauth-application-configuration", .form,
      .full { $0.retrieveApplication($1, $2) }),
    VaultRoute(
      "oauth-application.request-oauth-app-authorization-code", "GET",
      "/profile/oauth-application-request-authorization-code", .none,
      .full { $0.requestCode($1, $1.query, $2) }),
    VaultRoute(
      "oauth-application.request-oauth-app-authorization-code", "POST",
      "/profile/oauth-application-request-authorization-code", .form,
      .full { $0.requestCode($1, $1.fields, $2) }),
    VaultRoute(
      "oauth-application.oauth-application-list", "GET",
      "/profile/retrieve-oauth-application-list", .none,
      .read { vault, _, caller in vault.listApplications(caller) }),
    VaultRoute(
      "oauth-application.retrieve-oauth-app-authorization-code", "POST",
      "/oauth-application/retrieve-authorization-code", .form, .open { $0.retrieveCode($1) }),
    VaultRoute(
      "oauth-application.obtain-oauth-app-access-token", "POST",
      "/oauth-application/obtain-access-token", .form, .open { $0.obtainAccessToken($1) }),
    VaultRoute(
      "oauth-application.refresh-oauth-app-access-token", "POST",
      "/oauth-application/refresh-access-token", .form, .open { $0.refreshAccessToken($1) }),
    VaultRoute(
      "oauth-application.retrieve-oauth-application-scope", "GET",
      "/oauth-application/retrieve-oauth-application-scope", .none,
      .open { $0.accessTokenScope($1) }),
  ]
}

extension Vault {
  /// Takes today's names, or the older ones, which came without scopes (operations.yaml).
  fileprivate mutating func registerApplication(_ call: VaultCall, _ caller: Caller) -> APIResponse
  {
    var form = FormCheck(call.fields, configuration.limits)
    let isOld = call.fields.value(["name"]) == nil && call.fields.value(["title"]) != nil
    let name = form.text("name", "title")
    let redirectURI: String?
    let scopes: [String]
    if isOld {
      redirectURI = form.optionalText("redirectUri", "redirect_uri")
      scopes = form.names("scopes")
    } else {
      redirectURI = form.text("redirectUri", "redirect_uri")
      scopes = form.names("scopes")
      if scopes.isEmpty { form.refuseMissing("scopes") }
    }
    if let refusal = form.refusal { return refusal }
    return accept(
      .application(.register(name: name, redirectURI: redirectURI, scopes: scopes)), call,
      of: caller)
  }

  /// Hands out the secret once; a second request is refused (protocol.md §11).
  fileprivate mutating func retrieveApplication(_ call: VaultCall, _ caller: Caller) -> APIResponse
  {
    var form = FormCheck(call.fields, configuration.limits)
    let id = ApplicationID(text: form.text("applicationId", "id"))
    if let refusal = form.refusal { return refusal }
    guard let application = state.records.applications[id], application.owner == caller.profile,
      application.createdAt + configuration.readLag <= clock
    else { return .failure(404, "no such application") }
    guard !application.isRetrieved else {
      return .invalid("applicationId", "oauth.already_retrieved")
    }
    state.records.applications[id]?.isRetrieved = true
    took(effectOf: call.operation)
    return .json([
      "applicationId": .string(id.text), "clientId": .string(application.clientID),
      "clientSecret": application.clientSecret.reveal(),
      "redirectUri": application.redirectURI.map { .string($0) } ?? .null,
      "scopes": .list(application.scopes.map { .string($0) }),
    ])
  }

  /// The older engine took a form (operations.yaml).
  fileprivate mutating func requestCode(
    _ call: VaultCall, _ fields: RequestFields, _ caller: Caller
  ) -> APIResponse {
    var form = FormCheck(fields, configuration.limits)
    let clientID = form.text("client_id", "clientId")
    let nonce = form.text("nonce")
    let scopes = form.names("scope")
    if scopes.isEmpty { form.refuseMissing("scope") }
    if dialect.reusedNonce == .invalid,
      index.applicationClients[clientID].flatMap({ state.records.applications[$0] })?.nonces
        .contains(nonce) == true
    {
      form.refuse("nonce", "oauth.nonce_used")
    }
    if let refusal = form.refusal { return refusal }
    return accept(
      .application(.requestCode(clientID: clientID, nonce: nonce, scopes: scopes)), call,
      of: caller)
  }

  fileprivate func listApplications(_ caller: Caller) -> APIResponse {
    let own = state.records.applications.values.filter { $0.owner == caller.profile }
    return list(own.map { ($0.id.text, $0.record(dialect)) })
  }

  mutating func perform(_ effect: ApplicationEffect, of command: Command) -> EffectFate {
    guard let owner = command.owner else { return .refused("profile.not_found") }
    switch effect {
    case .register(let name, let redirectURI, let scopes):
      return register(name, redirectURI, scopes, of: command, owner)
    case .requestCode(let clientID, let nonce, let scopes):
      return issueCode(clientID, nonce, scopes, of: command, owner)
    }
  }

  /// The same name twice makes a second record (protocol.md §15).
  private mutating func register(
    _ name: String, _ redirectURI: String?, _ scopes: [String], of command: Command,
    _ owner: ProfileID
  ) -> EffectFate {
    let own = state.records.applications.values.filter { $0.owner == owner }
    guard dialect.sameName == .usual || !own.contains(where: { $0.name == name }) else {
      return .refused("oauth.name_taken")
    }
    guard own.count < configuration.limits.applications else {
      return .refused("oauth.too_many_applications")
    }
    let id = ApplicationID(text: command.id.text)
    let application = OAuthApplication(
      id: id, owner: owner, name: name, redirectURI: redirectURI, scopes: scopes,
      createdAt: clock, clientID: newIdentifier(), clientSecret: KeptSecret(newSecret()))
    state.records.applications[id] = application
    index.add(application)
    return .done("OAuth application registered.")
  }

  /// A profile may give its consent to anybody's application, once for each nonce.
  private mutating func issueCode(
    _ clientID: String, _ nonce: String, _ scopes: [String], of command: Command,
    _ owner: ProfileID
  ) -> EffectFate {
    guard let id = index.applicationClients[clientID],
      let application = state.records.applications[id]
    else {
      return .refused("oauth.client_not_found")
    }
    guard dialect.askedScopes == .any || scopes.allSatisfy(application.mayAsk) else {
      return .refused("oauth.scope_not_allowed")
    }
    guard !application.nonces.contains(nonce) else { return .refused("oauth.nonce_used") }
    state.records.applications[id]?.nonces.insert(nonce)
    let code = AuthorizationCode(
      request: command.id, application: id, profile: owner, nonce: nonce, scopes: scopes,
      value: newSecret(), expiresAt: clock + configuration.codeLifetime)
    state.passes.codeRequests[command.id] = code
    state.passes.codes[code.value] = command.id
    return .done("Authorization code issued.")
  }
}
