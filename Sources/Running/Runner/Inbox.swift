import Synchronization

/// Where the runner's children put what occurred; read in batches by the one loop that drives the
/// machine, so that what came together is recorded together.
final class Inbox: Sendable {
  private let inputs = Mutex<[RunInput]>([])
  private let signal: AsyncStream<Void>.Continuation
  /// Yields whenever something may be there; ends when the task is cancelled.
  let signals: AsyncStream<Void>

  init() {
    (signals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func put(_ input: RunInput) {
    inputs.withLock { $0.append(input) }
    signal.yield()
  }

  /// Everything put since the last time, in order.
  func take() -> [RunInput] {
    inputs.withLock { inputs in
      defer { inputs = [] }
      return inputs
    }
  }
}
