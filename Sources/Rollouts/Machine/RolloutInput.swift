package import Events
package import Operations

/// One input of a rollout's machine: something that happened outside it.
package enum RolloutInput: Sendable, Hashable {
  /// The rollout begins, or is continued; the first input, once.
  case start
  /// The run of a tenant that was to begin is handed to the host; from now on it is recorded under `run`.
  case tenantBegan(Int, run: RunID)
  /// The run of a tenant ended, or waits for a decision and was left (`waiting`).
  case tenantEnded(Int, TenantState)
  /// Another run holds a lock of the tenant: nothing of its run was recorded.
  case tenantBlocked(Int, by: RunID)
  /// The host did not begin the tenant's run; nothing of it is recorded.
  case tenantNotStarted(Int)
  /// No run could be begun, or continued, for the tenant.
  case tenantRefused(TenantRefusal)
  /// A person decided on the gate that is waited for; passed over where none is.
  case decide(ApprovalDecision)
  case pause
  case unpause
  /// Somebody asked the rollout to stop: the tenants in progress are cancelled.
  case cancel
  /// How long a request that comes now would wait for its turn (`Pacer.backlog`).
  case backlog(Duration)
  /// Time passed: `RolloutMachine.nextDeadline` is due.
  case tick
}

/// One thing for the driver of a rollout to do.
///
/// Actions are performed in order; every `record` that stands before another action is durable before that
/// action begins.
package enum RolloutAction: Sendable, Hashable {
  case record(RunEvent)
  /// A tenant's run is to begin or to continue; answered with `tenantBegan` and one end, or with
  /// `tenantRefused`.
  case begin(TenantTurn)
  /// The tenant that was begun is to stop: its run is cancelled, and a new one that was not handed to the
  /// host yet is answered with `tenantNotStarted`.
  case cancel(Int)
  /// The rollout is over; always the last action.
  case finish(RolloutResult)
}

/// A tenant's run that is to begin or to continue.
package struct TenantTurn: Sendable, Hashable {
  /// The position of the tenant among the selected ones, from 0.
  package var index: Int
  /// The run that is continued; nil for a tenant that has none.
  package var run: RunID?
  /// Whether it is not attempted again when it fails, so that it counts as failed then
  /// (`RunOrder.countsFailure`).
  package var isLast: Bool

  /// The turn of the tenant `index`.
  package init(index: Int, run: RunID?, isLast: Bool) {
    self.index = index
    self.run = run
    self.isLast = isLast
  }
}

/// A tenant that has a run, as the journal has it when a rollout is continued.
package struct TenantStanding: Sendable, Hashable {
  /// The position of the tenant among the selected ones, from 0.
  package var index: Int
  /// The tenant's run.
  package var run: RunID
  /// How the run ended; `running` for one that is not over.
  package var state: TenantState
  /// How often the run was begun or continued: its epoch and one.
  package var attempts: Int
  /// When its latest event was recorded.
  package var latestAt: Moment

  /// How the tenant `index` stands.
  package init(index: Int, run: RunID, state: TenantState, attempts: Int, latestAt: Moment) {
    self.index = index
    self.run = run
    self.state = state
    self.attempts = attempts
    self.latestAt = latestAt
  }
}

extension TenantStanding {
  /// What the journal's row of the tenant's run says.
  package init(_ row: TenantRunRow) {
    self.init(
      index: row.index, run: row.run, state: row.state, attempts: row.epoch + 1,
      latestAt: row.lastEventAt)
  }
}
