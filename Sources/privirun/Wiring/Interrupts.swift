import Dispatch
import Glibc

/// SIGINT and SIGTERM as a stream: the first asks for an orderly stop.
struct Interrupts {
  /// One element for the first signal; it never ends by itself.
  let signals: AsyncStream<Void>
  private let sources: [any DispatchSourceSignal]

  /// Listens from now on.
  ///
  /// A second signal ends the process at once with `ExitStatus.cancelled`:
  /// what was recorded is durable, so nothing is lost.
  init() {
    let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
    self.signals = signals
    let counter = SignalCounter()
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: counter.queue)
      source.setEventHandler {
        if counter.next() > 1 { _exit(ExitStatus.cancelled.rawValue) }
        continuation.yield()
      }
      source.resume()
      return source
    }
  }
}
