import Events
import GRDB

/// A commit that ended otherwise than by being recorded, or by an error.
struct CommitRefusal: Error {
  let outcome: CommitOutcome
}

/// Recording.
extension SQLiteJournal {
  /// A cancelled task's commit is recorded all the same; the caller's thread does not wait.
  ///
  /// Commits and other writes that come while others are being written share a transaction and a sync.
  package func commit(_ commit: JournalCommit) async -> CommitOutcome {
    do {
      return .committed(try await writes.perform(as: .owner, performing(commit)))
    } catch {
      return Self.outcome(of: error)
    }
  }

  /// The same without a task.
  package func begin(
    _ commit: JournalCommit, ended: @escaping @Sendable (CommitOutcome) -> Void
  ) -> Bool {
    writes.begin(as: .owner, performing(commit)) { result in
      do {
        ended(.committed(try result.get()))
      } catch {
        ended(Self.outcome(of: error))
      }
    }
    return true
  }

  /// The same on the caller's thread, which waits for the disk.
  func commitWaiting(_ commit: JournalCommit) -> CommitOutcome {
    commitWaiting([commit]).first ?? .committed([])
  }

  /// The same for several commits that come at once.
  func commitWaiting(_ commits: [JournalCommit]) -> [CommitOutcome] {
    writes.performWaiting(as: .owner, commits.map(performing)).map { result in
      do {
        return .committed(try result.get())
      } catch {
        return Self.outcome(of: error)
      }
    }
  }

  private func performing(
    _ commit: JournalCommit
  ) -> @Sendable (Database) throws -> [JournalHead] {
    { [self] database in
      let owner = ownership.current
      if !commit.ledger.isEmpty { polls.noteOwnChange(of: .schedules) }
      let writing = CommitWriting(
        sealing: sealing, authentication: Authentication(sealing.key), owner: owner,
        keyPath: file.keyFile.path, locks: locks(of: owner, in: database),
        known: knownRuns,
        ledgers: LedgerWriting(sealing, as: owner, keyPath: file.keyFile.path))
      do {
        return try writing.perform(commit, in: database)
      } catch let fence as CommitWriting.Fence {
        let other = try fence.owner.flatMap { try Ownership.owner($0, in: database) }
        throw CommitRefusal(outcome: .fenced(fence.run, by: other))
      } catch JournalError.blocked(let run, let other) {
        throw CommitRefusal(outcome: .blocked(run, by: other))
      }
    }
  }

  func locks(of owner: JournalOwner, in database: Database) -> RunLocks {
    RunLocks(database: database) { [self] number in
      try number == owner.number || ownership.isAlive(number, of: file.path, in: database)
    }
  }

  private static func outcome(of error: any Error) -> CommitOutcome {
    if let refusal = error as? CommitRefusal { return refusal.outcome }
    let error = error as? JournalError ?? .inaccessible(path: "", reason: "\(error)")
    return switch error {
    case .conflict, .misplaced, .unstorable, .cryptography, .otherKey, .ledgerMoved, .leaseLost,
      .decidedTwice, .flawedLedger:
      .conflict(error)
    case _: .unknown(error)
    }
  }
}
