import Operations
import Running

/// The complete address one request goes to.
struct RequestTarget {
  let origin: Origin
  let url: String
  /// The largest body of an answer is that of a download.
  let isDownload: Bool

  /// Throws when the request names its own address and that is not of `http` or `https`.
  init(_ request: APIRequest, addresses: ServiceAddresses) throws(TransportFailure) {
    switch request.endpoint {
    case .api: self.init(request, at: addresses.api, isDownload: false)
    case .upstream: self.init(request, at: addresses.upstream, isDownload: false)
    case .downstream: self.init(request, at: addresses.downstream, isDownload: true)
    case .url(let text): try self.init(text, query: request.query)
    }
  }

  private init(_ request: APIRequest, at address: ServiceAddress, isDownload: Bool) {
    origin = address.origin
    let query = Self.encoded(request.query)
    url = "\(address)\(request.path)" + (query.isEmpty ? "" : "?\(query)")
    self.isDownload = isDownload
  }

  private init(_ text: String, query: [HTTPField]) throws(TransportFailure) {
    let parts: AddressParser
    do throws(AddressError) {
      parts = try AddressParser(text, schemes: [.http, .https])
    } catch {
      let complaint = error == .scheme ? "is neither http nor https" : error.message
      throw TransportFailure(
        .protocolViolation, "the address that the service named \(complaint)",
        mayHaveBeenSent: false)
    }
    origin = parts.origin
    // A fragment is never sent (RFC 9110 §7.1).
    var rest = String(parts.rest.prefix { $0 != "#" })
    if rest.first != "/" { rest = "/" + rest }
    let query = Self.encoded(query)
    if !query.isEmpty { rest += (rest.contains("?") ? "&" : "?") + query }
    url = "\(parts.origin)\(rest)"
    isDownload = true
  }

  /// `name=value&…`; the brackets of array parameters stay as they are (protocol.md §1).
  private static func encoded(_ query: [HTTPField]) -> String {
    query.map { field in
      let name = field.name.split(
        omittingEmptySubsequences: false, whereSeparator: { "[]".contains($0) })
      var brackets = field.name.filter { "[]".contains($0) }[...]
      let encoded = name.reduce(into: "") { text, part in
        text += PercentEncoding.component(String(part))
        if let bracket = brackets.popFirst() { text.append(bracket) }
      }
      return "\(encoded)=\(PercentEncoding.component(field.value))"
    }.joined(separator: "&")
  }
}
