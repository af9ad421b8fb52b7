import Events
import GRDB
import Operations

/// Puts the ledgers of schedules, and what waits besides them, under another key, in a transaction for which
/// rows are not append-only.
struct LedgerRotation {
  private static let pageCount = 200

  let resealing: Resealing
  let database: Database

  /// Authenticates every ledger anew that is intact; the others stay, and are noted in `report`.
  func perform(notingIn report: inout RotationReport) throws {
    for row in try ScheduleRow.fetch(database, "ORDER BY name") {
      guard row.key == resealing.old.id else {
        report.note(
          .init(
            subject: .schedule(row.name), reason: .otherKey(Hexadecimal.encode(row.key))))
        continue
      }
      let check = try LedgerReading(of: row, resealing.old).check(in: database)
      guard check.flaws.isEmpty else {
        report.note(
          .init(
            subject: .schedule(row.name), reason: .damaged(check.flaws.map(\.description))))
        continue
      }
      try rotate(row)
      report.schedules += 1
    }
  }

  private func rotate(_ schedule: ScheduleRow) throws {
    let authentication = LedgerAuthentication(resealing.new.key)
    var row = schedule
    (row.head, row.key) = (row.archived.tag, resealing.new.key.id)
    var latest = row.archived.count
    while true {
      let ticks = try Row.fetchAll(
        database,
        sql: """
          SELECT number, form FROM ticks WHERE schedule = ? AND number > ? ORDER BY number LIMIT ?
          """,
        arguments: [row.number, latest, Self.pageCount])
      guard !ticks.isEmpty else { break }
      for tick in ticks {
        latest = try tick.count("number")
        row.head = try authentication.tag(
          ofTick: latest, of: row.name, after: row.head, form: tick.bytes("form"))
        try database.cachedStatement(
          sql: "UPDATE ticks SET tag = ? WHERE schedule = ? AND number = ?"
        ).execute(arguments: [row.head.data, row.number, latest])
      }
    }
    row.tag = try authentication.tag(ofStateIn: row)
    try database.cachedStatement(
      sql: "UPDATE schedules SET head = ?, tag = ?, key = ? WHERE number = ?"
    ).execute(arguments: [row.head.data, row.tag.data, row.key.data, row.number])
  }

  /// Seals requests, triggers and notifications anew; what nobody with the old key made stays as it is, and is
  /// nothing under the new one either.
  func resealWaiting() throws {
    try reseal(
      """
      SELECT requests.number AS name, runs.id AS place, form FROM requests
      JOIN runs ON runs.number = requests.run
      """, updating: "UPDATE requests SET form = ? WHERE number = ?"
    ) { RunID($0).map(StoredRequest.context) }
    try reseal(
      """
      SELECT triggers.number AS name, schedules.name AS place, triggers.form FROM triggers
      JOIN schedules ON schedules.number = triggers.schedule
      """, updating: "UPDATE triggers SET form = ? WHERE number = ?"
    ) { StoredTrigger.context($0) }
    try reseal(
      "SELECT id AS name, id AS place, form FROM notices",
      updating: "UPDATE notices SET form = ? WHERE id = ?"
    ) { RunID($0).map(SealedNotice.context) }
  }

  private func reseal(
    _ selection: String, updating update: String, _ context: (String) -> [UInt8]?
  ) throws {
    for row in try Row.fetchAll(database, sql: selection) {
      guard let context = context(try row.value("place")),
        let form = try? resealing.whole(row.bytes("form"), boundTo: context)
      else { continue }
      let name: DatabaseValue = row["name"]
      try database.cachedStatement(sql: update).execute(arguments: [form.data, name])
    }
  }
}
