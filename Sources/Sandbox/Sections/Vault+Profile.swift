import Expressions
import Operations

/// The profile section's commands.
enum ProfileEffect: Sendable, Codable {
  case register(username: String, password: KeptSecret)
  case changePassword(from: KeptSecret, to: KeptSecret)
  case extendToken(String, by: Duration)
}

extension VaultRoute {
  static let profile: [VaultRoute] = [
    VaultRoute(
      "profile.register-new-profile", "POST", "/profile/register-profile", .form,
      .open { $0.registerProfile($1) }),
    VaultRoute(
      "profile.authenticate", "POST", "/profile/authenticate", .form,
      .open { $0.authenticate($1) }),
    VaultRoute(
      "profile.retrieve-profile-id", "GET", "/profile/retrieve-profile-id", .none,
      .full { _, _, caller in .json(["profileId": .string(caller.profile.text)]) }),
    VaultRoute(
      "profile.change-password", "POST", "/profile/change-password", .form,
      .full { $0.changePassword($1, $2) }),
    VaultRoute(
      "profile.generate-qr-token-for-authorization", "POST", "/profile/generate-token-qr", .form,
      .full { vault, call, _ in vault.generateQRToken(call) }),
    VaultRoute(
      "profile.reauthorize-authorization-token", "POST",
      "/profile/reauthorize-authorization-token", .form, .beforeKey { $0.reauthorize($1, $2) }),
    VaultRoute(
      "profile.revoke-authorization-token", "POST", "/profile/revoke-authorization-token", .form,
      .beforeKey { $0.revoke($1, $2) }),
    VaultRoute(
      "profile.retrieve-token-expiry", "POST", "/profile/authorization-token/expiry", .form,
      .beforeKey { vault, _, caller in vault.tokenExpiry(caller) }),
  ]
}

