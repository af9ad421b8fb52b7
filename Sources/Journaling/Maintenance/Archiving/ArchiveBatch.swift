import Events
import GRDB
import Operations

/// Moves a few units: copies them, verifies the copies in the archive's file, and only then removes them from
/// the journal.
struct ArchiveBatch {
  let source: JournalFile
  let archive: JournalFile
  /// Another connection to the archive, by which the copies are verified.
  let reading: JournalFile
  let key: JournalKey
  var removal: ArchiveRemoval

  /// Moves `units`, and notes in `report` what was moved and what stays.
  mutating func move(
    _ units: [ArchiveUnit], _ check: inout RecordCheck, notingIn report: inout ArchiveReport,
    pause: () -> Void
  ) throws(MaintenanceError) {
    let placed = try copy(units, notingIn: &report)
    let whole = try verified(placed, &check, notingIn: &report)
    for unit in whole where unit.records.count > removal.pageSize {
      let removed = try removal.remove(inPages: unit, pause)
      report.moved += ArchiveReport.Records(removed)
      report.events += removed.reduce(0) { $0 + $1.head.count }
      let rest = unit.ownRecordLast.dropFirst(removed.count)
      if !rest.isEmpty { report.note(.changed, ArchiveReport.Records(rest)) }
    }
    try removeTogether(
      whole.filter { $0.records.count <= removal.pageSize }, notingIn: &report)
  }

  private mutating func removeTogether(
    _ units: [ArchivedUnit], notingIn report: inout ArchiveReport
  ) throws(MaintenanceError) {
    guard !units.isEmpty else { return }
    let removed = try removal.remove(units)
    for placed in units {
      guard removed.contains(placed.unit.id) else {
        report.note(.changed, placed.unit.records)
        continue
      }
      report.moved += placed.unit.records
      report.events += placed.unit.events
    }
  }

  private func copy(
    _ units: [ArchiveUnit], notingIn report: inout ArchiveReport
  ) throws(MaintenanceError) -> [ArchivedUnit] {
    let (archive, key) = (archive, key)
    return try archive.maintain { target in
      var placed: [ArchivedUnit] = []
      for unit in units {
        let records = try source.read { database in
          try ArchiveCopy(key: key, source: database, archive: target).copy(unit)
        }
        if let records {
          placed.append(ArchivedUnit(unit: unit, records: records))
        } else {
          report.note(.differs, unit.records)
        }
      }
      return placed
    }
  }

  /// The units all of whose records are whole in the archive; the copies of the others are taken out again.
  private func verified(
    _ placed: [ArchivedUnit], _ check: inout RecordCheck, notingIn report: inout ArchiveReport
  ) throws(MaintenanceError) -> [ArchivedUnit] {
    var whole: [ArchivedUnit] = []
    for candidate in placed {
      let damages = try reading.look { database in
        try Self.damages(of: candidate, &check, in: database)
      }
      guard !damages.isEmpty else {
        whole.append(candidate)
        continue
      }
      report.note(.damaged, candidate.unit.records)
      for damage in damages { report.note(damage) }
      try takeBack(candidate)
    }
    return whole
  }

  private static func damages(
    of placed: ArchivedUnit, _ check: inout RecordCheck, in database: Database
  ) throws -> [ArchiveReport.Damage] {
    var damages: [ArchiveReport.Damage] = []
    for record in placed.records {
      guard
        let row = try RunRow.fetch(database, "WHERE id = ?", [record.run.text]).first,
        row.summary.eventCount >= record.head.count
      else {
        damages.append(
          ArchiveReport.Damage(
            record: record.run, kind: record.kind,
            flaws: [.cut(recorded: record.head.count, present: 0)]))
        continue
      }
      if case .flawed(let flaws) = try check.verdict(of: row, in: database) {
        damages.append(
          ArchiveReport.Damage(record: record.run, kind: record.kind, flaws: flaws))
      }
    }
    return damages
  }

  private func takeBack(_ placed: ArchivedUnit) throws(MaintenanceError) {
    let copies = placed.records.filter(\.isNew).map(\.run)
    try archive.maintain { database in
      for run in copies {
        let number = try Int64.fetchOne(
          database, sql: "SELECT number FROM runs WHERE id = ?", arguments: [run.text])
        if let number { try RecordRemoval.remove([(number, run)], in: database) }
      }
    }
  }
}
