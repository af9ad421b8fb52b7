package import Diagnostics
package import Expressions

/// Who a session belongs to, and what becomes of its token.
package struct Credentials: Sendable, Hashable {
  package enum Kind: Sendable, Hashable {
    /// A profile logs in.
    case profile(username: Template, password: Template)
    /// An application that a profile lets act for it; `expiresAt` is when its access token expires.
    case application(accessToken: Template, refreshToken: Template?, expiresAt: Template?)
  }

  package var kind: Kind
  /// Whether the token is revoked when the session ends.
  package var isRevoked: Bool
  package var location: SourceLocation

  package init(_ kind: Kind, isRevoked: Bool = false, location: SourceLocation) {
    self.kind = kind
    self.isRevoked = isRevoked
    self.location = location
  }
}
