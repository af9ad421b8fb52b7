package import Events
package import Expressions
package import Operations

/// Which runs a list shows: those that all of this is true of.
package struct RunFilter: Sendable, Hashable {
  /// Whether runs belong to a rollout.
  package enum Membership: Sendable, Hashable {
    /// Runs of tenants, and runs of their own.
    case any
    case ofRollouts
    case ofTheirOwn
  }

  /// So many at most, the newest.
  package var limit: Int
  /// They have all of these labels.
  package var labels: [RunLabel]
  /// They belong to this rollout; nil where that does not matter.
  package var rollout: RunID?
  /// Their tenant's name fits; nil where that does not matter.
  package var tenant: Glob?
  /// They ended in one of these ways, nil among them for those that have not ended; empty where that
  /// does not matter.
  package var outcomes: Set<Outcome?>
  /// They started then or later.
  package var since: Moment?
  /// Whether they belong to a rollout.
  package var membership: Membership

  /// The newest `limit` runs of which all that is given is true.
  package init(
    limit: Int, labels: [RunLabel] = [], rollout: RunID? = nil, tenant: Glob? = nil,
    outcomes: Set<Outcome?> = [], since: Moment? = nil, membership: Membership = .any
  ) {
    self.limit = limit
    self.labels = labels
    self.rollout = rollout
    self.tenant = tenant
    self.outcomes = outcomes
    self.since = since
    self.membership = membership
  }

  /// Whether it leaves any run out but for the limit.
  package var isSelective: Bool { self != RunFilter(limit: limit) }
}
