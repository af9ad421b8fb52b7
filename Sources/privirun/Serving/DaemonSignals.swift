import Dispatch
import Glibc
import ServiceLifecycle
import Serving
import Synchronization

/// The signals of a daemon: SIGTERM, SIGINT and SIGQUIT request its end, and SIGHUP requests a look at its files.
struct DaemonSignals {
  /// One element for the first request to end.
  let ends: AsyncStream<Void>
  /// One element for each request to look at the files; several in a row may be one.
  let looks: AsyncStream<Void>
  private let sources: [any DispatchSourceSignal]

  /// Handles signals from now on, timed by `uptime`; `leave` is called where the process is to end at once.
  init(
    uptime: @escaping @Sendable () -> Duration, leave: @escaping @Sendable () -> Void
  ) {
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    let (looks, look) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    (self.ends, self.looks) = (ends, looks)
    let requests = Mutex(EndRequests())
    let stop: @Sendable () -> Void = {
      switch requests.withLock({ $0.receive(at: uptime()) }) {
      case .drain: end.yield()
      case .exit: leave()
      case .none: break
      }
    }
    let queue = DispatchQueue(label: "privirun.serve.signals")
    let handlers: [(Int32, @Sendable () -> Void)] = [
      (SIGTERM, stop), (SIGINT, stop), (SIGQUIT, stop), (SIGHUP, { look.yield() }),
    ]
    sources = handlers.map { number, handler in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler(handler: handler)
      source.resume()
      return source
    }
  }
}

/// Ends when a signal requests the end of the process.
struct SignalService: Service {
  /// An element for each request.
  let requests: AsyncStream<Void>

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      for await _ in requests { return }
      throw CancellationError()
    }
  }
}
