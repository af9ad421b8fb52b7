import NIOCore
import NIOPosix

/// A sandbox that can be reached: the engine behind four listeners on one event loop.
package struct SandboxServer: Sendable {
  package let addresses: SandboxAddresses
  private let engine: SandboxEngine
  private let connections: ConnectionBook
  private let listeners: [any Channel]

  /// Binds all four listeners, or none.
  package static func start(
    _ configuration: SandboxConfiguration
  ) async throws(SandboxError) -> SandboxServer {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let engine = SandboxEngine(configuration, on: loop)
    let connections = ConnectionBook(limit: configuration.maximumConnections)
    var listeners: [any Channel] = []
    do throws(SandboxError) {
      for face in Face.allCases {
        listeners.append(
          try await face.bind(configuration, engine: engine, connections: connections, on: loop))
      }
    } catch {
      for listener in listeners { try? await listener.close() }
      throw error
    }
    return SandboxServer(
      engine: engine, connections: connections, listeners: listeners, host: configuration.host)
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

  /// Says goodbye to sockets, closes everything and returns when all is closed.
  package func stop() async {
    for listener in listeners { try? await listener.close() }
    engine.stop()
    await connections.closeAll()
    engine.blobs.removeAll()
  }

  /// Serves while `body` runs, then stops, whatever came of it.
  package static func withServer<Result>(
    _ configuration: SandboxConfiguration,
    _ body: (SandboxAddresses) async throws -> Result
  ) async throws -> Result {
    let server = try await start(configuration)
    do {
      let result = try await body(server.addresses)
      await server.stop()
      return result
    } catch {
      await server.stop()
      throw error
    }
  }
}
