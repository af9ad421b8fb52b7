package import Events
package import Operations

/// One thing for the runner of the scheduler to do; actions are performed in order.
///
/// Of each schedule, at most one `commit` or `start` is on its way until `committed`, `refused` or
/// `notStarted` answers it, once.
package enum SchedulerAction: Sendable, Hashable {
  /// To be recorded; it starts no rollout.
  case commit(LedgerChange)
  /// A rollout is to be prepared and started; the change is recorded in the commit with its first event.
  case start(ScheduledStart)
  /// The rollout that the schedule started is to be stopped cleanly; nil where it leaves no record.
  case cancel(schedule: String, RunID?)
  /// The rollout that a predecessor started is to be driven on, or watched while another process drives it;
  /// `ended` follows, at once for one that is over.
  ///
  /// This process may drive it already, when it acted before, stood by, and acts again.
  case resume(schedule: String, RunID)
  /// Ticks that are durable, to be logged, counted and notified of.
  case decided(schedule: String, [Tick])
  /// The schedule is paused or goes on, which is durable.
  case pauseChanged(schedule: String, SchedulePause?)
  /// What the ledger holds as the definition of the schedule cannot be read any more, for example since its
  /// time zone is gone: which instants were due by it since the latest decision is not known, and they get
  /// no verdict. Counting goes on from now, by the file.
  case unreadable(schedule: String, definition: String)
}

/// A rollout that is to be started for a due instant.
package struct ScheduledStart: Sendable, Hashable {
  /// The name of the schedule.
  package var schedule: String
  /// The path of the rollout file.
  package var file: String
  /// The due instant, the latest where the rollout catches up several; when a person asked for it.
  package var due: Moment
  /// What is recorded with its first event, but for the rollout.
  package var template: LedgerChange

  /// A start for `due`; the last tick of `template`, or all of its caught-up ones, will name the rollout.
  ///
  /// Without ticks, a rollout that leaves no record is done again after an interruption.
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
