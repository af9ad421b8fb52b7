import NIOHTTP1
import Operations

extension HTTPRequestHead {
  /// Whether the client waits for a word before it sends the body (RFC 9110 §10.1.1).
  var asksToContinue: Bool {
    headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
  }
}

extension HTTPRequestHead {
  /// Length of the body as the head declares it, 0 when it does not.
  var announcedCount: Int {
    headers.first(name: "content-length").flatMap { Int($0) } ?? 0
  }
}

extension HTTPServerResponsePart {
  /// The word that a client waits for with `Expect: 100-continue`.
  static let goOn = HTTPServerResponsePart.head(
    HTTPResponseHead(version: .http1_1, status: .continue))
}

extension APIRequest {
  /// The request that a head and a body make, or nil when its address cannot be read.
  init?(_ head: HTTPRequestHead, endpoint: Endpoint, body: [UInt8] = []) {
    let halves = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let query = halves.count > 1 ? halves[1].prefix { $0 != "#" } : ""
    guard head.uri.hasPrefix("/"), let path = halves.first,
      let fields = PercentDecoding.form(query.utf8, limit: 1000)
    else { return nil }
    self.init(
      endpoint: endpoint, method: head.method.rawValue, path: String(path), query: fields,
      headers: head.headers.map { HTTPField($0.name, $0.value) }, body: body)
  }
}
