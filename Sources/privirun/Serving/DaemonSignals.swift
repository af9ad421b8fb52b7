import Dispatch
import Glibc
import ServiceLifecycle
import Synchronization

/// The signals of a daemon: the first SIGTERM, SIGINT or SIGQUIT requests its end, and a second one ends it at
/// once; SIGHUP requests a look at its files.
struct DaemonSignals {
  /// One element for the first request to end.
  let ends: AsyncStream<Void>
  /// One element for each request to look at the files; several in a row may be one.
  let looks: AsyncStream<Void>
  private let sources: [any DispatchSourceSignal]

  /// Handles signals from now on; `leave` is called where the process is to end at once.
  init(leave: @escaping @Sendable () -> Void) {
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    let (looks, look) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    (self.ends, self.looks) = (ends, looks)
    let wasAsked = Atomic(false)
    let stop: @Sendable () -> Void = {
      if wasAsked.exchange(true, ordering: .relaxed) { leave() } else { end.yield() }
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
