package import OrderedCollections

/// Everything the program knows about the API: a value read from an OpenAPI document.
package struct APIDescription: Sendable, Hashable {
  /// The operations by id, in the order of the document.
  package var operations: OrderedDictionary<String, Operation>
  /// The operations that a run calls by itself, such as the login.
  package var roles: Roles
  /// What goes over the WebSocket, by id.
  package var socketEntries: OrderedDictionary<String, SocketEntry>
  /// The reasons for which any operation with a session may be refused, besides its own.
  package var generalRefusals: [String]
  /// SHA-256 of the document it was read from, lower-case hex; empty when it was read from none.
  package var digest: String

  /// A description of these operations; an empty `digest` says that no document was read.
  package init(
    operations: OrderedDictionary<String, Operation>, roles: Roles,
    socketEntries: OrderedDictionary<String, SocketEntry> = [:], generalRefusals: [String] = [],
    digest: String = ""
  ) {
    self.operations = operations
    self.roles = roles
    self.socketEntries = socketEntries
    self.generalRefusals = generalRefusals
    self.digest = digest
  }

  /// The operations that the engine itself needs, by what it needs them for.
  package struct Roles: Sendable, Hashable {
    /// Opens a session: fields `username`, `password`; answers `authorizationToken`, `expiresAt`.
    package var authenticate: String
    /// Returns a command's status: field `commandId`; answers `status`.
    package var commandStatus: String
    /// Fetches what a request-id message points to: field `auth`.
    package var download: String
    /// Gives the session's token a new life: answers `authorizationToken`, `expiresAt`.
    package var reauthorize: String?
    /// Ends the session's token.
    package var revoke: String?
    /// Exchanges an application's tokens for new ones: fields `accessToken`, `refresh_token`;
    /// answers `token`, `refreshToken`, `expiresAt` and perhaps `expiresIn`, seconds.
    package var refresh: String?

    /// Roles by id of operation; nil says that the API has no operation for the role.
    package init(
      authenticate: String, commandStatus: String, download: String, reauthorize: String? = nil,
      revoke: String? = nil, refresh: String? = nil
    ) {
      self.authenticate = authenticate
      self.commandStatus = commandStatus
      self.download = download
      self.reauthorize = reauthorize
      self.revoke = revoke
      self.refresh = refresh
    }
  }
}

extension APIDescription {
  /// The ids of the operations that read.
  package var reads: Set<String> {
    Set(operations.values.lazy.filter { $0.repetition == .safe }.map(\.id))
  }

  /// The ids of the operations that change nothing: reads, and requests whose answer is all that they
  /// are sent for.
  package var unchanging: Set<String> {
    Set(operations.values.lazy.filter { !$0.hasEffect }.map(\.id))
  }
}
