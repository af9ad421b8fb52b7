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

  /// A run that holds a key, and who drives it.
  private struct Holder {
    var run: RunID
    var number: Int64
    var owner: Int64?
  }

  /// Makes `run`, whose number is `number`, the holder of `keys`.
  ///
  /// Throws `blocked` when a living process drives another holder.
  func take(_ keys: [String], for run: RunID, _ number: Int64) throws {
    try check(keys, for: run, number)
    for key in keys {
      if let holder = try holder(of: key, besides: number), holder.owner != nil {
        // Were its owner alive all the same, it could record nothing more.
        try database.cachedStatement(sql: "UPDATE runs SET owner = NULL WHERE number = ?")
          .execute(arguments: [holder.number])
      }
      try database.cachedStatement(sql: "INSERT OR REPLACE INTO locks (key, run) VALUES (?, ?)")
        .execute(arguments: [key, number])
    }
  }

  /// Throws `blocked` when a living process drives another holder of one of `keys`.
  func check(_ keys: [String], for run: RunID, _ number: Int64) throws {
    for key in keys {
      guard let holder = try holder(of: key, besides: number), let owner = holder.owner,
        try isAlive(owner)
      else { continue }
      throw JournalError.blocked(run: run, by: holder.run)
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

  private func holder(of key: String, besides number: Int64) throws -> Holder? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT runs.id, runs.number, runs.owner FROM locks JOIN runs ON runs.number = locks.run
        WHERE locks.key = ? AND runs.number <> ?
        """)
    guard let row = try Row.fetchOne(statement, arguments: [key, number]) else { return nil }
    return Holder(
      run: try row.runID(), number: try row.value("number"), owner: try row.value("owner"))
  }
}
