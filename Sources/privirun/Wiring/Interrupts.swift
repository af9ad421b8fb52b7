import Dispatch
import Glibc

/// SIGINT, SIGTERM, SIGHUP and SIGQUIT as a stream: the first one requests an orderly stop.
struct Interrupts {
  /// One element for the first signal; it never finishes.
  let signals: AsyncStream<Void>
  private let sources: [any DispatchSourceSignal]

  /// Handles signals from now on, and prints `notice` on standard error at the first one.
  ///
  /// A second signal prints `farewell` and exits at once with `ExitStatus.cancelled`: what was
  /// recorded is on the disk, so none of that is lost. A signal that the process was started to
  /// ignore stays ignored, as `nohup` expects of SIGHUP.
  init(notice: String = "", farewell: String = "") {
    let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
    self.signals = signals
    let counter = SignalCounter()
    let numbers = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].filter { !Self.isIgnored($0) }
    sources = numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: counter.queue)
      source.setEventHandler {
        guard counter.next() == 1 else {
          StandardStream.error.post(farewell)
          for stream in StandardStream.allCases { stream.flush(within: .milliseconds(500)) }
          _exit(ExitStatus.cancelled.rawValue)
        }
        StandardStream.error.post(notice)
        continuation.yield()
      }
      source.resume()
      return source
    }
  }

  /// Whether the process was started with `number` ignored.
  ///
  /// Only SIGHUP is looked at: a shell without job control starts background jobs with SIGINT
  /// ignored, and those must still be stoppable.
  private static func isIgnored(_ number: Int32) -> Bool {
    guard number == SIGHUP else { return false }
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
