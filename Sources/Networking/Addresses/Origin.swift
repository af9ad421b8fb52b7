/// The scheme, host and port of an address: all of it that may be shown (RFC 6454 §4).
package struct Origin: Sendable, Hashable {
  /// The schemes that a connection can have, in lower case.
  package enum Scheme: String, Sendable, Hashable {
    case http, https, ws, wss

    /// The port an address without one means (RFC 9110 §4.2, RFC 6455 §3).
    package var defaultPort: Int {
      switch self {
      case .http, .ws: 80
      case .https, .wss: 443
      }
    }

    /// Whether connections are encrypted and the server's certificate is verified.
    package var usesTLS: Bool {
      switch self {
      case .http, .ws: false
      case .https, .wss: true
      }
    }
  }

  /// The scheme, whatever the case it was written in.
  package let scheme: Scheme
  /// A name or an IP address, in lower case; an IPv6 address stands without its brackets.
  package let host: String
  /// From 1 to 65535; the scheme's own when the address named none.
  package let port: Int

  /// The host as it stands in an address: IPv6 in brackets (RFC 3986 §3.2.2).
  var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

  /// The value of a `Host` header: the port only when it is not the scheme's own.
  var hostHeader: String {
    port == scheme.defaultPort ? bracketedHost : "\(bracketedHost):\(port)"
  }
}

extension Origin: CustomStringConvertible {
  /// `SCHEME://HOST:PORT` with the port always written and an IPv6 address in brackets.
  package var description: String { "\(scheme.rawValue)://\(bracketedHost):\(port)" }
}
