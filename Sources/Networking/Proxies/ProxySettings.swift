package import Diagnostics
package import Expressions

/// The proxies that the environment names, as curl and Go read it: `HTTP_PROXY` for `http` and `ws`,
/// `HTTPS_PROXY` for `https` and `wss`, `ALL_PROXY` for both, and the exceptions of `NO_PROXY`.
///
/// Each name is read in lower case first, then in upper case; an empty variable counts as unset.
package struct ProxySettings: Sendable, Hashable {
  /// No proxy for anything.
  package static let none = ProxySettings(environment: [:])

  private let plain: Choice
  private let encrypted: Choice
  private let exceptions: ProxyExceptions

  private enum Choice: Sendable, Hashable {
    case none
    case server(ProxyServer)
    case unusable(variable: String, ProxyFlaw)
  }

  /// Reads the variables; one that is malformed counts only where its proxy would be used.
  package init(environment: [String: String]) {
    plain = Self.choice(["http_proxy", "HTTP_PROXY"], in: environment)
    encrypted = Self.choice(["https_proxy", "HTTPS_PROXY"], in: environment)
    exceptions = ProxyExceptions(
      Self.value(of: ["no_proxy", "NO_PROXY"], in: environment)?.text ?? "")
  }

  /// The proxy for connections to `origin`; nil for a direct connection, always so to a loopback host.
  ///
  /// Throws when the environment names a proxy that cannot be used.
  package func proxy(for origin: Origin) throws(ProxyFlaw) -> ProxyServer? {
    switch choice(for: origin) {
    case .none: nil
    case .server(let server): server
    case .unusable(_, let flaw): throw flaw
    }
  }

  /// Throws one `invalid-proxy` for each variable that names an unusable proxy for one of `addresses`.
  package func validate(for addresses: ServiceAddresses) throws(InvalidInput) {
    var flaws: [String: ProxyFlaw] = [:]
    for address in addresses.all {
      guard case .unusable(let variable, let flaw) = choice(for: address.origin) else { continue }
      flaws[variable] = flaw
    }
    guard !flaws.isEmpty else { return }
    throw InvalidInput(
      flaws.sorted { $0.key < $1.key }.map { variable, flaw in
        Diagnostic(
          .invalidProxy, "`\(variable)` \(flaw.message)", at: nil,
          hint: "write it like `http://host:port`, or except the service's hosts in `NO_PROXY`")
      })
  }

  /// Every proxy that is used for some origin.
  var servers: Set<ProxyServer> {
    Set(
      [plain, encrypted].compactMap { choice in
        guard case .server(let server) = choice else { return nil }
        return server
      })
  }

  /// The passwords of the proxies, alone and in the forms that the proxies see.
  package var secrets: [Secret] { servers.flatMap(\.secrets) }

  private func choice(for origin: Origin) -> Choice {
    let choice = origin.scheme.usesTLS ? encrypted : plain
    // Asked for each request: exceptions matter only where there is a rule.
    if case .none = choice { return .none }
    return exceptions.contain(origin) ? .none : choice
  }

  private static func choice(_ names: [String], in environment: [String: String]) -> Choice {
    guard let (name, text) = value(of: names + ["all_proxy", "ALL_PROXY"], in: environment) else {
      return .none
    }
    do throws(ProxyFlaw) {
      return .server(try ProxyServer(text))
    } catch {
      return .unusable(variable: name, error)
    }
  }

  private static func value(
    of names: [String], in environment: [String: String]
  ) -> (name: String, text: String)? {
    for name in names {
      let text = (environment[name] ?? "").trimmingBlanks
      if !text.isEmpty { return (name, text) }
    }
    return nil
  }
}
