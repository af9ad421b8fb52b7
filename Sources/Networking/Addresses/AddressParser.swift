import NIOCore

/// Takes an address apart into its origin and the rest (RFC 3986 §3), accepting no user information.
struct AddressParser {
  /// The longest host name (RFC 1035 §2.3.4).
  private static let longestHost = 253

  let origin: Origin
  /// Everything after the authority: path, query and fragment.
  let rest: Substring

  init(_ text: String, schemes: [Origin.Scheme]) throws(AddressError) {
    guard let separator = text.firstRange(of: "://"),
      let scheme = Origin.Scheme(rawValue: text[..<separator.lowerBound].lowercased()),
      schemes.contains(scheme)
    else { throw .scheme }
    let authority = text[separator.upperBound...].prefix { !"/?#".contains($0) }
    guard !authority.contains("@") else { throw .credentials }
    let (host, port) = try Self.split(authority)
    origin = Origin(
      scheme: scheme, host: host, port: try port.map(Self.port) ?? scheme.defaultPort)
    rest = text[authority.endIndex...]
  }

  private static func split(
    _ authority: Substring
  ) throws(AddressError) -> (host: String, port: Substring?) {
    guard authority.first == "[" else {
      let host = authority.prefix { $0 != ":" }
      guard isName(host) else { throw .host }
      let port = host.endIndex == authority.endIndex ? nil : authority[host.endIndex...].dropFirst()
      return (host.lowercased(), port)
    }
    guard let end = authority.firstIndex(of: "]") else { throw .host }
    let host = authority[..<end].dropFirst().lowercased()
    guard host.contains(":"), !host.contains("%"),
      (try? SocketAddress(ipAddress: host, port: 0)) != nil
    else { throw .host }
    let tail = authority[end...].dropFirst()
    guard !tail.isEmpty else { return (host, nil) }
    guard tail.first == ":" else { throw .host }
    return (host, tail.dropFirst())
  }

  private static func isName(_ host: Substring) -> Bool {
    guard !host.isEmpty, host.utf8.count <= longestHost else { return false }
    let labels = host.split(separator: ".", omittingEmptySubsequences: false)
    return labels.allSatisfy { label in
      !label.isEmpty && label.utf8.count <= 63
        && label.utf8.allSatisfy { $0.isAlphanumeric || $0 == UInt8(ascii: "-") || $0 == 0x5F }
    }
  }

  private static func port(_ text: Substring) throws(AddressError) -> Int {
    guard text.utf8.count <= 5, text.utf8.allSatisfy(\.isDigit), let port = Int(text),
      (1...65535).contains(port)
    else { throw .port }
    return port
  }
}

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  var isAlphanumeric: Bool {
    isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }

  var isHexadecimal: Bool {
    isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20)
  }
}
