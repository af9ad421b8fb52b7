package import Operations

/// What the ledger holds of a schedule besides its ticks.
package struct ScheduleState: Sendable, Hashable {
  /// The name of the rollout, which names the schedule, too.
  package var name: String
  /// Counts the changes of this schedule: from 1, and from far above every earlier one where it was forgotten.
  package var version: Int
  /// The schedule as text (`Schedule.text`), by which due instants are counted up to `decidedThrough`.
  package var definition: String
  /// The path of the rollout file, from the root.
  package var file: String
  /// When a process first acted on it; no instant before is due.
  package var firstSeen: Moment
  /// Every due instant up to this one has its verdict, but for `queued`.
  package var decidedThrough: Moment
  /// The due instant that waits until the rollout in progress ends.
  package var queued: Moment?
  /// Nil while the schedule is not paused.
  package var pause: SchedulePause?
  /// The rollout that the schedule started last, until its end is accounted for.
  package var current: ScheduledRollout?
  /// Whether its file is among those that are served; nothing is due while it is not.
  package var isActive: Bool

  /// A schedule that is seen for the first time.
  package init(name: String, definition: String, file: String, firstSeen: Moment) {
    self.name = name
    version = 1
    self.definition = definition
    self.file = file
    self.firstSeen = firstSeen
    decidedThrough = firstSeen
    isActive = true
  }
}

/// Since when and why no rollout is started.
package struct SchedulePause: Sendable, Hashable {
  /// Who or what paused the schedule.
  package enum Cause: Sendable, Hashable {
    /// A person, with a reason where one was given.
    case person(String, reason: String?)
    /// The rollout did not succeed, and the schedule has `pause-on-failure`; nil where it leaves no record.
    case failure(RunID?)
  }

  /// Since when.
  package var since: Moment
  /// Who or what paused it.
  package var cause: Cause

  /// A pause since then.
  package init(since: Moment, cause: Cause) {
    self.since = since
    self.cause = cause
  }
}

/// A rollout that a schedule started and that has not been accounted for.
package struct ScheduledRollout: Sendable, Hashable {
  /// Its record; nil where it only plans or looks for drift, which leaves no record and is done again
  /// after an interruption.
  package var rollout: RunID?
  /// The due instant that it was started for.
  package var due: Moment

  /// The rollout that was started for `due`.
  package init(_ rollout: RunID?, due: Moment) {
    self.rollout = rollout
    self.due = due
  }
}

/// A person's request to start a rollout now.
package struct ScheduleTrigger: Sendable, Hashable {
  /// Names it in its journal, and grows with each.
  package var number: Int64
  /// The name of the schedule.
  package var schedule: String
  /// When it was requested.
  package var at: Moment
  /// Who requested it.
  package var by: String

  /// The trigger that its journal knows as `number`.
  package init(number: Int64, schedule: String, at: Moment, by: String) {
    self.number = number
    self.schedule = schedule
    self.at = at
    self.by = by
  }
}
