import Events
import GRDB
import Operations

/// Removes records from a journal, as far as nothing happened to them since they were copied.
struct ArchiveRemoval {
  let source: JournalFile
  /// So many records of a unit are removed in one transaction.
  let pageSize: Int
  /// The number of the latest record that was looked at: later ones may need what is removed.
  private var latestSeen: Int64
  /// The runs whose results a run reuses that was begun after the selection.
  private var reused: Set<RunID> = []

  /// Removes from `source`, of which the selection saw the records up to the number `latestSeen`.
  init(from source: JournalFile, inPagesOf pageSize: Int, after latestSeen: Int64) {
    self.source = source
    self.pageSize = pageSize
    self.latestSeen = latestSeen
  }

  /// Removes the units that are as they were copied in one transaction, and returns their ids.
  mutating func remove(_ units: [ArchivedUnit]) throws(MaintenanceError) -> Set<String> {
    try source.maintain { database in
      try lookAtLater(database)
      let scheduled = try ScheduleRow.rolloutsInProgress(in: database)
      let leaving = try units.filter { unit in
        try mayLeave(unit.records, besides: scheduled) && isUntouched(unit, in: database)
      }
      try remove(leaving.flatMap(\.records), in: database)
      for unit in leaving { try ArchivingMark.remove(from: unit.unit.id, in: database) }
      return Set(leaving.map(\.unit.id))
    }
  }

  /// Removes a unit of many records page by page, the rollout's own record last, and returns what was removed.
  ///
  /// From its first page on the rollout is marked, so that nobody continues what is there in part; other
  /// processes commit between two pages, before each of which `pause` is called. A page that something
  /// happened to stays, with those after it.
  mutating func remove(
    inPages unit: ArchivedUnit, _ pause: () -> Void
  ) throws(MaintenanceError) -> [ArchiveCopy.Copied] {
    // It takes too long for a transaction that others wait for.
    guard try source.look({ database in try isUntouched(unit, in: database) }) else { return [] }
    var rest = unit.ownRecordLast[...]
    var removed: [ArchiveCopy.Copied] = []
    while !rest.isEmpty {
      let page = Array(rest.prefix(pageSize))
      guard try remove(page, of: unit, isLast: page.count == rest.count) else { break }
      rest = rest.dropFirst(page.count)
      removed += page
      if !rest.isEmpty { pause() }
    }
    return removed
  }

  /// Removes a page of a unit unless something happened to it, or to the rollout; whether it did.
  private mutating func remove(
    _ page: [ArchiveCopy.Copied], of unit: ArchivedUnit, isLast: Bool
  ) throws(MaintenanceError) -> Bool {
    let (id, own) = (unit.unit.id, unit.records.filter { $0.run.text == unit.unit.id })
    return try source.maintain { database in
      try lookAtLater(database)
      let scheduled = try ScheduleRow.rolloutsInProgress(in: database)
      guard mayLeave(page + own, besides: scheduled),
        try (page + own).allSatisfy({ try isUntouched($0, in: database) })
      else { return false }
      if isLast {
        let count = try Int.fetchOne(
          database, sql: "SELECT count(*) FROM runs WHERE id = ?1 OR rollout = ?1", arguments: [id])
        guard count == page.count else { return false }
      }
      try remove(page, in: database)
      if isLast {
        try ArchivingMark.remove(from: id, in: database)
      } else {
        try ArchivingMark.put(on: id, in: database)
      }
      return true
    }
  }

  private func remove(_ records: [ArchiveCopy.Copied], in database: Database) throws {
    try RecordRemoval.remove(records.map { ($0.number, $0.run) }, in: database)
  }

  private func mayLeave(
    _ records: [ArchiveCopy.Copied], besides scheduled: Set<RunID>
  ) -> Bool {
    records.allSatisfy { !reused.contains($0.run) && !scheduled.contains($0.run) }
  }

  /// Whether all records of the unit end where their copies do, and nobody is about to continue one.
  private func isUntouched(_ unit: ArchivedUnit, in database: Database) throws -> Bool {
    let count = try Int.fetchOne(
      database, sql: "SELECT count(*) FROM runs WHERE id = ?1 OR rollout = ?1",
      arguments: [unit.unit.id])
    return try count == unit.records.count
      && unit.records.allSatisfy { try isUntouched($0, in: database) }
  }

  private func isUntouched(_ record: ArchiveCopy.Copied, in database: Database) throws -> Bool {
    let statement = try database.cachedStatement(
      sql: """
        SELECT events, head,
          outcome IS NULL OR owner IS NOT NULL
          OR EXISTS (SELECT 1 FROM locks WHERE run = runs.number)
          OR EXISTS (SELECT 1 FROM requests WHERE run = runs.number) AS isBusy
        FROM runs WHERE number = ? AND id = ?
        """)
    guard
      let row = try Row.fetchOne(statement, arguments: [record.number, record.run.text]),
      try !(row.value("isBusy") as Bool)
    else { return false }
    return record.head
      == JournalHead(count: try row.count("events"), digest: try row.bytes("head"))
  }

  /// Looks at what the runs reuse that were begun since the last look.
  private mutating func lookAtLater(_ database: Database) throws {
    var (latest, found) = (latestSeen, reused)
    try RunRow.visit(database, "WHERE number > ?", [latestSeen]) { row in
      latest = max(latest, row.number)
      if case .runStarted(let start)? = row.firstEvent, let run = start.reused?.run {
        found.insert(run)
      }
    }
    (latestSeen, reused) = (latest, found)
  }
}
