import NIOCore
import Operations
import Synchronization

/// The listeners of a server, which can be closed for a while and opened again on their ports.
final class ListenerGroup: Sendable {
  private struct State {
    var channels: [Listener: any Channel] = [:]
    /// Those that are closed, each with the timer that opens it.
    var reopenings: [Listener: Scheduled<Void>] = [:]
    var isStopped = false
  }

  /// The pause after a listener could not be opened again.
  private static let patience = TimeAmount.seconds(1)

  private let configuration: SandboxConfiguration
  private let engine: SandboxEngine
  private let connections: ConnectionBook
  private let loop: any EventLoop
  /// The ports that are kept over a restart; none where no restart is injected.
  private let holds: [Listener: PortHold]
  private let state = Mutex(State())

  init(_ configuration: SandboxConfiguration, _ engine: SandboxEngine, on loop: any EventLoop) {
    self.configuration = configuration
    self.engine = engine
    self.loop = loop
    connections = ConnectionBook(limit: configuration.maximumConnections)
    var holds: [Listener: PortHold] = [:]
    if configuration.vault.faults[.restart] != nil {
      for listener in Listener.allCases {
        holds[listener] = PortHold(
          host: configuration.host, port: listener.port(configuration))
      }
    }
    self.holds = holds
  }

  /// Opens all listeners, or none.
  func open() async throws(SandboxError) {
    for listener in Listener.allCases {
      let port = holds[listener]?.port ?? listener.port(configuration)
      do {
        let channel = try await bind(listener, port).get()
        state.withLock { $0.channels[listener] = channel }
      } catch {
        await closeListeners()
        throw failure(of: listener, port, error)
      }
    }
  }

  /// The port that a listener has.
  func port(of listener: Listener) -> Int {
    state.withLock { $0.channels[listener]?.localAddress?.port } ?? 0
  }

  /// Cuts all connections, refuses new ones for a while, and then listens again.
  func restart(after downtime: Duration) {
    let closed = state.withLock { state -> [any Channel] in
      guard !state.isStopped, state.reopenings.isEmpty else { return [] }
      for (listener, channel) in state.channels {
        guard let port = channel.localAddress?.port else { continue }
        state.reopenings[listener] = schedule(
          listener, port, after: .nanoseconds(downtime.wholeNanoseconds))
      }
      defer { state.channels = [:] }
      return Array(state.channels.values)
    }
    for channel in closed { channel.close(promise: nil) }
    connections.cutAll()
  }

  /// Listens no more.
  func closeListeners() async {
    let channels = state.withLock { state in
      state.isStopped = true
      for timer in state.reopenings.values { timer.cancel() }
      return Array(state.channels.values)
    }
    for channel in channels { try? await channel.close() }
  }

  /// Closes the connections, with time for sockets to say goodbye.
  func closeConnections() async {
    await connections.closeAll()
  }

  private func bind(_ listener: Listener, _ port: Int) -> EventLoopFuture<any Channel> {
    listener.bind(configuration, to: port, engine: engine, connections: connections, on: loop)
  }

  private func failure(of listener: Listener, _ port: Int, _ error: any Error) -> SandboxError {
    SandboxError(listeningOn: "\(configuration.host):\(port)", as: listener, error)
  }

  private func schedule(
    _ listener: Listener, _ port: Int, after pause: TimeAmount
  ) -> Scheduled<Void> {
    loop.scheduleTask(in: pause) { self.reopen(listener, port) }
  }

  /// Opens a listener again; tries once more, after a pause, when it cannot be opened.
  private func reopen(_ listener: Listener, _ port: Int) {
    bind(listener, port).whenComplete { result in
      switch result {
      case .success(let channel):
        let isWelcome = self.state.withLock { state in
          state.reopenings[listener] = nil
          guard !state.isStopped else { return false }
          state.channels[listener] = channel
          return true
        }
        if !isWelcome { channel.close(promise: nil) }
      case .failure(let error):
        self.configuration.report(self.failure(of: listener, port, error))
        self.state.withLock { state in
          guard !state.isStopped else { return }
          state.reopenings[listener] = self.schedule(listener, port, after: Self.patience)
        }
      }
    }
  }
}
