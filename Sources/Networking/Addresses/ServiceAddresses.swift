package import Diagnostics

/// Where the service is: its HTTP API, its WebSocket proxy and its two file servers.
package struct ServiceAddresses: Sendable, Hashable {
  /// The HTTP API (`--api-url`), `http` or `https`.
  package let api: ServiceAddress
  /// The WebSocket proxy (`--ws-url`), `ws` or `wss`.
  package let webSocket: ServiceAddress
  /// The upload server (`--upstream-url`), `http` or `https`.
  package let upstream: ServiceAddress
  /// The download server (`--downstream-url`), `http` or `https`.
  package let downstream: ServiceAddress

  /// Reads four addresses of the form `scheme://host[:port][/path]`.
  ///
  /// The scheme is `http` or `https`, for the WebSocket `ws` or `wss`. Throws one `invalid-address`
  /// for each address that is wrong; the texts themselves are not repeated.
  package init(
    api: String, webSocket: String, upstream: String, downstream: String
  ) throws(InvalidInput) {
    var diagnostics: [Diagnostic] = []
    let api = Self.read(api, as: .api, into: &diagnostics)
    let webSocket = Self.read(webSocket, as: .webSocket, into: &diagnostics)
    let upstream = Self.read(upstream, as: .upstream, into: &diagnostics)
    let downstream = Self.read(downstream, as: .downstream, into: &diagnostics)
    guard let api, let webSocket, let upstream, let downstream else {
      throw InvalidInput(diagnostics)
    }
    self.api = api
    self.webSocket = webSocket
    self.upstream = upstream
    self.downstream = downstream
  }

  var all: [ServiceAddress] { [api, webSocket, upstream, downstream] }

  /// Whether `host` is one of the configured hosts, on any port.
  func holds(host: String) -> Bool {
    all.contains { $0.origin.host == host }
  }

  /// Which of the servers an address leads to.
  package enum Role: String, Sendable, Hashable, CaseIterable {
    case api = "API"
    case webSocket = "WebSocket"
    case upstream
    case downstream

    fileprivate var option: String {
      switch self {
      case .api: "--api-url"
      case .webSocket: "--ws-url"
      case .upstream: "--upstream-url"
      case .downstream: "--downstream-url"
      }
    }

    /// The variable of the process environment that names the address.
    package var variable: String {
      switch self {
      case .api: "PRIVICORE_API_URL"
      case .webSocket: "PRIVICORE_WS_URL"
      case .upstream: "PRIVICORE_UPSTREAM_URL"
      case .downstream: "PRIVICORE_DOWNSTREAM_URL"
      }
    }

    fileprivate var schemes: [Origin.Scheme] {
      switch self {
      case .api, .upstream, .downstream: [.http, .https]
      case .webSocket: [.ws, .wss]
      }
    }
  }

  /// What is wrong with `text` as the address of a server, and how it is written; nil when nothing is.
  ///
  /// The text itself is not repeated.
  package static func flaw(in text: String, as role: Role) -> (message: String, hint: String)? {
    do throws(AddressError) {
      _ = try ServiceAddress(text, schemes: role.schemes)
      return nil
    } catch {
      let names = role.schemes.map { "`\($0.rawValue)://`" }.joined(separator: " or ")
      let complaint =
        [.scheme, .noScheme].contains(error) ? "does not begin with \(names)" : error.message
      return (
        "the \(role.rawValue) address \(complaint)",
        "write it like `\(role.schemes[1].rawValue)://host:port`"
      )
    }
  }

  private static func read(
    _ text: String, as role: Role, into diagnostics: inout [Diagnostic]
  ) -> ServiceAddress? {
    if let flaw = flaw(in: text, as: role) {
      diagnostics.append(
        Diagnostic(
          .invalidAddress, flaw.message, at: nil,
          hint: flaw.hint + "; it comes from `\(role.option)` or `\(role.variable)`"))
    }
    return try? ServiceAddress(text, schemes: role.schemes)
  }
}
