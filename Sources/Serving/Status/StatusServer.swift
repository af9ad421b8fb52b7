import NIOCore
import NIOPosix
import ServiceLifecycle

/// Serves the status of a daemon over HTTP/1.1, on an address that is bound before it runs.
package struct StatusServer: Service {
  /// The address with the port that was really taken.
  package let address: StatusAddress

  /// Binds `address`; throws a failure that says what to do where that cannot be had.
  package static func bind(
    _ address: StatusAddress, _ pages: StatusPages, limits: StatusLimits = StatusLimits()
  ) async throws(StatusFailure) -> StatusServer {
    StatusServer(address: address)
  }

  /// Serves until a graceful shutdown, or until the task is cancelled; then closes all connections.
  ///
  /// A service that stands before others in its group is shut down after them, so that the status is
  /// served while they drain.
  package func run() async throws {
    try? await gracefulShutdown()
  }
}

/// How much clients of the status server may use, and for how long.
package struct StatusLimits: Sendable, Hashable {
  /// How many connections are open at once; further ones are closed.
  package var connections = 64
  /// Bytes of a request head.
  package var headBytes = 16 << 10
  /// From the first byte of a request to its end.
  package var request: Duration = .seconds(10)
  /// Without a byte in either direction; longer than Prometheus waits between two scrapes by default.
  package var idle: Duration = .seconds(90)

  /// The limits of a daemon.
  package init() {}
}
