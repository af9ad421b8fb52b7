import Machine
import Synchronization

/// Ends a local action that is no longer wanted, between two pieces of its work.
package final class Interruption: Sendable {
  private let isTriggered = Atomic(false)

  /// One that is not triggered.
  package init() {}

  /// Lets the action fail at its next check.
  package func trigger() {
    isTriggered.store(true, ordering: .relaxed)
  }

  /// Throws `LocalFailure.interrupted` once it was triggered.
  func check() throws(LocalFailure) {
    guard !isTriggered.load(ordering: .relaxed) else { throw .interrupted }
  }
}
