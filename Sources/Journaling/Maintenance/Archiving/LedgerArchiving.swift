import Events
import FoundationEssentials
import GRDB
import Operations

/// Moves old ticks of schedules into an archive: the beginning of each chain, up to the first tick that is not
/// old.
///
/// The rest of the chain begins with the tag of the last tick that was moved, which the state of the schedule
/// authenticates, and the archive ends with that very tag. So both are verified, alone and together. The
/// latest tick of a schedule stays.
struct LedgerArchiving {
  /// So many ticks are moved in one transaction.
  private static let pageCount = 2_000

  let source: JournalFile
  let archive: JournalFile
  let reading: JournalFile
  let key: JournalKey
  let cutoff: Moment

  /// What a look at a ledger found.
  private enum Finding {
    case nothingOld
    /// These ticks leave next.
    case leaving([TickRow], of: ScheduleRow)
    /// Nothing leaves.
    case kept(String)
  }

  /// How many ticks of all schedules are old.
  static func count(in database: Database, before cutoff: Moment) throws -> Int {
    guard try JournalSchema.hasSchedules(database) else { return 0 }
    return try ScheduleRow.fetch(database, "ORDER BY name").reduce(0) { sum, row in
      let recent = try Int.fetchOne(
        database,
        sql: """
          SELECT min(number) FROM ticks WHERE schedule = ? AND (through >= ? OR number = ?)
          """,
        arguments: [row.number, cutoff.nanoseconds, row.ticks])
      return sum + max(0, (recent ?? 1) - 1 - row.archived.count)
    }
  }

  /// Moves what is old of every ledger, and notes it in `report`.
  func perform(notingIn report: inout ArchiveReport) throws(MaintenanceError) {
    let names = try source.look { database in
      try JournalSchema.hasSchedules(database) ? ScheduleRow.names(in: database) : []
    }
    for name in names { try move(name, notingIn: &report) }
  }

  private func move(
    _ name: String, notingIn report: inout ArchiveReport
  ) throws(MaintenanceError) {
    var isFirst = true
    while true {
      let isWhole = isFirst
      let finding = try source.look { database in
        try look(at: name, verifying: isWhole, in: database)
      }
      isFirst = false
      switch finding {
      case .nothingOld: return
      case .kept(let reason):
        report.keptLedgers[name] = reason
        return
      case .leaving(let ticks, let row):
        if let reason = try copy(ticks, of: row) {
          report.keptLedgers[name] = reason
          return
        }
        try remove(ticks, of: name)
        report.ticks += ticks.count
      }
    }
  }

  /// What leaves next of a ledger; the first time, all of it is verified.
  private func look(
    at name: String, verifying isWhole: Bool, in database: Database
  ) throws -> Finding {
    guard let row = try ScheduleRow.named(name, in: database) else { return .nothingOld }
    let ticks = try Row.fetchAll(
      database,
      sql: """
        SELECT \(TickRow.columns) FROM ticks WHERE schedule = ? AND number < ?
        ORDER BY number LIMIT ?
        """,
      arguments: [row.number, row.ticks, Self.pageCount]
    ).map(TickRow.init).prefix { $0.line.through < cutoff.nanoseconds }
    guard !ticks.isEmpty else { return .nothingOld }
    guard row.key == key.id else { return .kept("it was written under another key") }
    if isWhole, let flaw = try LedgerReading(of: row, key).check(in: database).flaws.first {
      return .kept("\(flaw)")
    }
    return .leaving(Array(ticks), of: row)
  }
}

/// The archive.
extension LedgerArchiving {
  /// Copies `ticks` and verifies the ledger of the archive; returns why that cannot be.
  private func copy(
    _ ticks: [TickRow], of row: ScheduleRow
  ) throws(MaintenanceError) -> String? {
    let key = key
    let joins = try archive.maintain { database in
      let earlier = try ScheduleRow.named(row.name, in: database)
      guard try Self.joins(earlier, row, ticks, in: database) else { return false }
      try Self.put(ticks, of: row, after: earlier, key, in: database)
      return true
    }
    guard joins else { return "the archive does not end where its ticks begin" }
    do throws(MaintenanceError) {
      try verify(ticks, of: row.name)
      return nil
    } catch .journal(.flawedLedger(_, let flaw)) {
      return "\(flaw)"
    }
  }

  /// Verifies, in the archive's file, the state of the schedule and the chain of `ticks`.
  private func verify(_ ticks: [TickRow], of name: String) throws(MaintenanceError) {
    let end = (ticks.last?.number ?? 0) + 1
    try reading.look { database in
      guard let copied = try ScheduleRow.named(name, in: database) else {
        throw JournalError.flawedLedger(schedule: name, .missingState)
      }
      let found = try LedgerReading(of: copied, key)
        .ticks(before: end, limit: ticks.count, in: database)
      guard found.map(\.number).reversed() == ticks.map(\.number) else {
        throw JournalError.flawedLedger(
          schedule: name, .cut(recorded: ticks.count, present: found.count))
      }
    }
  }

