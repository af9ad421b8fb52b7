package import Events
package import Operations
import OrderedCollections

extension APIDescription {
  /// Whether what a step does with a call of `operation` cannot be undone, as `PlanReport` asks.
  ///
  /// An ensured call may be carried out by other operations: the one that corrects, or those that remove,
  /// also where a thing is removed and created again. What those do is final, too.
  package func isFinal(_ operation: String, _ change: StateChange.Kind) -> Bool {
    guard let operation = operations[operation] else { return false }
    let remedies = operation.lookup?.remedies ?? Lookup.Remedies()
    return switch (change, operation.effect) {
    case (.create, _), (.unknown, _), (.remove, .remove): operation.isFinal
    case (.remove, _):
      operation.lookup?.expects == .present
        ? areFinal(remedies.removal.map(\.operation)) : operation.isFinal
    case (.change, let effect):
      switch remedies.correction {
      case .other(let remedy)?: areFinal([remedy.operation])
      // A call that creates changes a thing only by removing it first.
      case nil where effect == .create: areFinal(remedies.removal.map(\.operation))
      case .itself?, nil: operation.isFinal
      }
    case (.unchanged, _), (.drift, _), (.conflict, _): false
    }
  }

  private func areFinal(_ ids: [String]) -> Bool {
    ids.contains { operations[$0]?.isFinal ?? false }
  }
}
