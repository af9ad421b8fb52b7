package import Events

/// One input of the scheduler: something that happened outside it.
package enum SchedulerInput: Sendable, Hashable {
  /// This process acts on schedules from now on, under the epoch of its lease; the ledger, read after the
  /// lease was taken, holds these.
  case acting(epoch: Int, [ScheduleState])
  /// Another process acts from now on.
  ///
  /// It comes before the answer to a change that failed for that reason. Every `commit` and `start` that
  /// is on its way is still answered; what the answer says does not matter any more. Rollouts with a record
  /// go on; those without one are cancelled, and no end of them is reported.
  case standingBy
  /// The rollout files as they are now; those that were there and are not any more are gone.
  case files([ScheduledFile])
  /// The ledger as another process changed it, and all triggers that wait.
  ///
  /// States that are known already are passed over. A trigger that is known already is expected in the
  /// next one, too, for as long as it waits.
  case ledger([ScheduleState], triggers: [ScheduleTrigger])
  /// The change of that schedule is durable; of a `start`, with the rollout, nil where that leaves no record.
  case committed(schedule: String, rollout: RunID? = nil)
  /// The change of that schedule was refused, since the ledger is in this state; nil for one that it does not
  /// know.
  case refused(schedule: String, ScheduleState?)
  /// The rollout of a `start` could not be started, and nothing of it is recorded; one sentence without a
  /// secret.
  case notStarted(schedule: String, reason: String)
  /// The rollout that the schedule started has ended so; nil where it leaves no record.
  ///
  /// It comes after the `committed` of its start.
  case ended(schedule: String, RunID?, Outcome)
  /// Time passed: `Scheduler.nextDeadline` is due, or the clock was set.
  case tick
  /// The process is about to stop: nothing is started any more.
  case drain
}

/// A rollout file with a schedule.
package struct ScheduledFile: Sendable, Hashable {
  /// The name of the rollout.
  package var name: String
  /// The path of the file, from the root.
  package var file: String
  /// When it is started; nil for a file that cannot be read now, whose schedule is left as it is in the
  /// ledger and decides nothing.
  package var schedule: Schedule?
  /// Whether its rollouts leave a record; no where they only plan or look for drift.
  package var leavesRecord: Bool

  /// The rollout `name` in `file`.
  package init(name: String, file: String, schedule: Schedule?, leavesRecord: Bool = true) {
    self.name = name
    self.file = file
    self.schedule = schedule
    self.leavesRecord = leavesRecord
  }
}
