/// How a tenant of a rollout stands.
package enum TenantState: String, Sendable, Hashable, CaseIterable {
  /// Its run ended well and changed something.
  case succeeded
  /// Its run ended well and had nothing to change.
  case unchanged
  /// Its run failed, or could not be started.
  case failed
  case cancelled
  /// The outcome of one of its steps is unknown.
  case inDoubt = "in-doubt"
  /// Nothing but a person's decision brings its run any further.
  case waiting
  /// Its run is in progress.
  case running
  /// It has no run yet.
  case notStarted = "not-started"

  /// Whether nothing is left to do for it.
  package var isSuccess: Bool {
    switch self {
    case .succeeded, .unchanged: true
    case .failed, .cancelled, .inDoubt, .waiting, .running, .notStarted: false
    }
  }

  /// The state of a tenant whose run ended with `result`.
  package init(_ result: RunResult) {
    switch result.outcome {
    case .succeeded, .unchanged, .skipped, .tolerated:
      self = result.changes.isUnchanged ? .unchanged : .succeeded
    case .failed: self = .failed
    case .cancelled: self = .cancelled
    case .inDoubt: self = .inDoubt
    }
  }
}

extension ChangeCounts {
  /// Whether everything that was made sure of was there as asked, and nothing was done.
  fileprivate var isUnchanged: Bool {
    self[.unchanged] > 0 && [.create, .change, .remove].allSatisfy { self[$0] == 0 }
  }
}

/// How many tenants of a rollout are in which state.
package struct TenantCounts: Sendable, Hashable {
  private var counts: [TenantState: Int] = [:]

  /// No tenant at all.
  package init() {}

  /// How many tenants are in `state`; at least 0.
  package subscript(state: TenantState) -> Int {
    get { counts[state, default: 0] }
    set { counts[state] = newValue == 0 ? nil : newValue }
  }

  /// How many tenants there are.
  package var total: Int { counts.values.reduce(0, +) }

  /// Moves one tenant from one state to another.
  package mutating func move(from old: TenantState, to new: TenantState) {
    self[old] -= 1
    self[new] += 1
  }
}
