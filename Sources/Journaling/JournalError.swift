package import Cryptography
package import Events
package import Operations

/// Why the journal cannot do what was asked.
package enum JournalError: Error, Sendable, Hashable {
  /// There is no journal at this path yet.
  case missing(path: String)
  /// The file is no SQLite database.
  case notADatabase(path: String)
  /// The file is a database of something else.
  case notAJournal(path: String)
  /// The file or its folder cannot be created, opened or written.
  case inaccessible(path: String, reason: String)
  /// The file is there, but it or its folder cannot be written.
  case unwritable(path: String, reason: String)
  /// A read, write or sync failed (EIO).
  case failingDisk(path: String, reason: String)
  /// There is no room for more: the disk is full, or the file may not grow.
  case noSpace(path: String, reason: String)
  /// The name stands for a database in memory or a URI of SQLite, not for a file.
  case notAFile(path: String)
  /// The file was removed or replaced while a run was recorded in it.
  case replaced(path: String)
  /// Another process held the journal for longer than the time limit.
  case locked(path: String)
  /// A later program wrote it.
  case newerSchema(path: String)
  /// The database is damaged or the disk fails.
  case damaged(path: String, reason: String)
  /// The key of the journal cannot be used.
  case unusableKey(path: String, reason: String)
  /// The key of the journal is gone, and secrets were requested.
  case missingKey(path: String)
  /// The run already has events where these belong: somebody else writes it.
  case conflict(run: RunID, sequence: Int)
  /// Another process drives the run; nil when it is not known which.
  case owned(run: RunID, by: JournalOwner?)
  /// Another run that a living process drives, or that has not ended, holds a lock which the run needs.
  case blocked(run: RunID, by: RunID)
  /// A part of the rollout has been moved into an archive, and the rest follows.
  case archiving(rollout: RunID)
  /// Somebody decided on the step already, and the owner of the run has not handled that yet.
  case decided(run: RunID, step: StepPath)
  /// Only rollouts can be asked for this.
  case notARollout(run: RunID)
  /// The run came to its end.
  case over(run: RunID)
  /// The journal was written under another key than its own.
  case otherKey(path: String)
  /// The file is no plan that can be kept to.
  case unusablePlan(path: String, reason: String)
  /// The first event of a record must be the start of that run or rollout, and nothing but its resumption
  /// follows its end.
  case misplaced(run: RunID, sequence: Int)
  /// libcrypto refused what the journal needs.
  case cryptography(CryptographyFailure)
  /// An event cannot be stored.
  case unstorable(run: RunID, sequence: Int, StoredFormError)
  /// What is recorded of the run is not what was recorded.
  case flawed(run: RunID, ChainFlaw)
  /// The ledger of the schedule is not as the writer knew it: a person, or another process, changed it.
  case ledgerMoved(schedule: String, rollout: RunID?)
  /// Another process acts on schedules now; nil when it is not known which.
  case leaseLost(rollout: RunID?, to: JournalOwner?)
  /// A due instant of the schedule has a verdict already.
  case decidedTwice(schedule: String, due: Moment, rollout: RunID?)
  /// What is recorded of the schedule is not what was recorded.
  case flawedLedger(schedule: String, LedgerFlaw)
  /// The journal holds no schedule.
  case noSchedules
  /// No schedule has this name.
  case unknownSchedule(name: String, known: [String])
  /// The journal holds no rollout.
  case noRollouts
  /// No rollout has this name, and no rollout's id begins so.
  case unknownRollout(name: String)
  /// More than one rollout's id begins so; the first few are named.
  case ambiguousRollout(prefix: String, candidates: [RolloutSummary])
  /// It is a rollout, and a run is needed.
  case isRollout(RunID, name: String)
  /// The journal holds no run.
  case noRuns
  /// No run's id begins so.
  case unknownRun(prefix: String)
  /// More than one run's id begins so; the first few are named.
  case ambiguousRun(prefix: String, candidates: [RunSummary])
}

extension JournalError {
  /// The one run that it is about; nil when it is about the journal.
  package var run: RunID? {
    switch self {
    case .conflict(let run, _), .owned(let run, _), .over(let run), .decided(let run, _),
      .blocked(let run, _), .notARollout(let run), .isRollout(let run, _),
      .misplaced(let run, _),
      .unstorable(let run, _, _), .flawed(let run, _):
      run
    case .archiving(let rollout): rollout
    case .ledgerMoved(_, let rollout), .leaseLost(let rollout, _), .decidedTwice(_, _, let rollout):
      rollout
    case .missing, .notADatabase, .notAJournal, .inaccessible, .unwritable, .failingDisk,
      .noSpace, .notAFile,
      .replaced, .locked, .newerSchema, .damaged, .unusableKey, .missingKey, .cryptography,
      .noRuns, .noRollouts, .noSchedules, .unknownSchedule, .flawedLedger, .unknownRollout,
      .ambiguousRollout,
      .unknownRun, .ambiguousRun,
      .otherKey, .unusablePlan:
      nil
    }
  }
}
