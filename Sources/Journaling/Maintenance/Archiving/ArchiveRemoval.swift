import Events
import GRDB
import Operations

/// Removes records from a journal, in a transaction, as far as nothing happened to them since they were copied.
struct ArchiveRemoval {
  let database: Database
  /// The number of the latest record that the selection saw: later ones may need what is removed.
  let latestSeen: Int64

  /// Removes the units that are as they were copied, and returns their ids.
  func remove(
    _ units: [(unit: ArchiveUnit, records: [ArchiveCopy.Copied])]
  ) throws -> Set<String> {
    let reused = try reusedByLater()
    let scheduled = try ScheduleRow.rolloutsInProgress(in: database)
    var removed: Set<String> = []
    var records: [(number: Int64, id: RunID)] = []
    for (unit, copied) in units
    where try isUntouched(unit, copied) && copied.allSatisfy({ !reused.contains($0.run) })
      && copied.allSatisfy({ !scheduled.contains($0.run) })
    {
      removed.insert(unit.id)
      records += copied.map { ($0.number, $0.run) }
    }
    try RecordRemoval.remove(records, in: database)
    return removed
  }

  /// Whether all records of the unit end where their copies do, and nobody is about to continue one.
  private func isUntouched(_ unit: ArchiveUnit, _ copied: [ArchiveCopy.Copied]) throws -> Bool {
    var heads = Dictionary(
      copied.map { ($0.number, $0.head) }, uniquingKeysWith: { first, _ in first })
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT number, events, head,
          outcome IS NULL OR owner IS NOT NULL
          OR EXISTS (SELECT 1 FROM locks WHERE run = runs.number)
          OR EXISTS (SELECT 1 FROM requests WHERE run = runs.number) AS isBusy
        FROM runs WHERE id = ?1 OR rollout = ?1
        """,
      arguments: [unit.id])
    while let row = try rows.next() {
      let head = JournalHead(count: try row.count("events"), digest: try row.bytes("head"))
      guard try !(row.value("isBusy") as Bool),
        heads.removeValue(forKey: try row.value("number")) == head
      else { return false }
    }
    return heads.isEmpty
  }

  /// The runs whose results a run reuses that was begun after the selection.
  private func reusedByLater() throws -> Set<RunID> {
    var reused: Set<RunID> = []
    try RunRow.visit(database, "WHERE number > ?", [latestSeen]) { row in
      if case .runStarted(let start)? = row.firstEvent, let run = start.reused?.run {
        reused.insert(run)
      }
    }
    return reused
  }
}
