import GRDB
package import Operations

/// Marks a copy of a journal as a backup: what the journal recorded after that is not in it.
///
/// The mark stays in a backup that is restored until a run is continued all the same.
enum BackupMark {
  private static let table = "backup"

  /// Marks the journal as made at `moment`.
  static func set(_ moment: Moment, in database: Database) throws {
    try remove(from: database)
    try database.execute(sql: "CREATE TABLE \(table) (made INTEGER NOT NULL) STRICT")
    try database.execute(
      sql: "INSERT INTO \(table) (made) VALUES (?)", arguments: [moment.nanoseconds])
  }

  /// When the backup was made; nil for a journal that is none.
  static func read(_ database: Database) throws -> Moment? {
    guard try database.tableExists(table) else { return nil }
    return try Int64.fetchOne(database, sql: "SELECT made FROM \(table)")
      .map { Moment(nanoseconds: $0) }
  }

  static func remove(from database: Database) throws {
    try database.execute(sql: "DROP TABLE IF EXISTS \(table)")
  }
}

extension JournalReader {
  /// When the journal was copied from another one, as a backup; nil for one that is no backup, or that
  /// recorded something since it was restored.
  package func backupMoment() throws(JournalError) -> Moment? {
    try file.read { database in try BackupMark.read(database) }
  }
}

extension SQLiteJournal {
  /// Forgets that the journal is a restored backup, since its runs are continued all the same.
  package func forgetBackup() throws(JournalError) {
    let file = file
    try file.write { database in
      try file.inTransaction(database) { database in
        try BackupMark.remove(from: database)
        return .commit
      }
    }
  }
}
