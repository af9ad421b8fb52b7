import Rollouts
import Serving
import Synchronization

/// What the rollout files say that are served now.
final class ServedDefinitions: Sendable {
  private let definitions = Mutex<[String: RolloutDefinition]>([:])

  /// The definition of the rollout `name`; nil for one that is not served.
  func definition(of name: String) -> RolloutDefinition? {
    definitions.withLock { $0[name] }
  }

  /// Takes over what is served from now on.
  func set(_ served: [ServedRollout]) {
    let named = Dictionary(served.map { ($0.name, $0.definition) }) { first, _ in first }
    definitions.withLock { $0 = named }
  }
}
