import Events
import Journaling
import Operations

/// Records changes of the ledger, however long the journal fails.
struct LedgerWriter: Sendable {
  /// The pause after a failure of the journal.
  static let pause = Duration.seconds(5)

  let ledger: any ScheduleLedger
  let clock: DaemonClock
  let notices: @Sendable (LedgerChange) -> [StoredNotice]
  let observe: DaemonObserver

  /// How a change went.
  enum Ending: Sendable, Hashable {
    case committed
    /// The ledger is in this state.
    case refused(ScheduleState?)
    /// The ledger cannot be used.
    case flawed(FlawedSchedule)
    /// Another process has the lease.
    case leaseLost
  }

  /// Records `change`, which starts no rollout with a record.
  ///
  /// Throws `CancellationError`.
  func record(_ change: LedgerChange) async throws -> Ending {
    // The same commit is recorded once, however often it is sent.
    let commit = JournalCommit(change, notices: notices(change))
    while true {
      switch await ledger.commit(commit) {
      case .committed:
        observe(.journalWorked)
        return .committed
      case .conflict(.leaseLost): return .leaseLost
      case .conflict(.ledgerMoved), .conflict(.flawedLedger), .conflict(.otherKey):
        return try await look(after: change)
      case .conflict(let error):
        // The same change would be refused again.
        observe(.journalFailed(error))
        try await clock.sleep(Self.pause)
        return try await look(after: change)
      case .unknown(let error):
        observe(.journalFailed(error))
        try await clock.sleep(Self.pause)
      case .fenced, .blocked:
        // Neither follows from a commit without runs.
        try await clock.sleep(Self.pause)
      }
    }
  }

  /// How the ledger stands after a change that may have been made: a change that was recorded without an
  /// answer is refused the next time.
  ///
  /// Throws `CancellationError`.
  func look(after change: LedgerChange) async throws -> Ending {
    while true {
      do throws(JournalError) {
        let page = try await ledger.schedules(after: .start)
        let name = change.state.name
        if let flawed = page.flawed.first(where: { $0.name == name }) { return .flawed(flawed) }
        let state = page.states.first { $0.name == name }
        return state == change.state ? .committed : .refused(state)
      } catch {
        observe(.journalFailed(error))
      }
      try await clock.sleep(Self.pause)
    }
  }
}
