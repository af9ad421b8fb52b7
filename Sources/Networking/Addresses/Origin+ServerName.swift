import NIOCore

extension Origin {
  /// The name to ask for and to verify; nil for an IP address, which is verified as such instead
  /// (RFC 6066 §3 allows no address there).
  var serverName: String? {
    (try? SocketAddress(ipAddress: host, port: 0)) == nil ? host : nil
  }
}
