package import Expressions
package import OrderedCollections
package import Playbooks

/// Which tenants of the tenants file a rollout is about: those of `only` without those of `exclude`.
package struct TenantSelection: Sendable, Hashable {
  /// What a tenant must match; nil for every tenant.
  package var only: TenantPattern?
  /// What a tenant must not match; nil for none.
  package var exclude: TenantPattern?

  /// A selection; without patterns that of all tenants.
  package init(only: TenantPattern? = nil, exclude: TenantPattern? = nil) {
    self.only = only
    self.exclude = exclude
  }
}

/// What a tenant may match: every part that is given must.
package struct TenantPattern: Sendable, Hashable {
  /// The name matches one of these; empty when names do not matter.
  package var names: [Located<Glob>]
  /// Each of these labels is there, and its value matches.
  package var labels: OrderedDictionary<String, Glob>
  /// A condition over `tenant` is true: one expression, or a literal `true` or `false`.
  package var when: Template?

  /// A pattern of the given parts.
  package init(
    names: [Located<Glob>] = [], labels: OrderedDictionary<String, Glob> = [:],
    when: Template? = nil
  ) {
    self.names = names
    self.labels = labels
    self.when = when
  }

  /// Whether all labels are there, and match.
  func matchesLabels(of tenant: TenantFacts) -> Bool {
    labels.allSatisfy { name, glob in tenant.labels[name].map { glob.matches($0) } ?? false }
  }

  /// Whether the condition is true.
  func matchesCondition(_ tenant: TenantFacts) throws(EvaluationError) -> Bool {
    guard let when else { return true }
    guard case .bool(let isTrue) = try when.evaluate(with: tenant.bindings) else {
      throw EvaluationError(
        "the condition is neither true nor false", at: when.location, hint: "write a comparison")
    }
    return isTrue
  }
}
