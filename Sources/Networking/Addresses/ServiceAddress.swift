/// One address of the service: an origin and the path that every request's path is put after.
package struct ServiceAddress: Sendable, Hashable {
  package let origin: Origin
  /// Empty, or percent-encoded with a leading and without a trailing slash.
  package let basePath: String

  init(_ text: String, schemes: [Origin.Scheme]) throws(AddressError) {
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

extension ServiceAddress: CustomStringConvertible {
  package var description: String { "\(origin)\(basePath)" }
}
