/// The address of a POST, which may hold a token: only its origin is shown.
package struct PostAddress: Sendable, Hashable {
  /// The whole address, as written.
  package let text: String
  /// The scheme and authority, such as `https://hooks.example.com`.
  package let origin: String

  /// Reads an `http` or `https` address (RFC 3986); throws what is wrong with it.
  package init(_ text: String) throws(PostAddressFlaw) {
    guard text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7F }) else {
      throw .blank
    }
    guard let separator = text.firstRange(of: "://"),
      ["http", "https"].contains(text[..<separator.lowerBound].lowercased())
    else { throw .scheme }
    let authority = text[separator.upperBound...].prefix { !"/?#".contains($0) }
    guard !authority.contains("@") else { throw .credentials }
    try Self.check(authority)
    guard !text.contains("#") else { throw .fragment }
    self.text = text
    origin = "\(text[..<separator.lowerBound].lowercased())://\(authority.lowercased())"
  }

  private static func check(_ authority: Substring) throws(PostAddressFlaw) {
    let port: Substring?
    if authority.first == "[" {
      guard let end = authority.firstIndex(of: "]") else { throw .host }
      let address = authority[..<end].dropFirst()
      guard address.contains(":"), address.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." })
      else { throw .host }
      let rest = authority[end...].dropFirst()
      guard rest.isEmpty || rest.first == ":" else { throw .host }
      port = rest.isEmpty ? nil : rest.dropFirst()
    } else {
      let host = authority.prefix { $0 != ":" }
      guard isName(host) else { throw .host }
      port = host.endIndex == authority.endIndex ? nil : authority[host.endIndex...].dropFirst()
    }
    guard let port else { return }
    guard port.utf8.count <= 5, port.allSatisfy({ $0.isASCII && $0.isNumber }),
      let number = Int(port), (1...65535).contains(number)
    else { throw .port }
  }

  private static func isName(_ host: Substring) -> Bool {
    guard !host.isEmpty, host.utf8.count <= 253 else { return false }
    return host.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { label in
      !label.isEmpty && label.utf8.count <= 63
        && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }
  }
}

/// Why a text is no address for a POST; has nothing of the text.
package enum PostAddressFlaw: Error, Sendable, Hashable {
  case blank
  case scheme
  case credentials
  case host
  case port
  case fragment

  /// What is wrong, to be said of the address.
  package var phrase: String {
    switch self {
    case .blank: "has a blank or a control character"
    case .scheme: "does not begin with `https://` or `http://`"
    case .credentials: "must not hold a user name or password"
    case .host: "has no valid host"
    case .port: "has a port that is not a number from 1 to 65535"
    case .fragment: "must not have a fragment"
    }
  }
}
