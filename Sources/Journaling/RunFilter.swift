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

  /// Which tenants' runs.
  package enum Tenants: Sendable, Hashable {
    /// The one of exactly that name, whose runs are found by an index.
    case named(String)
    /// Those whose names match, for which every run of a tenant is looked at.
    case matching(Glob)
  }

  /// So many at most, the newest.
  package var limit: Int
  /// They have all of these labels.
  package var labels: [RunLabel]
  /// They belong to this rollout; nil where that does not matter.
  package var rollout: RunID?
  /// They are of these tenants; nil where that does not matter.
  package var tenant: Tenants?
  /// They ended in one of these ways, nil among them for those that have not ended; empty where that
  /// does not matter.
  package var outcomes: Set<Outcome?>
  /// They started then or later.
  package var since: Moment?
  /// Whether they belong to a rollout.
  package var membership: Membership

  /// The newest `limit` runs of which all that is given is true.
  package init(
    limit: Int, labels: [RunLabel] = [], rollout: RunID? = nil, tenant: Tenants? = nil,
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
