import Glibc
import Synchronization

/// SIGINT, SIGTERM, SIGHUP and SIGQUIT as a stream: the first one requests an orderly stop.
///
/// They come to the value that was made last, as long as it lives.
struct Interrupts {
  /// One element for the first signal; it never finishes.
  let signals: AsyncStream<Void>
  private let registration: Registration

  /// Handles signals from now on, and prints `notice` on standard error at the first one.
  ///
  /// A second signal prints `farewell` and exits at once with `ExitStatus.cancelled`: what was
  /// recorded is on the disk, so none of that is lost.
  init(notice: String = "", farewell: String = "") {
    let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
    self.signals = signals
    registration = Registration(notice, farewell, continuation)
  }

  /// Receives signals until it is gone.
  private final class Registration: Sendable {
    private let number: Int

    init(_ notice: String, _ farewell: String, _ signals: AsyncStream<Void>.Continuation) {
      let wasAsked = Atomic(false)
      number = SignalReceivers.process.add {
        guard !wasAsked.exchange(true, ordering: .relaxed) else {
          StandardStream.error.post(farewell)
          for stream in StandardStream.allCases { stream.flush(within: .milliseconds(500)) }
          _exit(ExitStatus.cancelled.rawValue)
        }
        StandardStream.error.post(notice)
        signals.yield()
      }
    }

    deinit { SignalReceivers.process.remove(number) }
  }
}
