import Events
import Operations

/// The schedule as a whole.
extension ScheduledRolloutMachine {
  /// Why no rollout starts whose file is gone.
  static let goneReason = "the rollout file is no longer served"

  /// The schedule is seen for the first time.
  mutating func begin(_ served: File.Served, _ turn: SchedulerTurn) {
    let state = ScheduleState(
      name: name, definition: served.definition, file: served.path, firstSeen: turn.now)
    commit(LedgerChange(by: .daemon(epoch: turn.epoch), to: state))
  }

  /// The file is back.
  mutating func activate(_ served: File.Served, _ turn: SchedulerTurn) {
    commit(turn) { state in
      state.isActive = true
      state.definition = served.definition
      state.file = served.path
      state.decidedThrough = max(state.decidedThrough, turn.now)
    }
  }

  /// The file is gone: what is due up to then is decided, and nothing after.
  mutating func retire(_ turn: SchedulerTurn) {
    guard let state else { return }
    let isInterrupted = progress == .interrupted
    guard state.isActive else {
      if isInterrupted { commit(turn) { $0.current = nil } }
      return
    }
    let schedule = readDefinition(turn)
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
    let end = instants.end ?? turn.now
    commit(turn, ticks: ticks) { state in
      state.isActive = false
      state.queued = nil
      state.decidedThrough = max(state.decidedThrough, end)
      if isInterrupted { state.current = nil }
    }
  }

  /// Everything is decided by the old definition, and the file's decides from `moment` on.
  mutating func adopt(
    _ served: File.Served, from moment: Moment, _ turn: SchedulerTurn
  ) {
    commit(turn) { state in
      state.definition = served.definition
      state.file = served.path
      state.decidedThrough = max(state.decidedThrough, moment)
    }
  }

  mutating func recordEnd(_ outcome: Outcome, _ turn: SchedulerTurn) {
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
    guard readDefinition(turn)?.pauseOnFailure ?? false, outcome == .failed || outcome == .inDoubt,
      state.pause == nil
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

  mutating func commit(
    _ turn: SchedulerTurn, ticks: [Tick] = [], _ edit: (inout ScheduleState) -> Void
  ) {
    if let change = change(turn, ticks, edit) { commit(change) }
  }

  mutating func start(
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
