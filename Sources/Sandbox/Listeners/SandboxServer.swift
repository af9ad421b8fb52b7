import NIOCore
import NIOPosix

/// A sandbox that can be reached: the engine behind four listeners on one event loop.
package struct SandboxServer: Sendable {
  /// The addresses to connect to, with the ports that were really taken.
  package let addresses: SandboxAddresses
  private let engine: SandboxEngine
  private let listeners: ListenerGroup

  /// Binds all four listeners, or none.
  package static func start(
    _ configuration: SandboxConfiguration
  ) async throws(SandboxError) -> SandboxServer {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let engine = try await Self.engine(configuration, on: loop)
    let listeners = ListenerGroup(configuration, engine, on: loop)
    do throws(SandboxError) {
      try await listeners.open()
    } catch {
      engine.unlock()
      throw error
    }
    engine.onRestart { [weak listeners] in listeners?.restart(after: $0) }
    return SandboxServer(engine: engine, listeners: listeners, host: configuration.host)
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

  private init(engine: SandboxEngine, listeners: ListenerGroup, host: String) {
    let upstream = StreamAddress(host: host, port: listeners.port(of: .upstream))
    let downstream = StreamAddress(host: host, port: listeners.port(of: .downstream))
    engine.locateStreams(upstream: upstream, downstream: downstream)
    addresses = SandboxAddresses(
      api: "http://\(host):\(listeners.port(of: .api))",
      webSocket: "ws://\(host):\(listeners.port(of: .webSocket))",
      upstream: upstream.url, downstream: downstream.url)
    self.engine = engine
    self.listeners = listeners
  }

  /// Says goodbye to sockets, closes everything, and returns when all is closed and saved.
  package func stop() async throws(SandboxError) {
    await listeners.closeListeners()
    engine.stop()
    await listeners.closeConnections()
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
