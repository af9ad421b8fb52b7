import Events
import FoundationEssentials
import GRDB
import Operations

/// The rows of `notices`, in a transaction.
enum NoticeRow {
  /// Adds a notification, unless it is there already.
  static func add(_ notice: StoredNotice, _ sealing: Sealing, in database: Database) throws {
    let form: [UInt8]
    do throws(StoredFormError) {
      form = try SealedNotice.seal(notice, sealing)
    } catch .cryptography(let failure) {
      throw JournalError.cryptography(failure)
    }
    try database.cachedStatement(
      sql: "INSERT OR IGNORE INTO notices (id, due, attempts, form) VALUES (?, ?, ?, ?)"
    ).execute(arguments: [notice.id.text, notice.due.nanoseconds, notice.attempts, Data(form)])
  }

  /// Whether one is due.
  static func isAnyDue(at moment: Moment, in database: Database) throws -> Bool {
    let statement = try database.cachedStatement(
      sql: "SELECT EXISTS (SELECT 1 FROM notices WHERE due <= ?)")
    return try Bool.fetchOne(statement, arguments: [moment.nanoseconds]) ?? false
  }

  /// The notifications that are due, each put off until `next` and counted as attempted.
  ///
  /// What nobody with the key made has an empty form.
  static func take(
    due moment: Moment, limit: Int, until next: Moment, _ key: JournalKey, in database: Database
  ) throws -> [StoredNotice] {
    let rows = try Row.fetchAll(
      database,
      sql: "SELECT id, attempts, form FROM notices WHERE due <= ? ORDER BY due, id LIMIT ?",
      arguments: [moment.nanoseconds, max(0, limit)])
    return try rows.compactMap { row in
      let id: String = try row.value("id")
      try database.cachedStatement(
        sql: "UPDATE notices SET due = ?, attempts = attempts + 1 WHERE id = ?"
      ).execute(arguments: [next.nanoseconds, id])
      guard let notice = RunID(id) else { return nil }
      let form = (try? SealedNotice.open(try row.bytes("form"), of: notice, key)) ?? []
      return StoredNotice(
        id: notice, form: form, due: next, attempts: try row.count("attempts") + 1)
    }
  }
}
