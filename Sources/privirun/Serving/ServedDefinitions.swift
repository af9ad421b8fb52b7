import Events
import Rollouts
import Serving
import Synchronization

/// What the rollout files say that are served now.
final class ServedDefinitions: Sendable {
  private struct State: Sendable {
    var served: [String: RolloutDefinition] = [:]
    /// The last definitions of those whose schedules may still be active in the ledger.
    var removed: [String: RolloutDefinition] = [:]
  }

  private let state = Mutex(State())

  /// The definition of the rollout `name`; nil for one that is not served.
  func definition(of name: String) -> RolloutDefinition? {
    state.withLock { $0.served[name] }
  }

  /// The same; for one that is not served any more, what it was last, until its schedule is not active any more.
  func lastDefinition(of name: String) -> RolloutDefinition? {
    state.withLock { $0.served[name] ?? $0.removed[name] }
  }

  /// Takes over what is served from now on.
  func set(_ served: [ServedRollout]) {
    let named = Dictionary(served.map { ($0.name, $0.definition) }) { first, _ in first }
    state.withLock { state in
      state.removed = state.removed.merging(state.served) { $1 }.filter { named[$0.key] == nil }
      state.served = named
    }
  }

  /// An observer that hands each event on to `observer`, and learns from it which schedules are not active in
  /// the ledger any more.
  func retiring(_ observer: DaemonObserver) -> DaemonObserver {
    DaemonObserver { event in
      if case .recorded(let state, _) = event, !state.isActive {
        self.state.withLock { $0.removed[state.name] = nil }
      }
      observer(event)
    }
  }
}
