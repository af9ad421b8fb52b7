import Machine
import Operations
import Running

/// Where one request goes, and what is sent there besides its body.
struct RequestTarget {
  let origin: Origin
  /// The path and the query, all of it percent-encoded.
  let path: String
  let server: Server
  /// The headers to send: all of the request's, or what describes a payload to a host that is none
  /// of the configured ones.
  let headers: [HTTPField]

  /// What kind of server it goes to, which decides about limits.
  enum Server: Sendable, Hashable {
    case api
    case upload
    case download

    /// What to ask for: payloads are encrypted, so that compressing them is of no use.
    var acceptedEncodings: String {
      switch self {
      case .api: "identity, gzip"
      case .upload, .download: "identity"
      }
    }
  }

  /// Throws when the request names its own address and that is not of `http` or `https`.
  init(_ request: APIRequest, addresses: ServiceAddresses) throws(TransportFailure) {
    switch request.endpoint {
    case .api: self.init(request, at: addresses.api, .api)
    case .upstream: self.init(request, at: addresses.upstream, .upload)
    case .downstream: self.init(request, at: addresses.downstream, .download)
    case .url(let text): try self.init(text, request, addresses: addresses)
    }
  }

  private init(_ request: APIRequest, at address: ServiceAddress, _ server: Server) {
    origin = address.origin
    let query = Self.encoded(request.query)
    let path = address.basePath + request.path
    self.path = (path.isEmpty ? "/" : path) + (query.isEmpty ? "" : "?\(query)")
    self.server = server
    headers = request.headers
  }

  private init(
    _ text: String, _ request: APIRequest, addresses: ServiceAddresses
  ) throws(TransportFailure) {
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
    guard origin.scheme.usesTLS || !addresses.api.origin.scheme.usesTLS else {
      throw TransportFailure(
        .protocolViolation,
        "the service named an address at \(origin), which is not encrypted, while the API is https",
        mayHaveBeenSent: false,
        hint: "payloads are not moved over http where the API is https: let the service name an "
          + "https address")
    }
    headers =
      addresses.holds(host: origin.host)
      ? request.headers
      : request.headers.filter { ["accept", "content-type"].contains($0.name.lowercased()) }
    // A fragment is never sent (RFC 9110 §7.1).
    var rest = AddressText.mended(parts.rest.prefix { $0 != "#" })
    if rest.first != "/" { rest = "/" + rest }
    let query = Self.encoded(request.query)
    if !query.isEmpty { rest += (rest.contains("?") ? "&" : "?") + query }
    path = rest
    server =
      switch request.content {
      case .file: .upload
      case .bytes: request.body.isEmpty ? .download : .upload
      }
  }

  /// `name=value&…`, all but unreserved characters encoded.
  ///
  /// That includes the brackets of array parameters, which no query may hold bare (RFC 3986 §3.4).
  private static func encoded(_ query: [HTTPField]) -> String {
    query.map {
      "\(PercentEncoding.component($0.name))=\(PercentEncoding.component($0.value))"
    }.joined(separator: "&")
  }
}
