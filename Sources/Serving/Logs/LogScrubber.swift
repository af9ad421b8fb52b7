import Expressions
import Operations

/// Masks secrets in what is logged: those that the process knows, and what looks like one.
struct LogScrubber {
  static let mask = Secret.mask
  /// What in the name of a field makes its value a secret, in lower case without punctuation.
  private static let fragments = [
    "password", "passphrase", "secret", "credential", "token", "apikey", "privatekey",
    "authorization", "cookie",
  ]

  private let known: @Sendable (String) -> String
  private let limit: Int

  /// A scrubber that also masks what `known` does, and keeps `limit` characters of a text.
  init(_ known: @escaping @Sendable (String) -> String, limit: Int) {
    self.known = known
    self.limit = limit
  }

  /// Whether a field of this name holds a secret.
  static func isSecret(_ name: String) -> Bool {
    let letters = name.lowercased().filter { $0.isLetter || $0.isNumber }
    return fragments.contains { letters.contains($0) }
  }

  /// `text` with secrets masked, and then cut.
  func scrub(_ text: String) -> String {
    let scrubbed = Self.maskAddresses(in: known(text))
    guard scrubbed.unicodeScalars.count > limit else { return scrubbed }
    return String(String.UnicodeScalarView(scrubbed.unicodeScalars.prefix(limit))) + "…"
  }

  /// Masks the user information, the query and the fragment of each URL (RFC 3986 §3).
  private static func maskAddresses(in text: String) -> String {
    guard text.contains("://") else { return text }
    var rest = text[...]
    var masked = ""
    while let mark = rest.firstRange(of: "://") {
      masked += rest[..<mark.upperBound]
      let address = rest[mark.upperBound...].prefix { !$0.isWhitespace && !"\"'<>`".contains($0) }
      rest = rest[address.endIndex...]
      let authority = address.prefix { !"/?#".contains($0) }
      if let at = authority.lastIndex(of: "@") {
        masked += mask + authority[at...]
      } else {
        masked += authority
      }
      let path = address[authority.endIndex...]
      let query = path.firstIndex { $0 == "?" || $0 == "#" } ?? path.endIndex
      masked += path[..<query]
      if query < path.endIndex { masked += "\(path[query])\(mask)" }
    }
    return masked + rest
  }
}
