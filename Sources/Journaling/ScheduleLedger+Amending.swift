package import Events
package import Operations

/// What a person changes.
extension ScheduleLedger {
  /// So often at most a change is made anew because another process was faster.
  private static var mostAttempts: Int { 100 }

  /// Makes the change of a schedule that `edit` returns for its state, and returns the state before; nothing
  /// is changed where `edit` returns nil.
  ///
  /// `edit` is called again when another process changed the schedule meanwhile. Throws `noSchedules`,
  /// `unknownSchedule`, and why the change cannot be recorded.
  package func amend(
    _ schedule: String, _ edit: (ScheduleState) -> LedgerChange?
  ) async throws(JournalError) -> ScheduleState {
    for _ in 0..<Self.mostAttempts {
      let states = try await schedules(after: .start).states
      guard let state = states.first(where: { $0.name == schedule }) else {
        throw states.isEmpty
          ? .noSchedules : .unknownSchedule(name: schedule, known: states.map(\.name))
      }
      guard let change = edit(state) else { return state }
      switch await commit(JournalCommit(change)) {
      case .committed: return state
      case .conflict(.ledgerMoved), .fenced, .blocked: continue
      case .conflict(let error), .unknown(let error): throw error
      }
    }
    throw .ledgerMoved(schedule: schedule, rollout: nil)
  }

  /// Pauses a schedule, unless it is paused already; returns the state before.
  ///
  /// Throws what `amend` throws.
  package func pause(
    _ schedule: String, at moment: Moment, by person: String, reason: String? = nil
  ) async throws(JournalError) -> ScheduleState {
    let pause = SchedulePause(since: moment, cause: .person(person, reason: reason))
    return try await amend(schedule) { state in
      state.pause == nil ? state.change { $0.pause = pause } : nil
    }
  }

  /// Ends the pause of a schedule, where it is paused; returns the state before.
  ///
  /// Throws what `amend` throws.
  package func resume(_ schedule: String) async throws(JournalError) -> ScheduleState {
    try await amend(schedule) { state in
      state.pause == nil ? nil : state.change { $0.pause = nil }
    }
  }
}

extension ScheduleState {
  /// The change of a person that follows on this state and makes of it what `edit` does.
  fileprivate func change(_ edit: (inout ScheduleState) -> Void) -> LedgerChange {
    var state = self
    state.version += 1
    edit(&state)
    return LedgerChange(by: .person, to: state)
  }
}
