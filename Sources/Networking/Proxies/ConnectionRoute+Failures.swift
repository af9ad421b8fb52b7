import Machine
import NIOExtras
import Running

extension ConnectionRoute {
  /// What an error of a connection on this route means.
  func failure(for error: any Error) -> TransportFailure {
    guard let proxy else { return TransportFailure(error, at: "\(origin)") }
    if let problem = TunnelProblem(error) {
      return problem.failure(of: proxy, to: origin)
    }
    var atProxy = TransportFailure(error, at: "the proxy \(proxy)")
    guard atProxy.kind == .unreachable, !atProxy.mayHaveBeenSent else {
      return TransportFailure(error, at: "\(origin)")
    }
    atProxy.hint =
      atProxy.hint ?? "is the proxy running? hosts in `NO_PROXY` are connected to directly"
    return atProxy
  }
}

/// Why a proxy opened no tunnel; nothing was sent to the origin.
private enum TunnelProblem {
  case needsCredentials
  case refused
  case timedOut
  case closed

  /// Nil for what did not happen between this program and the proxy.
  init?(_ error: any Error) {
    guard let error = error as? NIOHTTP1ProxyConnectHandler.Error else { return nil }
    self.init(error)
  }

  private init(_ error: NIOHTTP1ProxyConnectHandler.Error) {
    switch error {
    case .proxyAuthenticationRequired(): self = .needsCredentials
    case .httpProxyHandshakeTimeout(): self = .timedOut
    case .remoteConnectionClosed(), .channelUnexpectedlyInactive(), .noResult(): self = .closed
    default: self = .refused
    }
  }

  func failure(of proxy: ProxyServer, to origin: Origin) -> TransportFailure {
    switch self {
    case .needsCredentials:
      TransportFailure(
        .refusedByProxy,
        proxy.credentials == nil
          ? "the proxy \(proxy) requires a user name and a password"
          : "the proxy \(proxy) did not accept the user name and the password",
        mayHaveBeenSent: false,
        hint: "write them into the variable that names the proxy: "
          + "`http://user:password@host:port`, with other characters than letters and digits "
          + "percent-encoded")
    case .refused:
      TransportFailure(
        .unreachable, "the proxy \(proxy) refused a tunnel to \(origin)", mayHaveBeenSent: false,
        hint: "the proxy must allow `CONNECT` to this host and port and be able to reach it; its "
          + "log says which failed")
    case .timedOut:
      TransportFailure(
        .unreachable, "the proxy \(proxy) opened no tunnel to \(origin) in time",
        mayHaveBeenSent: false, hint: "can the proxy reach this host and port?")
    case .closed:
      TransportFailure(
        .unreachable,
        "the proxy \(proxy) closed the connection before it opened a tunnel to \(origin)",
        mayHaveBeenSent: false, hint: "is it an HTTP proxy that allows `CONNECT`?")
    }
  }
}
