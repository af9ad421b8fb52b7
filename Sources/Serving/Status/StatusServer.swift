import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// Serves the status of a daemon over HTTP/1.1, from when its address is bound.
package struct StatusServer: Service {
  /// The address with the port that was really taken.
  package let address: StatusAddress
  private let listener: any Channel
  private let connections: OpenConnections
  private let limits: StatusLimits

  /// Binds `address`, and answers from then on; throws a failure that says what to do where that cannot be had.
  package static func bind(
    _ address: StatusAddress, _ pages: StatusPages, limits: StatusLimits = StatusLimits()
  ) async throws(StatusFailure) -> StatusServer {
    let connections = OpenConnections(limit: limits.connections)
    do {
      let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton.next())
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .serverChannelOption(.backlog, value: 64)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { channel in
          guard connections.add(channel) else { return channel.close() }
          return channel.eventLoop.makeCompletedFuture {
            try Self.prepare(channel.pipeline.syncOperations, pages, limits)
          }
        }
        .bind(host: address.host, port: address.port).get()
      let bound = StatusAddress(
        host: address.host, port: listener.localAddress?.port ?? address.port)
      return StatusServer(
        address: bound, listener: listener, connections: connections, limits: limits)
    } catch {
      throw StatusFailure(binding: address, error)
    }
  }

  private static func prepare(
    _ pipeline: ChannelPipeline.SynchronousOperations, _ pages: StatusPages, _ limits: StatusLimits
  ) throws {
    try HeadGuard.install(limit: limits.headBytes, in: pipeline) {
      try pipeline.configureHTTPServerPipeline(
        withPipeliningAssistance: false, withErrorHandling: false)
    }
    try pipeline.addHandler(StatusHandler(pages, limits))
  }

  /// Serves until a graceful shutdown, or until the task is cancelled; then closes all connections.
  ///
  /// A service that stands before others in its group is shut down after them, so that the status is
  /// served while they drain.
  package func run() async throws {
    try? await gracefulShutdown()
    await close()
  }

  /// Listens no more, and closes all connections, those in use once they are answered.
  package func close() async {
    try? await listener.close()
    await connections.closeAll(within: limits.drain)
  }
}
