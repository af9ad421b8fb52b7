/// How long a client may take, so that no connection is held for nothing.
package struct ConnectionLimits: Sendable, Hashable {
  /// From the first byte of a request to the end of its head.
  package var head: Duration = .seconds(15)
  /// Without a byte in either direction; longer than clients keep a connection for later use.
  package var idle: Duration = .seconds(120)
  /// Between two pings to a WebSocket; one that shows no sign of life from one to the next is closed.
  package var ping: Duration = .seconds(60)

  /// The limits of a sandbox that is started without options.
  package init() {}
}
