/// Where the status of a daemon is served: `HOST:PORT`.
package struct StatusAddress: Sendable, Hashable {
  /// The address unless another is given: loopback, so that nobody else on the network reads it.
  package static let standard = StatusAddress(host: "127.0.0.1", port: 8650)

  /// A name or an address, without the brackets of an IPv6 address.
  package var host: String
  /// 0 to 65,535; 0 takes a free port.
  package var port: Int

  /// The port `port` of `host`.
  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `HOST:PORT`, `[IPV6]:PORT` or `:PORT`, which is a port of 127.0.0.1; throws what is wrong with it.
  package init(_ text: String) throws(StatusFailure) {
    self = .standard
  }
}

extension StatusAddress: CustomStringConvertible {
  /// As in a URL: `127.0.0.1:8650`, `[::1]:8650`.
  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// Why the status of a daemon cannot be served.
package struct StatusFailure: Error, Sendable, Hashable {
  /// One sentence without a full stop.
  package var message: String
  /// What to do next, when that is known.
  package var hint: String?

  /// A failure that is `message`.
  package init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}
