/// The limits as a rollout file states them, before it is known how many tenants are selected.
package struct RolloutBounds: Sendable, Hashable {
  /// How many tenants are in progress at once, 1 to 10,000.
  package var concurrency: Int
  /// The cumulative sizes of the stages but the last; empty for one stage of all tenants.
  package var ramp: [TenantAmount]
  /// How long the rollout waits between a proved stage and its gate.
  package var bake: Duration?
  /// What decides on the next stage.
  package var gate: RolloutGate?
  /// How many requests are sent per second.
  package var pace: Double?
  /// How many failed tenants stop the rollout; nil for no limit.
  package var maxFailures: TenantAmount?
  /// How many votes are open at once; nil for no limit.
  package var votesAtOnce: Int?
  /// What a stop means for the tenants in progress.
  package var onStop: RolloutLimits.OnStop
  /// How often a failed tenant's run is continued; nil for never.
  package var retry: RolloutRetry?
  /// How long the whole rollout may take.
  package var deadline: Duration?

  /// Bounds whose ranges are not checked here; those that are not given do not limit anything.
  package init(
    concurrency: Int = RolloutLimits.defaultConcurrency, ramp: [TenantAmount] = [],
    bake: Duration? = nil, gate: RolloutGate? = nil, pace: Double? = nil,
    maxFailures: TenantAmount? = nil, votesAtOnce: Int? = nil,
    onStop: RolloutLimits.OnStop = .finish, retry: RolloutRetry? = nil, deadline: Duration? = nil
  ) {
    self.concurrency = concurrency
    self.ramp = ramp
    self.bake = bake
    self.gate = gate
    self.pace = pace
    self.maxFailures = maxFailures
    self.votesAtOnce = votesAtOnce
    self.onStop = onStop
    self.retry = retry
    self.deadline = deadline
  }

  /// The limits of a rollout of `tenantCount` tenants.
  ///
  /// Sizes of stages are rounded up, and a stage that adds no tenant to those before it is left out;
  /// the number of failures is rounded down, but is at least 1.
  package func limits(tenantCount: Int) -> RolloutLimits {
    RolloutLimits(
      concurrency: concurrency, stages: stages(tenantCount: tenantCount), bake: bake, gate: gate,
      pace: pace, maxFailures: maxFailures?.roundedDown(of: tenantCount),
      votesAtOnce: votesAtOnce, onStop: onStop, retry: retry, deadline: deadline)
  }

  private func stages(tenantCount: Int) -> [Int] {
    var stages: [Int] = []
    for size in ramp.map({ $0.roundedUp(of: tenantCount) }) + [tenantCount]
    where size > stages.last ?? 0 {
      stages.append(size)
    }
    return stages
  }
}
