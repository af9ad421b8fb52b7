import Operations

/// One operation as the vault serves it: how it is reached and who carries it out.
struct VaultRoute: Sendable {
  /// What a body must be to be read.
  enum Body: Sendable, Hashable {
    case none
    /// URL-encoded or multipart.
    case form
    case json
    case formOrJSON
  }

  /// What the caller must show.
  enum Access: Sendable {
    case open(@Sendable (inout Vault, VaultCall) -> APIResponse)
    /// A valid token, and the profile's registered key.
    case full(@Sendable (inout Vault, VaultCall, Caller) -> APIResponse)
    /// As `full`, and answered from what could be seen a read lag ago.
    case read(@Sendable (inout Vault, VaultCall, Caller) -> APIResponse)
    /// A valid token; needed to get at a key or be rid of the token.
    case beforeKey(@Sendable (inout Vault, VaultCall, Caller) -> APIResponse)
  }

  let operation: String
  let method: String
  /// A path, or one up to and with its last slash when a parameter follows.
  let path: String
  let body: Body
  let access: Access
  /// Whose way it is, where sources differ.
  let source: Dialect.Source

  init(
    _ operation: String, _ method: String, _ path: String, _ body: Body, _ access: Access,
    from source: Dialect.Source = .all
  ) {
    self.operation = operation
    self.method = method
    self.path = path
    self.body = body
    self.access = access
    self.source = source
  }
}

/// A request on its way to the operation it is for.
struct VaultCall {
  let operation: String
  let request: APIRequest
  /// The last segment of the path, decoded, where the route ends with a slash; else empty.
  let parameter: String
  let query: RequestFields
  let fields: RequestFields
}

/// Who calls, proved by a token.
struct Caller: Sendable {
  let profile: ProfileID
  let token: String
}

extension VaultRoute {
  /// Whether a vault whose paths are those of `source` has this route.
  func isServed(by source: Dialect.Source) -> Bool {
    source == .all || self.source == .all || source == self.source
  }

  static let all: [VaultRoute] =
    utility + profile + publicKey + device + storage + dataToken + verifiedAuthenticator
    + votingConfiguration + policy + voting + application

  /// How a path is found: exactly, or by what is before its last segment.
  static let table = Dictionary(grouping: all, by: \.path).mapValues { routes in
    Dictionary(routes.map { ($0.method, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
