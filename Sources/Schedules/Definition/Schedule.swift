package import TimeZones

/// When a rollout is started: complete, with every default filled in.
package struct Schedule: Sendable, Hashable {
  /// What a due instant means while the rollout of an earlier one is in progress.
  package enum Overlap: String, Sendable, Hashable, CaseIterable {
    /// It is skipped.
    case skip
    /// It waits until that rollout ends; one instant waits at most, and others are skipped.
    case queue
    /// That rollout is cancelled, and the instant waits until it has ended.
    case cancel
  }

  /// What happens with due instants at which no process acted on the schedule.
  package enum CatchUp: String, Sendable, Hashable, CaseIterable {
    /// One rollout is started for all of them.
    case one
    /// A rollout is started for each, one after another: for the latest 1,000.
    case all
    /// They are missed.
    case none
  }

  /// The cron expressions.
  package var cron: [CronExpression]
  /// The interval, whole seconds from 1 s to 366 days; due instants are counted from `from`, else from
  /// 1970-01-01T00:00:00Z.
  package var every: Duration?
  /// One-off instants, as written.
  package var at: [ScheduledInstant]
  /// The zone of all local times.
  package var zone: TimeZoneRules
  /// How long after a due instant its rollout may start; nil for no limit.
  package var window: Duration?
  /// See `CatchUp`.
  package var catchUp: CatchUp
  /// See `Overlap`.
  package var overlap: Overlap
  /// A rollout starts up to this long after its due instant, always as long after the same one.
  package var jitter: Duration
  /// Whether the schedule pauses when a rollout does not succeed.
  package var pauseOnFailure: Bool
  /// The earliest due instant; nil for no limit.
  package var from: ScheduledInstant?
  /// The latest due instant; nil for no limit.
  package var until: ScheduledInstant?

  /// A schedule of one of the three kinds; what is not given has its default.
  package init(
    cron: [CronExpression] = [], every: Duration? = nil, at: [ScheduledInstant] = [],
    zone: TimeZoneRules = .utc, window: Duration? = nil, catchUp: CatchUp = .one,
    overlap: Overlap = .skip, jitter: Duration = .zero, pauseOnFailure: Bool = false,
    from: ScheduledInstant? = nil, until: ScheduledInstant? = nil
  ) {
    self.cron = cron
    self.every = every
    self.at = at
    self.zone = zone
    self.window = window
    self.catchUp = catchUp
    self.overlap = overlap
    self.jitter = jitter
    self.pauseOnFailure = pauseOnFailure
    self.from = from
    self.until = until
  }
}
