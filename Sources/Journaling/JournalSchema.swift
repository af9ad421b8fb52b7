import GRDB

/// The tables of the journal and how an older file becomes a current one.
enum JournalSchema {
  /// "PVRN", in the file's header, distinguishes a journal from other databases
  /// (https://www.sqlite.org/pragma.html#pragma_application_id).
  static let applicationID: Int32 = 0x5056_524E

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 runs and events") { database in
      try database.execute(sql: firstTables)
    }
    return migrator
  }

  /// Whether the file belongs to something else: it has tables, but not our mark.
  static func isForeign(_ database: Database) throws -> Bool {
    let mark = try Int32.fetchOne(database, sql: "PRAGMA application_id")
    if mark == applicationID { return false }
    return try mark != 0 || !tables(in: database).isSubset(of: ["grdb_migrations"])
  }

  /// Whether there is no table for runs yet: the file is new, or its making was interrupted.
  static func isEmpty(_ database: Database) throws -> Bool {
    try !tables(in: database).contains("runs")
  }

  private static func tables(in database: Database) throws -> Set<String> {
    try String.fetchSet(database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
  }

  /// `runs` can be derived from `events`, but for `events` and `head`, which make a cut show.
  private static let firstTables = """
    PRAGMA application_id = \(applicationID);

    CREATE TABLE runs (
      id TEXT NOT NULL PRIMARY KEY,
      playbook TEXT NOT NULL,
      file TEXT NOT NULL,
      started INTEGER NOT NULL,
      latest INTEGER NOT NULL,
      events INTEGER NOT NULL,
      head BLOB NOT NULL,
      outcome TEXT
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX runs_by_start ON runs (started);

    CREATE TABLE events (
      run TEXT NOT NULL REFERENCES runs (id),
      sequence INTEGER NOT NULL,
      at INTEGER NOT NULL,
      form BLOB NOT NULL,
      digest BLOB NOT NULL,
      PRIMARY KEY (run, sequence)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER events_are_not_edited BEFORE UPDATE ON events
    BEGIN SELECT raise(ABORT, 'events are never edited'); END;

    CREATE TRIGGER events_are_not_deleted BEFORE DELETE ON events
    BEGIN SELECT raise(ABORT, 'events are never deleted'); END;
    """
}
