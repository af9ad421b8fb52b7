package import Events
package import Operations

/// One input of the scheduler: something that happened outside it.
package enum SchedulerInput: Sendable, Hashable {
  /// This process acts on schedules from now on, under the epoch of its lease; the ledger holds these.
  case acting(epoch: Int, [ScheduleState])
  /// Another process acts from now on.
  case standingBy
  /// The rollout files as they are now; those that were there and are not any more are gone.
  case files([ScheduledFile])
  /// The ledger as another process changed it, and all triggers that wait.
  case ledger([ScheduleState], triggers: [ScheduleTrigger])
  /// The change of that schedule is durable.
  case committed(schedule: String)
  /// The change of that schedule was refused, since the ledger is in this state; nil for one that it does not
  /// know.
  case refused(schedule: String, ScheduleState?)
  /// The rollout of a `start` could not be started, and nothing of it is recorded; one sentence without a
  /// secret.
  case notStarted(schedule: String, reason: String)
  /// The rollout that the schedule started has ended so; nil where it leaves no record.
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

/// One thing for the runner of the scheduler to do; actions are performed in order.
///
/// Of each schedule, at most one `commit` or `start` is on its way until `committed`, `refused` or
/// `notStarted` answers it.
package enum SchedulerAction: Sendable, Hashable {
  /// To be recorded; it starts no rollout.
  case commit(LedgerChange)
  /// A rollout is to be prepared and started; the change is recorded in the commit with its first event.
  case start(ScheduledStart)
  /// The rollout that the schedule started is to be stopped cleanly.
  case cancel(schedule: String, RunID)
  /// The rollout that a predecessor started is to be driven on, or watched while another process drives it;
  /// `ended` follows.
  case resume(schedule: String, RunID)
  /// Ticks that are durable, to be logged, counted and notified of.
  case decided(schedule: String, [Tick])
  /// The schedule is paused or goes on, which is durable.
  case pauseChanged(schedule: String, SchedulePause?)
}

/// A rollout that is to be started for a due instant.
package struct ScheduledStart: Sendable, Hashable {
  /// The name of the schedule.
  package var schedule: String
  /// The path of the rollout file.
  package var file: String
  /// The due instant.
  package var due: Moment
  /// What is recorded with its first event, but for the rollout.
  package var template: LedgerChange

  /// A start for `due`; the last tick of `template`, or all of its caught-up ones, will name the rollout.
  package init(schedule: String, file: String, due: Moment, template: LedgerChange) {
    self.schedule = schedule
    self.file = file
    self.due = due
    self.template = template
  }

  /// What is recorded with the first event of `rollout`; nil where it leaves no record.
  package func change(starting rollout: RunID?) -> LedgerChange {
    var change = template
    change.rollout = rollout
    change.state.current?.rollout = rollout
    for index in change.ticks.indices {
      switch change.ticks[index].verdict {
      case .ran: change.ticks[index].verdict = .ran(rollout)
      case .caughtUp: change.ticks[index].verdict = .caughtUp(rollout)
      case .triggered(_, let person):
        change.ticks[index].verdict = .triggered(rollout, by: person)
      case .skippedOverlap, .skippedWindow, .paused, .missed, .failedToStart: break
      }
    }
    return change
  }
}
