import Machine
import NIOHTTP1
import Running

/// A response to a WebSocket upgrade other than 101 (RFC 6455 §4.1), and what it suggests.
struct UpgradeRefusal: Sendable, Hashable {
  let status: Int
  /// The origin that a redirect names, or nil.
  let target: Origin?

  init(_ head: HTTPResponseHead) {
    status = Int(head.status.code)
    target = head.headers.first(name: "location").flatMap { location in
      try? AddressParser(location, schemes: [.http, .https, .ws, .wss]).origin
    }
  }

  /// The same, as the failure of a connection to `origin`.
  func failure(at origin: Origin) -> TransportFailure {
    // A proxy that is starting, or has too much to do, may be tried again.
    TransportFailure(
      status == 429 || status >= 500 ? .broken : .protocolViolation,
      "\(origin) \(complaint)", mayHaveBeenSent: true, hint: hint)
  }

  private var complaint: String {
    switch status {
    case 200..<300: "answers HTTP \(status), but does not open a WebSocket"
    case 300..<400:
      "redirects the WebSocket with HTTP \(status)"
        + (target.map { " to \($0)" } ?? " to another path")
    case 404, 405, 410: "answers HTTP \(status): there is no WebSocket at this address"
    default: "refused the WebSocket with HTTP \(status)"
    }
  }

  private var hint: String {
    switch status {
    case 200..<300, 404, 405, 410:
      "give the address of the WebSocket proxy with `--ws-url`; this looks like the API or a web "
        + "page"
    case 300..<400: "redirects are not followed: give the address it points to with `--ws-url`"
    case 401, 403:
      "a gateway in front of the WebSocket refuses the connection: does it need a client "
        + "certificate, another network or another address?"
    case 426:
      "a proxy on the way may remove the `Upgrade` header: let it pass WebSocket connections"
    case 429, 500...: "the WebSocket server, or a gateway in front of it, is starting or overloaded"
    default: "check `--ws-url`, and what the server's log says about the request"
    }
  }
}
