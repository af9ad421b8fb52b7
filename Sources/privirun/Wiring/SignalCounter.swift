import Dispatch
import Synchronization

/// Counts the signals that asked this process to stop.
final class SignalCounter: Sendable {
  let queue = DispatchQueue(label: "privirun.signals")
  private let count = Mutex(0)

  /// How many there have been, this one included.
  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}
