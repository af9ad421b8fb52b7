package import Events
package import Journaling
package import Operations
package import Schedules

/// Something that a daemon did, for its log, its metrics and its status.
package enum DaemonEvent: Sendable, Hashable {
  /// The scheduler looked at the time.
  case turned
  /// The daemon does this from now on.
  case entered(DaemonState)
  /// That process acts on schedules; nil when it is not known which.
  case acts(OwnerIdentity?)
  /// The ledger of a schedule that is served, or was, is in this state.
  case recorded(ScheduleState, Schedule?)
  /// These ticks are durable, of a schedule with that `overlap`.
  case decided(schedule: String, [Tick], overlap: Schedule.Overlap)
  /// The schedule is paused or goes on, which is durable.
  case pauseChanged(schedule: String, SchedulePause?)
  /// The definition of the schedule in the ledger cannot be read any more, and counting goes on from now by
  /// the file.
  case unreadable(schedule: String)
  /// The ledgers of these schedules, of those that are served, cannot be used: nothing is decided about them.
  case unusable([FlawedSchedule])
  /// The beginning of a rollout is durable; the id is nil where it leaves no record. It was to be started at
  /// `planned`.
  case started(schedule: String, RunID?, planned: Moment)
  /// A rollout could not be started.
  case refused(schedule: String, StartRefusal)
  /// A rollout that a predecessor left is driven on by this process.
  case resumed(schedule: String, RunID)
  /// A rollout of the schedule is driven by another process, and watched.
  case followed(schedule: String, RunID, by: OwnerIdentity)
  /// Tenants of a rollout wait for decisions of people, and nothing else brings it any further.
  case waiting(schedule: String, RunID, TenantCounts)
  /// A rollout that was left could not be continued.
  case notResumed(schedule: String, RunID, ResumeRefusal, Persistence)
  /// A rollout ended.
  case ended(schedule: String, RunID?, Outcome, TenantCounts)
  /// A rollout was left: another process continues it.
  case left(schedule: String, RunID)
  /// A mistake in this program stopped a rollout; one sentence without a secret.
  case faulty(schedule: String, RunID?, String)
  /// The journal did not do what was asked.
  case journalFailed(JournalError)
  /// The journal did what was asked.
  case journalWorked

  /// Whether something that failed is tried again.
  package enum Persistence: Sendable, Hashable {
    /// It is, after a pause.
    case triesAgain(after: Duration)
    /// It is not.
    case givesUp
  }
}
