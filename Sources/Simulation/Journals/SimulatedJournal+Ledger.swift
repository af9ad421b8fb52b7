package import Events
package import Journaling
package import Operations

extension SimulatedJournal: ScheduleLedger {
  /// Becomes the one process that acts on schedules, unless another one has the lease, lives, and is not
  /// `lapsed`.
  package func takeLease(lapsed: LeaseSight?) async throws(JournalError) -> LeaseAttempt {
    store.withState { state in
      let lease = state.ledgers.lease
      if let holder = lease.owner, holder != owner.number, state.living.contains(holder) {
        let sight = LeaseSight(
          owner: state.owners.first { $0.number == holder }, epoch: lease.epoch, beat: lease.beat)
        if sight != lapsed { return .held(sight) }
      }
      state.ledgers.lease = SimulatedLedgers.Lease(
        owner: owner.number, epoch: lease.epoch + 1, beat: lease.beat + 1)
      return .taken(epoch: lease.epoch + 1)
    }
  }

  /// Shows that this process lives, where it still has the lease under `epoch`.
  package func renewLease(epoch: Int) async throws(JournalError) -> Bool {
    store.withState { state in
      guard state.hasLease(owner, epoch: epoch) else { return false }
      state.ledgers.lease.beat += 1
      return true
    }
  }

  /// Gives the lease up, if it is still this process's under `epoch`.
  package func releaseLease(epoch: Int) async throws(JournalError) {
    store.withState { state in
      if state.hasLease(owner, epoch: epoch) { state.ledgers.lease.owner = nil }
    }
  }

  /// The schedules that changed after `cursor`, all triggers that wait, and where to read on.
  package func schedules(
    after cursor: JournalCursor
  ) async throws(JournalError) -> SchedulePage {
    store.withState { $0.ledgers.page(after: cursor) }
  }

  /// Asks for a rollout of `schedule` now; throws `unknownSchedule`.
  package func trigger(
    _ schedule: String, at moment: Moment, by person: String
  ) async throws(JournalError) {
    try store.withState { state throws(JournalError) in
      try state.ledgers.trigger(schedule, at: moment, by: person)
    }
  }

  /// The notifications that are due at `moment`, oldest first, at most `limit`, each put off by `hold` and
  /// counted as attempted.
  package func takeNotices(
    due moment: Moment, limit: Int, hold: Duration
  ) async throws(JournalError) -> [StoredNotice] {
    store.withState { state in
      state.ledgers.takeNotices(due: moment, limit: limit, until: moment + hold)
    }
  }

  /// Puts a notification off until `due`.
  package func delay(notice: RunID, until due: Moment) async throws(JournalError) {
    store.withState { $0.ledgers.notices[notice]?.due = due }
  }

  /// Removes a notification that was delivered, or given up.
  package func remove(notice: RunID) async throws(JournalError) {
    store.withState { $0.ledgers.notices[notice] = nil }
  }
}

extension JournalStore.State {
  fileprivate func hasLease(_ owner: JournalOwner, epoch: Int) -> Bool {
    ledgers.lease.owner == owner.number && ledgers.lease.epoch == epoch
  }
}

/// What tests look at, and break.
extension JournalStore {
  /// The ledgers of these schedules, and of no others, cannot be used from now on.
  package func setFlawed(_ schedules: Set<String>) {
    withState { state in
      for mended in state.ledgers.flawed.subtracting(schedules) {
        state.ledgers.lastChange += 1
        state.ledgers.ledgers[mended]?.change = state.ledgers.lastChange
      }
      state.ledgers.flawed = schedules
    }
  }

  /// The state of the schedule of that name; nil where there is none.
  package func schedule(named name: String) -> ScheduleState? {
    withState { $0.ledgers.ledgers[name]?.state }
  }

  /// The ticks of a schedule, in the order in which they were decided.
  package func ticks(of schedule: String) -> [Tick] {
    withState { $0.ledgers.ledgers[schedule]?.ticks ?? [] }
  }

  /// The notifications that wait, in the order in which they are due.
  package var notices: [StoredNotice] {
    withState { state in
      state.ledgers.notices.values.sorted { ($0.due, $0.id) < ($1.due, $1.id) }
    }
  }
}
