import GRDB

/// The triggers that keep rows from being edited and deleted.
enum AppendOnly {
  /// Runs `body` without them, in a transaction that is open, and puts them back as they were.
  ///
  /// The change of the tables' definition belongs to the transaction: whatever ends it, the triggers are there
  /// again, and no other process sees the file without them.
  static func lifting<Result>(
    in database: Database, _ body: () throws -> Result
  ) throws -> Result {
    let triggers = try Row.fetchAll(
      database, sql: "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    ).map { row in
      (name: try row.value("name") as String, sql: try row.value("sql") as String)
    }
    for trigger in triggers {
      try database.execute(sql: "DROP TRIGGER \(trigger.name.quotedDatabaseIdentifier)")
    }
    let result = try body()
    for trigger in triggers { try database.execute(sql: trigger.sql) }
    return result
  }
}
