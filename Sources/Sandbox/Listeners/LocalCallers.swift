import NIOHTTP1
import Operations

/// Who may use what is the sandbox's own, and its WebSocket: nobody whom a web page sends.
///
/// A page of another origin can have a browser call this machine, under a name of its own that
/// resolves to it (DNS rebinding). It can fake neither `Host` nor `Origin`.
struct LocalCallers: Sendable {
  /// The address that the server listens on.
  let host: String
  /// The origin that is let in besides, or `*` for any.
  let allowedOrigin: String?

  /// Why a request is refused, or nil when it is not.
  func refusal(of headers: [HTTPField]) -> APIResponse? {
    func values(_ name: String) -> [String] {
      headers.filter { $0.name.lowercased() == name }.map { $0.value.lowercased() }
    }
    let hosts = values("host")
    guard hosts.allSatisfy({ isOwn(Self.name(of: $0)) }), hosts.count < 2 else {
      return .failure(
        403, "the Host header names another machine; use \(host), 127.0.0.1 or localhost")
    }
    let isWelcome = values("origin").allSatisfy { origin in
      allowedOrigin == "*" || allowedOrigin?.lowercased() == origin
        || hosts.first.map { origin == "http://\($0)" } ?? false
    }
    return isWelcome
      ? nil : .failure(403, "web pages of this origin are not allowed; see --allow-origin")
  }

  private func isOwn(_ name: String) -> Bool {
    [host.lowercased(), "localhost", "127.0.0.1", "[::1]", "::1"].contains(name)
  }

  /// A host without its port.
  private static func name(of host: String) -> String {
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]) }
    return String(host.prefix { $0 != ":" })
  }
}
