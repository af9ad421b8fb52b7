package import Events
import Files
import GRDB

/// Ownership.
extension SQLiteJournal {
  /// Makes this process the owner of `run`; throws `owned`, `blocked`, `archiving`
  /// and `unknownRun`.
  package func claim(_ run: RunID) async throws(JournalError) -> RunClaim {
    try await JournalError.translating { () throws -> RunClaim in
      try await self.writes.perform(as: .owner, self.claiming(run))
    }
  }

  /// The same on the caller's thread, which waits for the disk.
  func claimWaiting(_ run: RunID) throws(JournalError) -> RunClaim {
    do {
      return try writes.performWaiting(as: .owner, [claiming(run)])[0].get()
    } catch {
      throw JournalError(error, path: file.path)
    }
  }

  private func claiming(_ run: RunID) -> @Sendable (Database) throws -> RunClaim {
    { [self] database in
      // What was asked of the run before is seen by this process from now on.
      polls.noteOwnChange(of: .requests)
      return try take(run, as: ownership.current, in: database)
    }
  }

  private func take(
    _ run: RunID, as owner: JournalOwner, in database: Database
  ) throws -> RunClaim {
    let row = try Row.fetchOne(
      database,
      sql: "SELECT number, events, head, outcome, owner, epoch, rollout FROM runs WHERE id = ?",
      arguments: [run.text])
    guard let row else { throw JournalError.unknownRun(prefix: run.text) }
    if let current: Int64 = try row.value("owner") {
      guard current != owner.number else { throw JournalError.owned(run: run, by: owner) }
      if try ownership.isAlive(current, of: file.path, in: database) {
        throw JournalError.owned(run: run, by: try Ownership.owner(current, in: database))
      }
    }
    let number: Int64 = try row.value("number")
    let rollout: String? = try row.value("rollout")
    try ArchivingMark.refuse(run, of: rollout, in: database)
    if rollout != nil {
      let locks = locks(of: owner, in: database)
      let keys = try locks.keys(of: run, number)
      if try row.value("outcome") as String? == nil {
        try locks.take(keys, for: run, number)
      } else {
        try locks.check(keys, for: run, number)
      }
    }
    let epoch = try row.count("epoch") + 1
    try database.execute(
      sql: "UPDATE runs SET owner = ?, epoch = ? WHERE number = ?",
      arguments: [owner.number, epoch, number])
    let head = JournalHead(count: try row.count("events"), digest: try row.bytes("head"))
    return RunClaim(epoch: epoch, head: head)
  }

  /// Gives up the ownership of `run`, if it is this process's under `epoch`.
  package func release(_ run: RunID, epoch: Int) async throws(JournalError) {
    try await JournalError.translating { () throws -> Void in
      try await self.writes.perform(as: .anyone) { [self] database in
        knownRuns[run] = nil
        try database.execute(
          sql: "UPDATE runs SET owner = NULL WHERE id = ? AND owner = ? AND epoch = ?",
          arguments: [run.text, ownership.number, epoch])
      }
    }
  }

  /// Whether `process` of this machine has this journal open for driving runs, as far as this one may
  /// see.
  package func isOpen(in process: Int32) -> Bool {
    ProcessFiles.hasOpen(file.path, in: process)
  }
}
