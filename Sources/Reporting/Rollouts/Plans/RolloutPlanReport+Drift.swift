import Events

/// What drifted, in numbers.
extension RolloutPlanReport {
  /// How many tenants are not as their last runs left them.
  package var driftedTenants: Int { tenants.count { $0.subject == .drift && $0.isNotable } }

  /// How many things of all tenants drifted in that way.
  package func drifted(_ kind: DriftedItem.Kind) -> Int { tenants.driftCounts[kind.sign] }
}
