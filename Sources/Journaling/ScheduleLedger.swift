package import Events
package import Operations

/// The part of a journal that schedules need: which process acts on them, and what was decided.
///
/// Changes are made by `Journal.commit`; to send the same change again is harmless. Every conformance passes
/// the same suite of tests.
package protocol ScheduleLedger: Journal {
  /// Becomes the one process that acts on schedules, with a higher epoch than every one before.
  ///
  /// The lease is free when nobody has it, when the process that has it is dead, and when its sight is
  /// still `lapsed`, which whoever waits has seen unchanged for longer than a lease lasts.
  func takeLease(lapsed: LeaseSight?) async throws(JournalError) -> LeaseAttempt

  /// Shows that the holder lives; false when another process has the lease now.
  func renewLease(epoch: Int) async throws(JournalError) -> Bool

  /// Gives the lease up, if it is still this process's under `epoch`.
  func releaseLease(epoch: Int) async throws(JournalError)

  /// The schedules that changed after `cursor`, all triggers that wait, and where to read on.
  ///
  /// A schedule whose ledger cannot be used hides no other one.
  func schedules(after cursor: JournalCursor) async throws(JournalError) -> SchedulePage

  /// Asks for a rollout of `schedule` now; throws `unknownSchedule`.
  func trigger(_ schedule: String, at moment: Moment, by person: String) async throws(JournalError)

  /// The notifications that are due at `moment`, oldest first, at most `limit`; each is put off by `hold`
  /// and counted as attempted, so that no other process delivers it meanwhile.
  ///
  /// They are returned as they are afterwards: `attempts` counts this one, too.
  func takeNotices(
    due moment: Moment, limit: Int, hold: Duration
  ) async throws(JournalError) -> [StoredNotice]

  /// Puts a notification off until `due`.
  func delay(notice: RunID, until due: Moment) async throws(JournalError)

  /// Removes a notification that was delivered, or given up.
  func remove(notice: RunID) async throws(JournalError)
}

/// What is seen of the process that acts on schedules.
package struct LeaseSight: Sendable, Hashable {
  /// The process; nil when it is not known any more.
  package var owner: JournalOwner?
  /// The epoch of its lease.
  package var epoch: Int
  /// Grows with its renewals.
  package var beat: Int

  /// The holder `owner` of the lease.
  package init(owner: JournalOwner?, epoch: Int, beat: Int) {
    self.owner = owner
    self.epoch = epoch
    self.beat = beat
  }
}

/// The outcome of taking the lease.
package enum LeaseAttempt: Sendable, Hashable {
  /// This process acts from now on.
  case taken(epoch: Int)
  /// Another process acts.
  case held(LeaseSight)
}

/// Some schedules, and where to read on.
package struct SchedulePage: Sendable, Hashable {
  /// Those that changed, in the order of their names.
  package var states: [ScheduleState]
  /// All that this process has found unusable and that still are, in the order of their names.
  package var flawed: [FlawedSchedule]
  /// All triggers that wait, oldest first.
  package var triggers: [ScheduleTrigger]
  /// After the latest change.
  package var next: JournalCursor

  /// A page that ends before `next`.
  package init(
    _ states: [ScheduleState], flawed: [FlawedSchedule] = [], triggers: [ScheduleTrigger],
    next: JournalCursor
  ) {
    self.states = states
    self.flawed = flawed
    self.triggers = triggers
    self.next = next
  }
}
