package import Operations

/// One tenant of a rollout, in listings and reports.
package struct TenantRow: Sendable, Hashable {
  /// The name of the tenant.
  package var name: String
  /// Its position among the selected tenants, from 0.
  package var index: Int
  /// The labels of its run.
  package var labels: [RunLabel]
  /// Its run; nil where it has none.
  package var run: RunID?
  /// How it stands; a run that was interrupted counts as running.
  package var state: TenantState
  /// When its run started; nil where it has none.
  package var startedAt: Moment?
  /// When its run ended; nil while it has not.
  package var endedAt: Moment?
  /// The failure that decided the outcome of its run.
  package var failure: Failure?
  /// The innermost step that failed.
  package var failedStep: StepPath?
  /// How many steps did what to the service.
  package var changes: ChangeCounts
  /// Why it has no run; nil where it has one, and where none was to be started yet.
  package var refusal: TenantRefusal?

  /// A row about a tenant of which nothing is known but what is given.
  package init(
    name: String, index: Int = 0, labels: [RunLabel] = [], run: RunID? = nil,
    state: TenantState, startedAt: Moment? = nil, endedAt: Moment? = nil,
    failure: Failure? = nil, failedStep: StepPath? = nil,
    changes: ChangeCounts = ChangeCounts(), refusal: TenantRefusal? = nil
  ) {
    self.name = name
    self.index = index
    self.labels = labels
    self.run = run
    self.state = state
    self.startedAt = startedAt
    self.endedAt = endedAt
    self.failure = failure
    self.failedStep = failedStep
    self.changes = changes
    self.refusal = refusal
  }

  /// A tenant that is not started because of `refusal`, which counts as a failure.
  package init(_ refusal: TenantRefusal) {
    self.init(name: refusal.tenant, index: refusal.index, state: .failed, refusal: refusal)
  }
}
