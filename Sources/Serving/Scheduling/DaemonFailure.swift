package import Events
package import Journaling

/// Why a daemon ends although nobody asked it to.
package enum DaemonFailure: Error, Sendable, Hashable {
  /// The journal cannot be used by this process any more.
  case journal(JournalError)
  /// A rollout stopped in the middle, since it could not be recorded; what it began is free for others once
  /// this process has ended.
  case unrecorded(RunID?, JournalError)
}

extension JournalError {
  /// Whether only another process, or a person, can use the journal again.
  var outlastsProcess: Bool {
    switch self {
    case .missing, .notADatabase, .notAJournal, .notAFile, .replaced, .newerSchema, .damaged,
      .unusableKey, .missingKey, .otherKey, .cryptography, .flawed, .unusablePlan:
      true
    case .inaccessible, .unwritable, .failingDisk, .noSpace, .locked, .conflict, .owned, .blocked,
      .archiving,
      .decided, .notARollout, .over, .misplaced, .unstorable, .ledgerMoved, .leaseLost,
      .decidedTwice, .flawedLedger,
      .noSchedules, .unknownSchedule, .noRollouts, .unknownRollout, .ambiguousRollout, .isRollout,
      .noRuns, .unknownRun, .ambiguousRun:
      false
    }
  }
}