  /// Whether the chain of the archive is continued by `ticks`, or holds some of them already.
  private static func joins(
    _ earlier: ScheduleRow?, _ row: ScheduleRow, _ ticks: [TickRow], in database: Database
  ) throws -> Bool {
    guard let earlier else { return true }
    guard earlier.isLegible else { return false }
    if earlier.ticks == row.archived.count { return earlier.head == row.archived.tag }
    guard let last = ticks.last(where: { $0.number <= earlier.ticks }),
      earlier.ticks > row.archived.count
    else { return false }
    let tag = try Data.fetchOne(
      database, sql: "SELECT tag FROM ticks WHERE schedule = ? AND number = ?",
      arguments: [earlier.number, last.number])
    return tag == last.tag.data
  }

  /// Adds what the archive does not have of `ticks`; the schedule is none that is served there.
  private static func put(
    _ ticks: [TickRow], of row: ScheduleRow, after earlier: ScheduleRow?, _ key: JournalKey,
    in database: Database
  ) throws {
    let change = try Int64.fetchOne(
      database, sql: "SELECT coalesce(max(change), 0) + 1 FROM schedules")
    var copy = row
    copy.archived = earlier?.archived ?? row.archived
    copy.change = change ?? 1
    copy.ticks = max(earlier?.ticks ?? 0, ticks.last?.number ?? 0)
    if let last = ticks.last, last.number == copy.ticks {
      copy.head = last.tag
    } else if let earlier {
      copy.head = earlier.head
    }
    copy.form = try inactive(row.form)
    copy.tag = try LedgerAuthentication(key).tag(ofStateIn: copy)
    let number = try copy.store(over: earlier, in: database)
    for tick in ticks where tick.number > earlier?.ticks ?? 0 {
      try tick.store(of: number, in: database)
    }
  }

  private static func inactive(_ form: [UInt8]) throws(StoredFormError) -> [UInt8] {
    var state = try ScheduleForm.decode(form)
    state.isActive = false
    state.current = nil
    state.queued = nil
    return try ScheduleForm.encode(state)
  }
}

/// The journal.
extension LedgerArchiving {
  private func remove(_ ticks: [TickRow], of name: String) throws(MaintenanceError) {
    guard let last = ticks.last else { return }
    let key = key
    try source.maintain { database in
      // What was decided meanwhile comes after them.
      guard var row = try ScheduleRow.named(name, in: database),
        row.archived.count < last.number, row.key == key.id
      else { return }
      if let flaw = try row.flaw(key) {
        throw MaintenanceError.journal(.flawedLedger(schedule: name, flaw))
      }
      row.archived = ArchivedTicks(count: last.number, tag: last.tag)
      row.tag = try LedgerAuthentication(key).tag(ofStateIn: row)
      try AppendOnly.lifting(in: database) {
        try database.execute(
          sql: "DELETE FROM ticks WHERE schedule = ? AND number <= ?",
          arguments: [row.number, last.number])
      }
      try database.execute(
        sql: "UPDATE schedules SET first = ?, anchor = ?, tag = ? WHERE number = ?",
        arguments: [last.number + 1, last.tag.data, row.tag.data, row.number])
    }
  }
}

extension ScheduleRow {
  /// Stores the row in the place of `earlier`, or as a new one, and returns its number.
  fileprivate func store(over earlier: ScheduleRow?, in database: Database) throws -> Int64 {
    let values: StatementArguments = [
      version, epoch, change, ticks, head.data, form.data, tag.data, key.data,
      archived.count + 1, archived.tag.data,
    ]
    guard let earlier else {
      try database.execute(
        sql: """
          INSERT INTO schedules (version, epoch, change, ticks, head, form, tag, key, first, anchor, name)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """, arguments: values + [name])
      return database.lastInsertedRowID
    }
    try database.execute(
      sql: """
        UPDATE schedules SET version = ?, epoch = ?, change = ?, ticks = ?, head = ?, form = ?, tag = ?,
          key = ?, first = ?, anchor = ? WHERE number = ?
        """, arguments: values + [earlier.number])
    return earlier.number
  }
}

extension TickRow {
  /// Stores the row as one of the schedule of that number.
  fileprivate func store(of schedule: Int64, in database: Database) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO ticks (schedule, number, due, through, count, verdict, rollout, person, form, tag)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      schedule, number, line.due, line.through, line.count, line.verdict, line.rollout,
      line.person, form.data, tag.data,
    ])
  }
}
