import OrderedCollections
package import Playbooks

extension APIDescription {
  /// What a call of `operation` can be ensured to be, none where no read shows what it is about.
  package func ensurableStates(of operation: Operation) -> [Ensurance.State] {
    guard let lookup = operation.lookup, let read = operations[lookup.operation],
      lookup.suffices(for: read)
    else { return [] }
    switch lookup.expects {
    case .absent: return [.absent]
    case .present: return lookup.remedies.removal.isEmpty ? [.present] : [.present, .absent]
    }
  }

  /// The ids of the operations that can be ensured, in the order of the description.
  package var ensurableOperations: [String] {
    operations.values.filter { !ensurableStates(of: $0).isEmpty }.map(\.id)
  }
}

extension Lookup {
  /// What can be done about a difference that nothing corrects.
  package var possibleDrifts: [Ensurance.OnDrift] {
    if remedies.mustFail { return [.fail] }
    return remedies.removal.isEmpty ? [.fail, .warn] : [.fail, .warn, .recreate]
  }
}
