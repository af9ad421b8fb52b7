import Dispatch
import Glibc

/// SIGINT and SIGTERM as a stream: the first asks for an orderly stop.
struct Interrupts {
  /// One element for the first signal; it never ends by itself.
  let signals: AsyncStream<Void>
  private let sources: [any DispatchSourceSignal]

  /// Listens from now on, and says `notice` on standard error at the first signal.
  ///
  /// A second signal says `farewell` and ends the process at once with `ExitStatus.cancelled`:
  /// what was recorded is durable, so nothing of that is lost.
  init(notice: String = "", farewell: String = "") {
    let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
    self.signals = signals
    let counter = SignalCounter()
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: counter.queue)
      source.setEventHandler {
        guard counter.next() == 1 else {
          StandardStream.error.write(farewell)
          _exit(ExitStatus.cancelled.rawValue)
        }
        StandardStream.error.write(notice)
        continuation.yield()
      }
      source.resume()
      return source
    }
  }
}
