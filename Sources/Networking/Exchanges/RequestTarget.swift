import Operations
import Running

/// The complete address one request goes to.
struct RequestTarget {
  let origin: Origin
  let url: String
  let server: Server

  /// What kind of server it goes to, which decides about limits.
  enum Server: Sendable, Hashable {
    case api
    case upload
    case download
  }

  /// Throws when the request names its own address and that is not of `http` or `https`.
  init(_ request: APIRequest, addresses: ServiceAddresses) throws(TransportFailure) {
    switch request.endpoint {
    case .api: self.init(request, at: addresses.api, .api)
    case .upstream: self.init(request, at: addresses.upstream, .upload)
    case .downstream: self.init(request, at: addresses.downstream, .download)
    case .url(let text): try self.init(text, request)
    }
  }

  private init(_ request: APIRequest, at address: ServiceAddress, _ server: Server) {
    origin = address.origin
    let query = Self.encoded(request.query)
    url = "\(address)\(request.path)" + (query.isEmpty ? "" : "?\(query)")
    self.server = server
  }

  private init(_ text: String, _ request: APIRequest) throws(TransportFailure) {
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
    let query = Self.encoded(request.query)
    if !query.isEmpty { rest += (rest.contains("?") ? "&" : "?") + query }
    url = "\(parts.origin)\(rest)"
    server =
      switch request.content {
      case .file: .upload
      case .bytes: request.body.isEmpty ? .download : .upload
      }
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
