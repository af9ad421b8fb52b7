import Events
import Operations

/// Inputs about the process.
extension ScheduledRolloutMachine {
  /// The process acts from now on, and the ledger is in this state.
  mutating func act(on state: ScheduleState?) {
    standBy()
    follow(state)
  }

  /// Another process acts from now on.
  mutating func standBy() {
    if phase != .idle { phase = .abandoned }
    state = nil
    newerState = nil
    progress = .none
    definition = .unread
    instants = NoticedInstants()
    triggers.set([])
  }
}

/// Inputs about the ledger.
extension ScheduledRolloutMachine {
  /// The ledger is in this state, by a page of it.
  mutating func see(_ seen: ScheduleState) {
    guard seen.version > max(state?.version ?? 0, newerState?.version ?? 0) else { return }
    newerState = seen
    if phase == .idle { takeNewerState() }
  }

  /// These triggers wait.
  mutating func wait(for waiting: [ScheduleTrigger]) { triggers.set(waiting) }

  /// What is on its way is durable; of a start, with this rollout.
  mutating func committed(_ rollout: RunID?) {
    switch phase {
    case .idle: break
    case .abandoned: phase = .idle
    case .committing(let change): recorded(change)
    case .starting(let start):
      progress = .inProgress(.none)
      recorded(start.change(starting: rollout))
    }
  }

  private mutating func recorded(_ change: LedgerChange) {
    phase = .idle
    isConfirmed = true
    triggers.answer(change.handled)
    if !change.ticks.isEmpty { actions.append(.decided(schedule: name, change.ticks)) }
    set(change.state)
    takeNewerState()
  }

  /// What is on its way was refused, since the ledger is in this state.
  mutating func refused(_ actual: ScheduleState?) {
    switch phase {
    case .idle: return
    case .abandoned:
      phase = .idle
      return
    case .committing(let change): if !change.handled.isEmpty { triggers.doubt() }
    case .starting(let start): if !start.template.handled.isEmpty { triggers.doubt() }
    }
    phase = .idle
    follow(actual)
    takeNewerState()
  }

  private mutating func takeNewerState() {
    guard let newer = newerState else { return }
    newerState = nil
    if newer.version > state?.version ?? 0 { follow(newer) }
  }

  /// The ledger is in this state, which may be unexpected.
  private mutating func follow(_ new: ScheduleState?) {
    let old = state?.current
    set(new)
    guard let current = new?.current, current != old else { return }
    if let rollout = current.rollout {
      progress = .inProgress(.none)
      actions.append(.resume(schedule: name, rollout))
    } else {
      progress = .interrupted
    }
  }

  private mutating func set(_ new: ScheduleState?) {
    if let state, state.pause != new?.pause {
      actions.append(.pauseChanged(schedule: name, new?.pause))
    }
    if state?.definition != new?.definition || state?.isActive != new?.isActive {
      definition = .unread
    }
    if let new { instants.forget(through: new.decidedThrough) }
    if new?.current == nil { progress = .none }
    state = new
  }
}

/// Inputs about rollouts.
extension ScheduledRolloutMachine {
  /// The rollout of the start that is on its way could not be started.
  mutating func notStarted(_ reason: String, _ turn: SchedulerTurn?) {
    if phase == .abandoned { phase = .idle }
    guard case .starting(let start) = phase else { return }
    phase = .idle
    // The next process decides anew about what was given up because this one is about to stop.
    guard let turn, !turn.isDraining else { return }
    guard !start.template.ticks.isEmpty else {
      progress = .ended(.failed)
      return
    }
    var change = start.failure(reason, at: turn.now)
    pause(&change.state, after: .failed, of: nil, turn)
    commit(change)
  }

  /// The rollout of the schedule has ended.
  mutating func ended(_ rollout: RunID?, _ outcome: Outcome) {
    guard case .inProgress = progress, state?.current?.rollout == rollout else { return }
    progress = .ended(outcome)
  }
}

extension ScheduledStart {
  /// What is recorded when no rollout could be started.
  fileprivate func failure(_ reason: String, at now: Moment) -> LedgerChange {
    var change = template
    change.state.current = nil
    for index in change.ticks.indices {
      switch change.ticks[index].verdict {
      case .ran, .caughtUp: change.ticks[index].verdict = .failedToStart(reason: reason)
      case .triggered(_, let person):
        change.ticks[index].verdict = .failedToStart(reason: reason, by: person)
      case .skippedOverlap, .skippedWindow, .paused, .missed, .failedToStart: continue
      }
      change.ticks[index].decidedAt = now
    }
    return change
  }
}
