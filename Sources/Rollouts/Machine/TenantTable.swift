package import Events

/// How each tenant of a rollout stands: one byte for each, and how many there are in each state.
package struct TenantTable: Sendable, Hashable {
  private var states: [TenantState]
  /// Of all tenants.
  package private(set) var counts: TenantCounts
  /// Of those that may start in the stages so far.
  package private(set) var countsOfStages = TenantCounts()
  /// How many tenants may start in the stages so far.
  package private(set) var limit = 0

  init(count: Int) {
    states = Array(repeating: .notStarted, count: count)
    counts = TenantCounts()
    counts[.notStarted] = count
  }

  /// How the tenant at `index` stands.
  package subscript(index: Int) -> TenantState { states[index] }

  /// Whether there is a tenant at `index`.
  func holds(_ index: Int) -> Bool { states.indices.contains(index) }

  mutating func set(_ state: TenantState, at index: Int) {
    let old = states[index]
    guard old != state else { return }
    states[index] = state
    counts.move(from: old, to: state)
    if index < limit { countsOfStages.move(from: old, to: state) }
  }

  /// The first `count` tenants may start.
  mutating func extend(to count: Int) {
    let count = min(count, states.count)
    guard count > limit else { return }
    for index in limit..<count { countsOfStages[states[index]] += 1 }
    limit = count
  }
}

extension TenantCounts {
  /// How many tenants are still to start, or in progress.
  var unsettled: Int { self[.notStarted] + self[.running] }

  /// How many tenants ended, or wait, in a state that proves no stage.
  var unsuccessful: Int { self[.failed] + self[.cancelled] + self[.inDoubt] + self[.waiting] }

  /// How many tenants count as failures: also those in doubt, since nobody knows that they did not fail.
  var failures: Int { self[.failed] + self[.inDoubt] }
}
