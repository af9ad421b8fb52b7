import Machine
import Operations
import Synchronization

/// The local actions in progress, so that one that is given up ends.
final class OpenActions: Sendable {
  private let interruptions = Mutex<[RequestID: Interruption]>([:])

  func begin(_ id: RequestID) -> Interruption {
    let interruption = Interruption()
    interruptions.withLock { $0[id] = interruption }
    return interruption
  }

  func interrupt(_ id: RequestID) {
    interruptions.withLock { $0[id] }?.trigger()
  }

  func interruptAll() {
    for interruption in interruptions.withLock({ Array($0.values) }) { interruption.trigger() }
  }

  func end(_ id: RequestID) {
    interruptions.withLock { $0[id] = nil }
  }
}
