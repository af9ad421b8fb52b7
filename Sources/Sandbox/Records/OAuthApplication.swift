import Expressions
import Operations

/// A program that acts for profiles within scopes (protocol.md §11).
struct OAuthApplication: Sendable, Codable {
  /// The id of the command that registered it.
  let id: ApplicationID
  let owner: ProfileID
  let name: String
  let redirectURI: String?
  /// What it may ask for; none means anything.
  let scopes: [String]
  let createdAt: Moment
  let clientID: String
  let clientSecret: KeptSecret
  /// Whether its configuration was handed out, which happens once.
  var isRetrieved = false
  /// Nonces of earlier requests for a code; none is taken again.
  var nonces: Set<String> = []
}

extension OAuthApplication {
  /// A row of the list; never the secret.
  func record(_ dialect: Dialect) -> Value {
    [
      "applicationId": .string(id.text), "name": .string(name),
      "redirectUri": redirectURI.map { .string($0) } ?? .null,
      "scopes": .list(scopes.map { .string($0) }),
      "createdAt": .string(createdAt.text(dialect)),
    ]
  }

  /// Whether it may ask for a scope.
  func mayAsk(for scope: String) -> Bool {
    scopes.isEmpty || scopes.contains("all") || scopes.contains(scope)
      || scopes.contains("\(scope.prefix { $0 != "." && $0 != ":" }).all")
  }
}

/// A profile's consent, to be changed for an access token once.
struct AuthorizationCode: Sendable, Codable {
  /// The command that asked for it.
  let request: CommandID
  let application: ApplicationID
  let profile: ProfileID
  let nonce: String
  let scopes: [String]
  let value: String
  let expiresAt: Moment
}

/// What stands behind an access token: who may use it, for what, and how it is renewed.
struct Grant: Sendable, Hashable, Codable {
  let application: ApplicationID
  let scopes: [String]
  let refreshToken: String
  let refreshExpiresAt: Moment
}
