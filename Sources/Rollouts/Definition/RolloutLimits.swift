/// The limits of a rollout of a known number of tenants: what its machine keeps to.
package struct RolloutLimits: Sendable, Hashable {
  /// How many tenants are in progress at once, 1 to 10,000.
  package var concurrency: Int
  /// The cumulative numbers of tenants of the stages, strictly growing; the last is that of all tenants.
  ///
  /// Empty only for a rollout of no tenants.
  package var stages: [Int]
  /// How long the rollout waits between a proved stage and its gate.
  package var bake: Duration?
  /// What decides on the next stage.
  package var gate: RolloutGate?
  /// How many requests are sent per second; nil sends as many as there are, until the service slows it.
  package var pace: Double?
  /// The number of failed tenants at which no further tenant starts, at least 1; nil for no limit.
  package var maxFailures: Int?
  /// How many votes are open at once; nil for no limit.
  package var votesAtOnce: Int?
  /// What a stop means for the tenants in progress.
  package var onStop: OnStop
  /// How often a failed tenant's run is continued; nil for never.
  package var retry: RolloutRetry?
  /// How long the whole rollout may take.
  package var deadline: Duration?

  /// What a stop by a limit, a stage or a gate means for the tenants in progress.
  package enum OnStop: String, Sendable, Hashable, CaseIterable {
    /// They run to their end.
    case finish
    /// They are cancelled.
    case cancel
  }

  /// The number in progress at once when a rollout file names none.
  package static let defaultConcurrency = 10

  /// Limits within their bounds, which are not checked here.
  package init(
    concurrency: Int = Self.defaultConcurrency, stages: [Int], bake: Duration? = nil,
    gate: RolloutGate? = nil, pace: Double? = nil, maxFailures: Int? = nil,
    votesAtOnce: Int? = nil, onStop: OnStop = .finish, retry: RolloutRetry? = nil,
    deadline: Duration? = nil
  ) {
    self.concurrency = concurrency
    self.stages = stages
    self.bake = bake
    self.gate = gate
    self.pace = pace
    self.maxFailures = maxFailures
    self.votesAtOnce = votesAtOnce
    self.onStop = onStop
    self.retry = retry
    self.deadline = deadline
  }

  /// How many tenants the rollout has.
  package var tenantCount: Int { stages.last ?? 0 }
}

/// How often a failed tenant's run is continued before the tenant counts as failed.
package struct RolloutRetry: Sendable, Hashable {
  /// Attempts altogether, the first one included, 1 to 10.
  package var attempts: Int
  /// The pause before the second attempt; it doubles with each further one.
  package var backoff: Duration

  /// The longest pause between two attempts.
  package static let longestPause: Duration = .seconds(3600)

  /// Up to `attempts` attempts, with a pause of 30 s before the second unless given.
  package init(attempts: Int, backoff: Duration = .seconds(30)) {
    self.attempts = attempts
    self.backoff = backoff
  }

  /// How often a run that fails is continued.
  package var continuations: Int { attempts - 1 }

  /// The pause after the failed attempt `attempt`, counted from 1, or nil when none follows.
  package func pause(afterAttempt attempt: Int) -> Duration? {
    guard attempt >= 1, attempt < attempts else { return nil }
    // Nine doublings at most, so that nothing overflows.
    return min(backoff * (1 << (attempt - 1)), Self.longestPause)
  }
}
