package import Diagnostics
package import Expressions

/// Who a session belongs to, and whether its token is revoked.
package struct Credentials: Sendable, Hashable {
  /// How a session gets its token: by a login, or by tokens that exist already.
  package enum Kind: Sendable, Hashable {
    /// A profile logs in.
    case profile(username: Template, password: Template)
    /// An application that a profile lets act for it; `expiresAt` is when its access token expires.
    case application(accessToken: Template, refreshToken: Template?, expiresAt: Template?)
  }

  /// The login or the tokens; a password or token written in plain text is a secret literal.
  package var kind: Kind
  /// Whether the token is revoked when the session ends.
  package var isRevoked: Bool
  /// The first key under `session`, or its `{`.
  package var location: SourceLocation

  /// Credentials written at `location`, whose token is kept at the end unless `isRevoked`.
  package init(_ kind: Kind, isRevoked: Bool = false, location: SourceLocation) {
    self.kind = kind
    self.isRevoked = isRevoked
    self.location = location
  }
}
