package import Events
package import Operations

/// Changes that a person makes, whether a process acts on the schedule or not.
extension LedgerChange {
  /// Pauses the schedule in `state` at `now`; nil where it is paused already.
  package static func pausing(
    _ state: ScheduleState, at now: Moment, by person: String, reason: String? = nil
  ) -> LedgerChange? {
    guard state.pause == nil else { return nil }
    var next = state
    next.version += 1
    next.pause = SchedulePause(since: now, cause: .person(person, reason: reason))
    return LedgerChange(by: .person, to: next)
  }

  /// Ends the pause of the schedule in `state` at `now`; nil where it is not paused.
  ///
  /// What was due while it was paused gets its verdict here where no process gave it, so that it is not
  /// caught up later. It is left to the process that acts next where an instant before the pause has no
  /// verdict either, since verdicts are given in order, and where `schedule` is nil.
  package static func resuming(
    _ state: ScheduleState, _ schedule: Schedule?, at now: Moment
  ) -> LedgerChange? {
    guard let pause = state.pause else { return nil }
    var next = state
    next.version += 1
    next.pause = nil
    guard state.isActive, let schedule else { return LedgerChange(by: .person, to: next) }
    let start = state.decidedThrough
    // An instant whose start `jitter` puts off to a time after the pause still counts.
    let coming = JitteredSchedule(schedule: schedule, name: state.name)
      .first(after: start, startingFrom: now.after)
    let end = min(now, coming?.due.before ?? now)
    if start < pause.since, let first = schedule.next(after: start), first.at < pause.since {
      return LedgerChange(by: .person, to: next)
    }
    guard start < end else { return LedgerChange(by: .person, to: next) }
    next.decidedThrough = end
    let paused = schedule.instants(after: start, through: end)
    return LedgerChange(by: .person, to: next, ticks: paused.ticks(.paused, decidedAt: now))
  }
}

extension DueInstants {
  /// A tick of each of the latest instants, and one of all earlier ones.
  fileprivate func ticks(_ verdict: TickVerdict, decidedAt: Moment) -> [Tick] {
    let range = earlier.map {
      Tick(due: $0.first, through: $0.last, count: $0.count, verdict, decidedAt: decidedAt)
    }
    return (range.map { [$0] } ?? []) + latest.map { Tick(due: $0, verdict, decidedAt: decidedAt) }
  }
}
