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
    if !turn.isDraining { cancelForQueued(turn) }
  }

  private mutating func notice(_ turn: SchedulerTurn) {
    guard let state, state.isActive, file != .unknown, file != .unreadable,
      case .readable = readDefinition(turn), let jittered
    else { return }
    instants.notice(at: turn.now, since: turn.since, by: jittered, upTo: changeover)
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
    guard case .readable(let schedule) = readDefinition(turn) else {
      return adopt(served, from: turn.now, turn)
    }
    if state.current == nil {
      if let trigger = triggers.first { return answer(trigger, served, turn) }
      // After the clock was set back, it is not due yet.
      if let queued = state.queued, queued <= turn.now {
        return startQueued(queued, state, schedule, served, turn)
      }
    }
    let place = state.current.map { DueDecision.Place.taken(by: $0.rollout) } ?? .free
    if decide(schedule, state, place, served, turn) { return }
    if let changeover { return adopt(served, from: changeover, turn) }
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
      if instants.spans.contains(where: { $0.timing == .onTime }) { cancelForWaiting(turn) }
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
  private static func refusal(
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

  /// What is queued with `cancel` cancels the rollout that it waits for.
  private mutating func cancelForQueued(_ turn: SchedulerTurn) {
    guard let state, state.queued != nil, state.pause == nil else { return }
    cancelForWaiting(turn)
  }

  private mutating func cancelForWaiting(_ turn: SchedulerTurn) {
    guard let current = state?.current, progress == .inProgress(isCancelled: false),
      case .readable(let schedule) = readDefinition(turn), schedule.overlap == .cancel
    else { return }
    progress = .inProgress(isCancelled: true)
    actions.append(.cancel(schedule: name, current.rollout))
  }
}

/// The schedule as a whole.
extension ScheduledRolloutMachine {
  /// The schedule is seen for the first time.
  private mutating func begin(_ served: File.Served, _ turn: SchedulerTurn) {
    let state = ScheduleState(
      name: name, definition: served.definition, file: served.path, firstSeen: turn.now)
    commit(LedgerChange(by: .daemon(epoch: turn.epoch), to: state))
  }

  /// The file is back.
  private mutating func activate(_ served: File.Served, _ turn: SchedulerTurn) {
    commit(turn) { state in
      state.isActive = true
      state.definition = served.definition
      state.file = served.path
      state.decidedThrough = max(state.decidedThrough, turn.now)
    }
  }

  /// The file is gone: what is due up to then is decided, and nothing after.
  private mutating func retire(_ turn: SchedulerTurn) {
    guard let state else { return }
    let isInterrupted = progress == .interrupted
    guard state.isActive else {
      if isInterrupted { commit(turn) { $0.current = nil } }
      return
    }
    _ = readDefinition(turn)
    let schedule = jittered?.schedule
    var ticks: [Tick] = []
    if let queued = state.queued {
      let verdict =
        Self.refusal(ofQueued: queued, state, schedule, at: turn.now)
        ?? .failedToStart(reason: Self.goneReason)
      ticks.append(Tick(due: queued, verdict, decidedAt: turn.now))
    }
    if let schedule {
      var decision = DueDecision(schedule, state, place: .gone, at: turn.now)
      decision.decide(instants.spans)
      ticks += decision.ticks
    }
    let end = changeover ?? turn.now
    commit(turn, ticks: ticks) { state in
      state.isActive = false
      state.queued = nil
      state.decidedThrough = max(state.decidedThrough, end)
      if isInterrupted { state.current = nil }
    }
  }

  /// Everything is decided by the old definition, and the file's decides from `moment` on.
  private mutating func adopt(
    _ served: File.Served, from moment: Moment, _ turn: SchedulerTurn
  ) {
    commit(turn) { state in
      state.definition = served.definition
      state.file = served.path
      state.decidedThrough = max(state.decidedThrough, moment)
    }
  }

  private mutating func recordEnd(_ outcome: Outcome, _ turn: SchedulerTurn) {
    guard var next = state else { return }
    pause(&next, after: outcome, of: next.current?.rollout, turn)
    next.current = nil
    commit(turn) { $0 = next }
  }

  /// Pauses the schedule if it is to pause after such an end; a pause that there is stays as it is.
  mutating func pause(
    _ state: inout ScheduleState, after outcome: Outcome, of rollout: RunID?,
    _ turn: SchedulerTurn
  ) {
    guard case .readable(let schedule) = readDefinition(turn), schedule.pauseOnFailure,
      outcome == .failed || outcome == .inDoubt, state.pause == nil
    else { return }
    state.pause = SchedulePause(since: turn.now, cause: .failure(rollout))
  }
}

/// Changes of the ledger.
extension ScheduledRolloutMachine {
  mutating func commit(_ change: LedgerChange) {
    phase = .committing(change)
    actions.append(.commit(change))
  }

  private mutating func commit(
    _ turn: SchedulerTurn, ticks: [Tick] = [], _ edit: (inout ScheduleState) -> Void
  ) {
    if let change = change(turn, ticks, edit) { commit(change) }
  }

  private mutating func start(
    _ served: File.Served, due: Moment, ticks: [Tick] = [], handled: [Int64] = [],
    _ turn: SchedulerTurn, _ edit: (inout ScheduleState) -> Void
  ) {
    let change = change(turn, ticks) { state in
      edit(&state)
      state.current = ScheduledRollout(nil, due: due)
    }
    guard var change else { return }
    change.handled = handled
    let start = ScheduledStart(
      schedule: name, file: served.path, due: due, template: change)
    phase = .starting(start)
    actions.append(.start(start))
  }

  private func change(
    _ turn: SchedulerTurn, _ ticks: [Tick], _ edit: (inout ScheduleState) -> Void
  ) -> LedgerChange? {
    guard var next = state else { return nil }
    edit(&next)
    next.version += 1
    return LedgerChange(by: .daemon(epoch: turn.epoch), to: next, ticks: ticks)
  }
}
