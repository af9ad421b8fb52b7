import Dispatch
import Glibc
import Synchronization

/// Who in this process receives the signals that ask it to stop: whoever began to last.
///
/// The sources of signals are made once, and stay: on Linux, one that is made after another one of the same
/// signal is gone receives nothing.
final class SignalReceivers: Sendable {
  /// The only ones: signals belong to the process.
  static let process = SignalReceivers()

  private struct State {
    var sources: [any DispatchSourceSignal] = []
    var receivers: [(number: Int, receive: @Sendable () -> Void)] = []
    var next = 0
  }

  private let queue = DispatchQueue(label: "privirun.signals")
  private let state = Mutex(State())

  /// Hands signals to `receive`, one after the other, until `remove`.
  func add(_ receive: @escaping @Sendable () -> Void) -> Int {
    state.withLock { state in
      if state.sources.isEmpty { state.sources = makeSources() }
      state.next += 1
      state.receivers.append((state.next, receive))
      return state.next
    }
  }

  func remove(_ number: Int) {
    state.withLock { state in state.receivers.removeAll { $0.number == number } }
  }

  /// A signal that the process was started to ignore stays ignored, as `nohup` expects of SIGHUP.
  private func makeSources() -> [any DispatchSourceSignal] {
    let numbers = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].filter { !Self.isIgnored($0) }
    return numbers.map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [self] in
        let receive = state.withLock { $0.receivers.last?.receive }
        receive?()
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
