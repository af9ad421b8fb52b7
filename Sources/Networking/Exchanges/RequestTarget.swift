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
    var rest = AddressText.mended(parts.rest.prefix { $0 != "#" })
    if rest.first != "/" { rest = "/" + rest }
    let query = Self.encoded(query)
    if !query.isEmpty { rest += (rest.contains("?") ? "&" : "?") + query }
    url = "\(parts.origin)\(rest)"
    isDownload = true
  }

  /// `name=value&…`, all but unreserved characters encoded.
  ///
  /// That takes in the brackets of array parameters, which no query may hold bare (RFC 3986 §3.4).
  private static func encoded(_ query: [HTTPField]) -> String {
    query.map {
      "\(PercentEncoding.component($0.name))=\(PercentEncoding.component($0.value))"
    }.joined(separator: "&")
  }
}
