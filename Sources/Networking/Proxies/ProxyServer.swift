package import Expressions
import Operations

/// An HTTP proxy that opens tunnels with `CONNECT` (RFC 9110 §9.3.6).
package struct ProxyServer: Sendable, Hashable {
  /// A name or an IP address, in lower case; an IPv6 address stands without its brackets.
  package let host: String
  /// From 1 to 65535; 80 when the address names none.
  package let port: Int
  /// The user name and the password, percent-decoded, as `user:password`; nil when the address holds
  /// no user name.
  package let credentials: Secret?

  /// Reads `[http://][user[:password]@]host[:port][/]`.
  ///
  /// Throws for another scheme, since neither SOCKS nor TLS to a proxy is spoken, and for what is
  /// not an address. The errors hold nothing of the text.
  package init(_ text: String) throws(ProxyFlaw) {
    var rest = Substring(text)
    if let separator = text.firstRange(of: "://") {
      guard text[..<separator.lowerBound].lowercased() == "http" else { throw .scheme }
      rest = text[separator.upperBound...]
    }
    let authority = rest.prefix { !"/?#".contains($0) }
    guard ["", "/"].contains(rest[authority.endIndex...]) else { throw .malformed }
    var address = authority
    var credentials: Secret?
    if let at = authority.lastIndex(of: "@") {
      credentials = try Self.credentials(authority[..<at])
      address = authority[authority.index(after: at)...]
    }
    guard let origin = try? AddressParser("http://\(address)", schemes: [.http]).origin else {
      throw .malformed
    }
    host = origin.host
    port = origin.port
    self.credentials = credentials
  }

  private static func credentials(_ text: Substring) throws(ProxyFlaw) -> Secret {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let decoded = parts.compactMap { PercentEncoding.decode($0) }
    // A `%` that encodes nothing most likely belongs to a password that is not encoded.
    let isEncoded = parts.allSatisfy { AddressText.isSegment($0.filter { $0 != "/" }) }
    let isPrintable = decoded.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 } }
    guard decoded.count == parts.count, isEncoded, isPrintable else { throw .malformed }
    return Secret("\(decoded[0]):\(decoded.dropFirst().first ?? "")")
  }
}

extension ProxyServer {
  /// The value of `Proxy-Authorization` (RFC 9110 §11.7.1, RFC 7617); nil without credentials.
  var authorization: String? {
    guard case .string(let text)? = credentials?.reveal() else { return nil }
    return "Basic \(Base64.encode(text.utf8))"
  }
}

extension ProxyServer {
  /// The password, and the user name with it.
  var secrets: [Secret] {
    guard let credentials, case .string(let text) = credentials.reveal() else { return [] }
    let password = text.drop { $0 != ":" }.dropFirst()
    return [credentials] + (password.isEmpty ? [] : [Secret(String(password))])
  }
}

extension ProxyServer: CustomStringConvertible {
  /// The address without its credentials.
  package var description: String {
    "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
  }
}

/// Why a proxy that the environment names cannot be used.
package enum ProxyFlaw: Error, Sendable, Hashable {
  /// It is neither `http://` nor without a scheme.
  case scheme
  /// It is not an address.
  case malformed

  /// What is wrong, to be said of a variable.
  package var message: String {
    switch self {
    case .scheme: "names a proxy that is not `http://`: SOCKS and TLS to a proxy are not supported"
    case .malformed: "is not the address of a proxy"
    }
  }
}
