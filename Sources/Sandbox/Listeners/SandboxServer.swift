import NIOCore
import NIOPosix

/// A sandbox that can be reached: the engine behind four listeners on one event loop.
package struct SandboxServer: Sendable {
  /// The addresses to connect to, with the ports that were really taken.
  package let addresses: SandboxAddresses
  private let engine: SandboxEngine
  private let connections: ConnectionBook
  private let listeners: [any Channel]

  /// Binds all four listeners, or none.
  package static func start(
    _ configuration: SandboxConfiguration
  ) async throws(SandboxError) -> SandboxServer {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let engine = try await Self.engine(configuration, on: loop)
    let connections = ConnectionBook(limit: configuration.maximumConnections)
    var listeners: [any Channel] = []
    do throws(SandboxError) {
      for listener in Listener.allCases {
        listeners.append(
          try await listener.bind(configuration, engine: engine, connections: connections, on: loop)
        )
      }
    } catch {
      for listener in listeners { try? await listener.close() }
      engine.unlock()
      throw error
    }
    return SandboxServer(
      engine: engine, connections: connections, listeners: listeners, host: configuration.host)
  }

  /// Reads the state file, on a thread that may block.
  private static func engine(
    _ configuration: SandboxConfiguration, on loop: any EventLoop
  ) async throws(SandboxError) -> SandboxEngine {
    let result: Result<SandboxEngine, SandboxError>? = try? await NIOThreadPool.singleton
      .runIfActive {
        Result { () throws(SandboxError) in try SandboxEngine(configuration, on: loop) }
      }
    guard let result else { throw SandboxError(message: "The sandbox cannot start.", hint: nil) }
    return try result.get()
  }

  private init(
    engine: SandboxEngine, connections: ConnectionBook, listeners: [any Channel], host: String
  ) {
    let ports = listeners.map { $0.localAddress?.port ?? 0 }
    let streams = ports.suffix(2).map { StreamAddress(host: host, port: $0) }
    engine.locateStreams(upstream: streams[0], downstream: streams[1])
    addresses = SandboxAddresses(
      api: "http://\(host):\(ports[0])", webSocket: "ws://\(host):\(ports[1])",
      upstream: streams[0].url, downstream: streams[1].url)
    self.engine = engine
    self.connections = connections
    self.listeners = listeners
  }

  /// Says goodbye to sockets, closes everything, and returns when all is closed and saved.
  package func stop() async throws(SandboxError) {
    for listener in listeners { try? await listener.close() }
    engine.stop()
    await connections.closeAll()
    engine.blobs.removeAll()
    let saved: Result<Void, SandboxError>? = try? await NIOThreadPool.singleton.runIfActive {
      Result { () throws(SandboxError) in try engine.save() }
    }
    engine.unlock()
    try saved?.get()
  }

  /// Serves while `body` runs, then stops, whether it failed or not.
  package static func withServer<Result>(
    _ configuration: SandboxConfiguration,
    _ body: (SandboxAddresses) async throws -> Result
  ) async throws -> Result {
    let server = try await start(configuration)
    do {
      let result = try await body(server.addresses)
      try await server.stop()
      return result
    } catch {
      try? await server.stop()
      throw error
    }
  }
}
