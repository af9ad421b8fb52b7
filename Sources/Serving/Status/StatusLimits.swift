/// How much clients of the status server may use, and for how long.
package struct StatusLimits: Sendable, Hashable {
  /// How many connections are open at once; further ones are closed.
  package var connections = 64
  /// Bytes of a request head.
  package var headBytes = 16 << 10
  /// Bytes of a request body, which no page needs.
  package var bodyBytes = 64 << 10
  /// From when a connection is opened to the end of its first request, and from the end of a request until the
  /// client has taken the response.
  package var exchange: Duration = .seconds(10)
  /// From a response to the end of the next request; longer than Prometheus waits between two scrapes.
  package var idle: Duration = .seconds(90)
  /// How long connections in use may go on after a shutdown.
  package var drain: Duration = .seconds(1)

  /// The limits of a daemon.
  package init() {}
}
