/// Where a run's service is, for people: schemes, hosts and ports, without paths.
package struct ServiceOrigins: Sendable, Hashable {
  /// The origin of the HTTP API, such as `https://api.example.com:443`.
  package var api: String
  /// The origin of the WebSocket, with `ws` or `wss`.
  package var webSocket: String
  /// The origin of the upload server.
  package var upstream: String
  /// The origin of the download server.
  package var downstream: String
  /// The path that stands before the path of every request to the API, such as `/v1`; often empty.
  package var apiPath = ""
  /// The paths of the WebSocket, of the upload server and of the download server; often empty.
  package var otherPaths = OtherPaths()
  /// Whether it is a sandbox that the run started for itself.
  package var isOwnSandbox = false

  /// The paths of the addresses besides the API's, for a run that is continued.
  package struct OtherPaths: Sendable, Hashable {
    /// That of the WebSocket.
    package var webSocket = ""
    /// That of the upload server.
    package var upstream = ""
    /// That of the download server.
    package var downstream = ""

    /// Empty paths.
    package init() {}
  }

  /// Four origins of a service that is no sandbox, with an empty `apiPath`.
  package init(api: String, webSocket: String, upstream: String, downstream: String) {
    self.api = api
    self.webSocket = webSocket
    self.upstream = upstream
    self.downstream = downstream
  }

  /// The service in a few words, for the first line of a run.
  package var shortText: String {
    isOwnSandbox ? "a sandbox in this process" : api + apiPath
  }

  /// The origin of `url` when its host is none of these; nil too for what has no host.
  package func foreignOrigin(of url: String) -> String? {
    guard let origin = Self.origin(of: url), let host = Self.host(of: origin) else { return nil }
    let own = [api, webSocket, upstream, downstream].compactMap(Self.host)
    return own.contains(host) ? nil : origin
  }

  /// The scheme and the authority, without user information (RFC 3986 §3).
  package static func origin(of url: String) -> String? {
    guard let separator = url.firstRange(of: "://") else { return nil }
    let authority = url[separator.upperBound...].prefix { !"/?#".contains($0) }
    let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    return place.isEmpty ? nil : "\(url[..<separator.upperBound])\(place)".lowercased()
  }

  /// The host of an origin; an IPv6 address keeps its brackets.
  private static func host(of origin: String) -> Substring? {
    guard let separator = origin.firstRange(of: "://") else { return nil }
    let authority = origin[separator.upperBound...]
    guard authority.first == "[" else { return authority.prefix { $0 != ":" } }
    return authority.prefix { $0 != "]" }
  }
}
