/// One address of the service: an origin and the path that every request's path is put after.
package struct ServiceAddress: Sendable, Hashable {
  /// The scheme, host and port to connect to.
  package let origin: Origin
  /// Empty, or percent-encoded with a leading and without a trailing slash.
  package let basePath: String

  init(_ text: String, schemes: [Origin.Scheme]) throws(AddressError) {
    let text = text.trimmingBlanks
    guard !text.contains(where: { "\"'".contains($0) }) else { throw .quotes }
    guard !text.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) else {
      throw .blank
    }
    guard text.contains("://") else { throw .noScheme }
    let parts = try AddressParser(text, schemes: schemes)
    guard !parts.rest.contains("#") else { throw .fragment }
    guard !parts.rest.contains("?") else { throw .query }
    var path = parts.rest
    while path.last == "/" { path.removeLast() }
    guard Self.isPath(path) else { throw .path }
    origin = parts.origin
    basePath = String(path)
  }

  /// Segments of RFC 3986 §3.3 that are neither empty nor `.` or `..`.
  private static func isPath(_ path: Substring) -> Bool {
    guard !path.isEmpty else { return true }
    return path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
      .allSatisfy { !["", ".", ".."].contains($0) && AddressText.isSegment($0) }
  }
}

extension String {
  /// The same without blanks and line ends around it, as they come from `.env` files.
  var trimmingBlanks: String {
    let visible: ClosedRange<UInt8> = 0x21...0x7E
    if let first = utf8.first, let last = utf8.last, visible.contains(first), visible.contains(last)
    {
      return self
    }
    let text = drop { $0.isWhitespace }
    return String(text.reversed().drop { $0.isWhitespace }.reversed())
  }
}

extension ServiceAddress: CustomStringConvertible {
  /// The origin and the base path; an address holds no secret, so it can be shown.
  package var description: String { "\(origin)\(basePath)" }
}
