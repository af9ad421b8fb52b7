import Events
import FoundationEssentials
import GRDB

/// The locks of runs, in a transaction that is open for writing.
///
/// A key has at most one holder, which has it until the holder ends. A holder that no living process
/// drives loses it to whoever needs it.
struct RunLocks {
  let database: Database
  /// Whether the owner of that number lives, this process included.
  let isAlive: (Int64) throws -> Bool

  /// Makes `run`, whose number is `number`, the holder of `keys`.
  ///
  /// Throws `blocked` when a living process drives another holder.
  func take(_ keys: [String], for run: RunID, _ number: Int64) throws {
    for key in keys {
      try free(key, for: run, number)
      try database.cachedStatement(sql: "INSERT OR REPLACE INTO locks (key, run) VALUES (?, ?)")
        .execute(arguments: [key, number])
    }
  }

  /// The run has nothing to do any more.
  func release(_ number: Int64) throws {
    try database.cachedStatement(sql: "DELETE FROM locks WHERE run = ?")
      .execute(arguments: [number])
  }

  /// The keys that the run needs while it is not over, as its first event says.
  func keys(of run: RunID, _ number: Int64) throws -> [String] {
    let form = try Data.fetchOne(
      database, sql: "SELECT form FROM commits WHERE run = ? AND first = 0", arguments: [number])
    guard let form else { return [] }
    do throws(StoredFormError) {
      let first = try CommitForm.decode(Array(form), of: run, from: 0, nil).first?.kind
      guard case .runStarted(let start)? = first else { return [] }
      return start.tenant?.locks ?? []
    } catch {
      throw JournalError.flawed(run: run, .unreadable(sequence: 0, error))
    }
  }

  private func free(_ key: String, for run: RunID, _ number: Int64) throws {
    let statement = try database.cachedStatement(
      sql: """
        SELECT runs.number, runs.id, runs.owner FROM locks JOIN runs ON runs.number = locks.run
        WHERE locks.key = ?
        """)
    guard let holder = try Row.fetchOne(statement, arguments: [key]) else { return }
    let holderNumber: Int64 = try holder.value("number")
    guard holderNumber != number, let owner: Int64 = try holder.value("owner") else { return }
    if try isAlive(owner) {
      guard let other = RunID(try holder.value("id")) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a line of the list of runs")
      }
      throw JournalError.blocked(run: run, by: other)
    }
    // Were its owner alive all the same, it could record nothing more.
    try database.cachedStatement(sql: "UPDATE runs SET owner = NULL WHERE number = ?")
      .execute(arguments: [holderNumber])
  }
}
