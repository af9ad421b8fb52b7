import Events
import GRDB
import Operations

/// Takes records out of a journal, for which the rows must not be append-only.
enum RecordRemoval {
  /// Removes the records of these numbers with everything that belongs to them but texts.
  static func remove(_ records: [(number: Int64, id: RunID)], in database: Database) throws {
    guard !records.isEmpty else { return }
    try AppendOnly.lifting(in: database) {
      for (number, id) in records {
        try database.cachedStatement(sql: "DELETE FROM commits WHERE run = ?")
          .execute(arguments: [number])
        try database.cachedStatement(sql: "DELETE FROM events WHERE run = ?")
          .execute(arguments: [id.text])
        try database.cachedStatement(sql: "DELETE FROM runs WHERE number = ?")
          .execute(arguments: [number])
      }
    }
  }
}
