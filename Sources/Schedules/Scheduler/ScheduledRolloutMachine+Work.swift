import Events
import Operations

/// What a schedule does next.
extension ScheduledRolloutMachine {
  /// Notices what is due, and decides what can be decided now.
  mutating func advance(_ turn: SchedulerTurn) {
    if !turn.isDraining {
      noteChangeover(at: turn.now)
      notice(turn)
    }
    if phase == .idle { work(turn) }
    if !turn.isDraining { cancelForWaiting(turn) }
  }

  private mutating func notice(_ turn: SchedulerTurn) {
    guard let state, state.isActive, file != .unknown, file != .unreadable,
      readDefinition(turn) != nil, let jittered
    else { return }
    instants.notice(at: turn.now, since: turn.since, by: jittered)
  }

  private mutating func work(_ turn: SchedulerTurn) {
    if case .ended(let outcome) = progress { return recordEnd(outcome, turn) }
    guard !turn.isDraining else { return }
    switch file {
    case .unknown, .unreadable: break
    case .gone: retire(turn)
    case .readable(let served):
      guard let state else { return begin(served, turn) }
      guard state.isActive else { return activate(served, turn) }
      serve(served, state, turn)
    }
  }

  private mutating func serve(
    _ served: File.Served, _ state: ScheduleState, _ turn: SchedulerTurn
  ) {
    if progress == .interrupted {
      guard !served.leavesRecord else { return commit(turn) { $0.current = nil } }
      return start(served, due: state.current?.due ?? turn.now, turn) { _ in }
    }
    guard let schedule = readDefinition(turn) else { return adopt(served, from: turn.now, turn) }
    if state.current == nil {
      if let trigger = triggers.first { return answer(trigger, served, turn) }
      // After the clock was set back, it is not due yet.
      if let queued = state.queued, queued <= turn.now {
        return startQueued(queued, state, schedule, served, turn)
      }
    }
    let place = state.current.map { DueDecision.Place.taken(by: $0.rollout) } ?? .free
    if decide(schedule, state, place, served, turn) { return }
    if let end = instants.end { return adopt(served, from: end, turn) }
    if state.file != served.path { commit(turn) { $0.file = served.path } }
  }
}

/// Due instants.
extension ScheduledRolloutMachine {
  /// Whether anything is decided, or waits.
  private mutating func decide(
    _ schedule: Schedule, _ state: ScheduleState, _ place: DueDecision.Place,
    _ served: File.Served, _ turn: SchedulerTurn
  ) -> Bool {
    var decision = DueDecision(schedule, state, place: place, at: turn.now)
    decision.decide(instants.spans)
    if decision.delays {
      // The next rollout catches it up, too.
      if schedule.catchUp == .one, instants.spans.last?.timing == .onTime,
        progress == .inProgress(.none)
      {
        progress = .inProgress(.wanted)
      }
      instants.delay()
    }
    let edit = { (state: inout ScheduleState) in
      state.decidedThrough = decision.decidedThrough
      state.queued = decision.queued
    }
    if let due = decision.start {
      start(served, due: due, ticks: decision.ticks, turn, edit)
    } else if decision.decidedThrough > state.decidedThrough {
      commit(turn, ticks: decision.ticks, edit)
    } else {
      return decision.delays
    }
    return true
  }

  private mutating func startQueued(
    _ queued: Moment, _ state: ScheduleState, _ schedule: Schedule, _ served: File.Served,
    _ turn: SchedulerTurn
  ) {
    let refusal = Self.refusal(ofQueued: queued, state, schedule, at: turn.now)
    let ticks = [Tick(due: queued, refusal ?? .ran(nil), decidedAt: turn.now)]
    if refusal == nil {
      start(served, due: queued, ticks: ticks, turn) { $0.queued = nil }
    } else {
      commit(turn, ticks: ticks) { $0.queued = nil }
    }
  }

  /// Why no rollout starts for what is queued, as a verdict.
  static func refusal(
    ofQueued queued: Moment, _ state: ScheduleState, _ schedule: Schedule?, at now: Moment
  ) -> TickVerdict? {
    if let window = schedule?.window, now > queued + window { return .skippedWindow }
    return state.pause == nil ? nil : .paused
  }

  private mutating func answer(
    _ trigger: ScheduleTrigger, _ served: File.Served, _ turn: SchedulerTurn
  ) {
    let tick = Tick(due: trigger.at, .triggered(nil, by: trigger.by), decidedAt: turn.now)
    start(served, due: trigger.at, ticks: [tick], handled: [trigger.number], turn) { _ in }
  }

  /// Cancels the rollout that an instant waits for, with `cancel`.
  ///
  /// A change of the ledger is recorded first: a process that lost its lease cancels nothing, and neither
  /// does one that does not know of a pause yet.
  private mutating func cancelForWaiting(_ turn: SchedulerTurn) {
    guard let state, let current = state.current, case .inProgress(let cancellation) = progress,
      cancellation != .requested
    else { return }
    guard state.pause == nil else {
      progress = .inProgress(.none)
      return
    }
    guard state.queued != nil || cancellation == .wanted,
      readDefinition(turn)?.overlap == .cancel
    else { return }
    if isConfirmed {
      progress = .inProgress(.requested)
      actions.append(.cancel(schedule: name, current.rollout))
    } else if phase == .idle {
      commit(turn) { _ in }
    }
  }
}
