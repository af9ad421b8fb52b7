package import Operations
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
  /// The interval, 1 s to 366 days; due instants are counted from `from`, else from 1970-01-01T00:00:00Z.
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

/// An instant as a rollout file has it: a local time, or one with an offset from UTC.
package struct ScheduledInstant: Sendable, Hashable {
  /// As written, such as `2027-03-01T03:00`.
  package var text: String
  /// The instant, where daylight saving is settled.
  package var moment: Moment
}

/// A cron expression of five fields.
package struct CronExpression: Sendable, Hashable {
  /// As written.
  package var text: String
}

/// A due instant, and what daylight saving does to it.
package struct DueInstant: Sendable, Hashable {
  /// What daylight saving does to a local time.
  package enum Shift: Sendable, Hashable {
    /// The clocks skip the time that is written: it is due at the end of the gap.
    case skipped(written: String)
    /// The clocks show the time twice: it is due the first time.
    case doubledFirst
    /// The clocks show the time twice, and this is the second time: step and `*` hours follow elapsed time.
    case doubledSecond
  }

  /// The instant, whole seconds.
  package var at: Moment
  /// Nil where daylight saving does nothing to it.
  package var shift: Shift?

  /// The instant `at`.
  package init(at: Moment, shift: Shift? = nil) {
    self.at = at
    self.shift = shift
  }
}

extension Schedule {
  /// The first due instant after `moment`; nil when there is none.
  package func next(after moment: Moment) -> DueInstant? { nil }

  /// How long after the due instant of the rollout `name` it is started: less than `jitter`, and always the
  /// same.
  package func delay(of due: Moment, for name: String) -> Duration { .zero }

  /// The due instants after `moment` up to `end`.
  package func instants(after moment: Moment, through end: Moment) -> DueInstants { DueInstants() }
}

/// Several due instants, of which the latest are known one by one.
package struct DueInstants: Sendable, Hashable {
  /// The most instants that are known one by one.
  package static let mostLatest = 1000

  /// Those before `latest`; nil when there are none.
  package var earlier: (Range)? = nil
  /// The latest, in order, at most `mostLatest`.
  package var latest: [Moment] = []

  /// Several due instants in a row.
  package struct Range: Sendable, Hashable {
    /// The earliest.
    package var first: Moment
    /// The latest.
    package var last: Moment
    /// How many there are.
    package var count: Int
  }
}
