package import Operations

/// What a list of rollouts shows of one rollout.
package struct RolloutSummary: Sendable, Hashable {
  /// The id of the rollout's record.
  package var rollout: RunID
  /// The name that the rollout file gives it.
  package var name: String
  /// The name of the playbook.
  package var playbook: String
  /// The path of the rollout file, as it was given.
  package var file: String
  /// When the first event was recorded.
  package var startedAt: Moment
  /// When the last event of the rollout itself was recorded; its runs may have later ones.
  package var lastEventAt: Moment
  /// How many events the rollout itself has.
  package var eventCount: Int
  /// Nil while the rollout is in progress, and permanently when it was interrupted.
  package var outcome: Outcome?
  /// What it was started with; nil when that cannot be read.
  package var start: RolloutStart?

  /// A summary of one rollout; a nil `outcome` says that it has not ended.
  package init(
    rollout: RunID, name: String, playbook: String, file: String, startedAt: Moment,
    lastEventAt: Moment, eventCount: Int, outcome: Outcome?, start: RolloutStart?
  ) {
    self.rollout = rollout
    self.name = name
    self.playbook = playbook
    self.file = file
    self.startedAt = startedAt
    self.lastEventAt = lastEventAt
    self.eventCount = eventCount
    self.outcome = outcome
    self.start = start
  }
}

/// The run of a tenant of a rollout, as far as the list of runs says.
package struct TenantRunRow: Sendable, Hashable {
  /// The run.
  package var run: RunID
  /// The position of the tenant among the selected ones, from 0.
  package var index: Int
  /// The name of the tenant.
  package var tenant: String
  /// How the run ended, which says less than `state`; nil while it has not.
  package var outcome: Outcome?
  /// How the tenant stands; `running` also for a run that was interrupted or waits for a decision.
  package var state: TenantState
  /// When the first event was recorded.
  package var startedAt: Moment
  /// When the last event was recorded.
  package var lastEventAt: Moment
  /// Under which epoch it is or was owned: how often the run was continued.
  package var epoch: Int
  /// Whether a living process drives the run.
  package var isDriven: Bool

  /// A row about the run of one tenant.
  package init(
    run: RunID, index: Int, tenant: String, outcome: Outcome?, state: TenantState,
    startedAt: Moment, lastEventAt: Moment, epoch: Int, isDriven: Bool
  ) {
    self.run = run
    self.index = index
    self.tenant = tenant
    self.outcome = outcome
    self.state = state
    self.startedAt = startedAt
    self.lastEventAt = lastEventAt
    self.epoch = epoch
    self.isDriven = isDriven
  }
}