extension Vault {
  fileprivate mutating func registerProfile(_ call: VaultCall) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let username = form.text("username")
    let password = form.text("password")
    if !password.isEmpty, password.count < configuration.minimumPasswordLength {
      form.refuse("password", "is too short")
    }
    if let refusal = form.refusal { return refusal }
    if dialect.takenUsername == .conflict, index.profileNames[username] != nil {
      return .failure(409, "username taken")
    }
    guard hasRoom else { return .full }
    let id = submit(
      .profile(.register(username: username, password: KeptSecret(password))),
      operation: call.operation, owner: nil, audience: .nobody)
    return accepted(id, by: call.operation)
  }

  /// Allowed before the key is registered: the token is what registers it (protocol.md §4).
  fileprivate mutating func authenticate(_ call: VaultCall) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let username = form.text("username")
    let password = form.text("password")
    if let refusal = form.refusal { return refusal }
    if dialect.earlyLogin == .settles, let registration = index.registrations[username] {
      decide(registration)
    }
    guard let id = index.profileNames[username],
      state.records.profiles[id]?.password == KeptSecret(password)
    else {
      return .failure(401, "invalid credentials")
    }
    guard hasRoom else { return .full }
    took(effectOf: call.operation)
    return .json(issueToken(to: id, lifetime: configuration.tokenLifetime))
  }

  private mutating func issueToken(to profile: ProfileID, lifetime: Duration) -> Value {
    let value = newSecret()
    let token = AuthorizationToken(profile: profile, expiresAt: clock + lifetime)
    state.passes.tokens[value] = token
    return tokenAnswer(value, token)
  }

  private func tokenAnswer(_ value: String, _ token: AuthorizationToken) -> Value {
    [
      "authorizationToken": .string(value),
      "expiresAt": .string(token.expiresAt.text(dialect)),
    ]
  }

  fileprivate mutating func changePassword(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let current = form.text("currentPassword")
    let new = form.text("newPassword")
    if !new.isEmpty, new.count < configuration.minimumPasswordLength {
      form.refuse("newPassword", "is too short")
    }
    if let refusal = form.refusal { return refusal }
    return accept(
      .profile(.changePassword(from: KeptSecret(current), to: KeptSecret(new))), call, of: caller)
  }

  fileprivate mutating func generateQRToken(_ call: VaultCall) -> APIResponse {
    took(effectOf: call.operation)
    return .json([
      "qrToken": .string(newSecret()),
      "expiresAt": .string((clock + .seconds(120)).text(dialect)),
    ])
  }

  /// The new lifetime is in seconds (protocol.md §4).
  fileprivate mutating func reauthorize(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let usual = Int(configuration.tokenLifetime.components.seconds)
    let lifetime = Duration.seconds(
      form.integer(
        "ttl", within: 1...31_536_000,
        fallback: dialect.requiredFields == .official ? nil : usual))
    if let refusal = form.refusal { return refusal }
    guard state.passes.tokens[caller.token]?.grant == nil else {
      return .failure(403, "an access token is renewed by its refresh token")
    }
    switch dialect.renewal {
    case .command:
      return accept(.profile(.extendToken(caller.token, by: lifetime)), call, of: caller)
    case .newToken:
      state.passes.tokens[caller.token] = nil
      took(effectOf: call.operation)
      return .json(issueToken(to: caller.profile, lifetime: lifetime))
    case .sameToken, .silent:
      state.passes.tokens[caller.token]?.expiresAt = state.time.clock + lifetime
      took(effectOf: call.operation)
      return extended(caller.token)
    }
  }

  private func extended(_ value: String) -> APIResponse {
    guard dialect.renewal == .sameToken, let token = state.passes.tokens[value] else {
      return .json(.map(ValueMap()))
    }
    return .json(tokenAnswer(value, token))
  }

  fileprivate mutating func revoke(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    if let grant = state.passes.tokens[caller.token]?.grant {
      state.passes.refreshTokens[grant.refreshToken] = nil
    }
    state.passes.tokens[caller.token] = nil
    took(effectOf: call.operation)
    return switch dialect.revocation {
    case .object: .json(.map(ValueMap()))
    case .empty: APIResponse(status: 200)
    }
  }

  fileprivate func tokenExpiry(_ caller: Caller) -> APIResponse {
    let expiresAt = state.passes.tokens[caller.token]?.expiresAt ?? clock
    return .json(["expiresAt": .string(expiresAt.text(dialect))])
  }

  /// Has a profile with a registered key from the start, unless there is one of this name.
  mutating func know(_ profile: SandboxProfile) {
    guard index.profileNames[profile.username] == nil,
      let password = profile.password.reveal().text
    else { return }
    let id = admit(profile.username, KeptSecret(password))
    let pair = Self.keyPair(from: &state.generator, tag: dialect.keyTag.own)
    state.records.profiles[id]?.publicKey = pair?.publicKey
  }

  @discardableResult
  private mutating func admit(_ username: String, _ password: KeptSecret) -> ProfileID {
    let id = ProfileID(text: newIdentifier())
    let profile = Profile(id: id, username: username, password: password)
    state.records.profiles[id] = profile
    index.add(profile)
    return id
  }

  mutating func perform(_ effect: ProfileEffect, of command: Command) -> EffectFate {
    switch effect {
    case .register(let username, let password):
      index.removeRegistration(of: username)
      guard index.profileNames[username] == nil else { return .refused("profile.username_taken") }
      admit(username, password)
      return .done("Profile registered.")
    case .changePassword(let current, let new):
      guard let owner = command.owner, state.records.profiles[owner]?.password == current else {
        return .refused("profile.invalid_password")
      }
      state.records.profiles[owner]?.password = new
      return .done("Password changed.")
    case .extendToken(let value, let lifetime):
      guard state.passes.tokens[value] != nil else { return .refused("profile.invalid_token") }
      state.passes.tokens[value]?.expiresAt = state.time.clock + lifetime
      return .done("Token extended.")
    }
  }
}
