import Machine
import Operations
import Synchronization

/// Where the runner's children put what occurred; read in batches by the one loop that drives the
/// machine, so that what came together is recorded together.
final class Inbox: Sendable {
  private let inputs = Mutex<[Signal]>([])
  private let signal: AsyncStream<Void>.Continuation

  /// What one of the children has to say.
  enum Signal: Sendable {
    case input(RunInput)
    /// The sleeper that was set for that instant is done.
    case woke(Moment)
  }

  /// Yields whenever something may be there; ends when the task is cancelled.
  let signals: AsyncStream<Void>

  init() {
    (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func put(_ input: RunInput) { put(.input(input)) }

  func put(_ message: Signal) {
    inputs.withLock { $0.append(message) }
    signal.yield()
  }

  /// Everything put since the last time, in order.
  func take() -> [Signal] {
    inputs.withLock { inputs in
      defer { inputs = [] }
      return inputs
    }
  }
}
