/// How tokens and data are written.
extension Dialect {
  /// The response to a registration with a taken name.
  package enum TakenUsername: String, DialectChoice {
    /// The command is accepted and refused later.
    case refused
    /// HTTP 409 at once.
    case conflict
  }

  /// What an exchange for an unknown, expired or used reservation meets.
  package enum DeadReservation: String, DialectChoice {
    case refused
    /// HTTP 404 at once.
    case notFound = "not-found"
    /// HTTP 422 at once.
    case invalid
  }

  /// What a protected call meets before the profile has registered its key.
  package enum MissingKey: String, DialectChoice {
    case forbidden
    case unauthorized
  }

  /// How requested data reaches the caller.
  package enum Delivery: String, DialectChoice {
    /// A message with a complete download address.
    case link
    /// A message with the payload; as `value` when it is large.
    case inline
    /// A message with the bare download value, and STREAM-READY.
    case value
  }

  /// What a STREAM-READY message names, which follows a bare download value.
  package enum StreamReadyForm: String, DialectChoice {
    /// The request's id under `id`.
    case sameID = "same-id"
    /// `requestId` and `streamUrl`.
    case address
  }

  /// How the address of an upload is sent.
  package enum StreamForm: String, DialectChoice {
    /// A complete address.
    case address
    /// The bare value, to be put together with server and port.
    case value
  }

  /// What an upload is answered with.
  package enum UploadForm: String, DialectChoice {
    /// The answer is its end.
    case plain
    /// A command's id in the header, which is acknowledged when storage has it.
    case command
  }

  /// What the request for a reservation's temporary token returns.
  package enum TemporaryTokenForm: String, DialectChoice {
    case object
    /// The token alone, without a place for an upload.
    case string
  }

  /// What renewing a token returns.
  package enum Renewal: String, DialectChoice {
    /// 200 with a new token; the old one dies.
    case newToken = "new-token"
    /// 200 with the same token, which lives longer.
    case sameToken = "same-token"
    /// 200 without a token; the same one lives longer.
    case silent
    /// 202 with a command that extends the same token.
    case command
  }

  /// What revoking a token returns, always with 200.
  package enum Revocation: String, DialectChoice {
    case object
    /// No body.
    case empty
  }

  /// How the permanent token is answered.
  package enum PermanentToken: String, DialectChoice {
    /// `{"token": …}`.
    case object
    case string
    /// Not at all: the reserved token stays the only one.
    case none
    /// 202 with a command; the reserved token stays the only one.
    case command
  }

  /// How rows of data tokens hold their metadata.
  package enum RowForm: String, DialectChoice {
    /// Under `file`, `data` and `information_security_risk`.
    case nested
    /// The same under `meta`.
    case meta
    /// Beside the token.
    case flat
  }

  /// What a request for data answers.
  package enum RequestDataForm: String, DialectChoice {
    /// Both ids in headers and body.
    case object
    /// Both in headers, and null.
    case header
  }

  /// The names of an access token, its type and its lifetime in the response that issues it.
  package enum AccessTokenForm: String, DialectChoice {
    /// `token`, `type`, `expiresAt`.
    case token
    /// `accessToken`, `tokenType`, `expiresIn`.
    case accessToken
  }

  /// The name under which an authorization code is returned.
  package enum AuthorizationCodeName: String, DialectChoice {
    case both
    case camelCase = "authorizationCode"
    case snakeCase = "authorization_code"

    var names: [String] {
      switch self {
      case .both: ["authorizationCode", "authorization_code"]
      case .camelCase, .snakeCase: [rawValue]
      }
    }
  }

  /// How the scopes of a token are returned.
  package enum ScopeForm: String, DialectChoice {
    /// `["a", "b"]`.
    case array
    /// `{"scope": "a b"}`.
    case text
    /// `{"scopes": ["a", "b"]}`.
    case object
  }
}
