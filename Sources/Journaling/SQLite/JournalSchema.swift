import GRDB

/// The tables of the journal and how an older file becomes a current one.
enum JournalSchema {
  /// "PVRN", in the file's header, distinguishes a journal from other databases
  /// (https://www.sqlite.org/pragma.html#pragma_application_id).
  static let applicationID: Int32 = 0x5056_524E

  private static let migrations: [(name: String, sql: String)] = [
    ("1 runs and events", firstTables), ("2 commits and owners", secondTables),
    ("3 rollouts and locks", thirdTables), ("4 schedules and notices", fourthTables),
    ("5 archived ticks", fifthColumns), ("6 indices and archiving", sixthTables),
  ]

  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    for (name, sql) in migrations {
      migrator.registerMigration(name) { database in try database.execute(sql: sql) }
    }
    return migrator
  }

  /// Makes all tables of a database that has none, in one transaction and one sync, and returns whether it had
  /// none.
  static func make(in database: Database) throws -> Bool {
    // As in the migrator's own transactions, tables may be replaced that others refer to.
    try database.execute(sql: "PRAGMA foreign_keys = OFF")
    defer { try? database.execute(sql: "PRAGMA foreign_keys = ON") }
    var isMade = false
    try database.inTransaction(.immediate) {
      guard try tables(in: database).isEmpty else { return .rollback }
      try database.execute(
        sql: "CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
      for (name, sql) in migrations {
        try database.execute(sql: sql)
        try database.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [name])
      }
      isMade = true
      return .commit
    }
    return isMade
  }

  /// Whether a later program made or changed the tables.
  static func isNewer(_ database: Database) throws -> Bool {
    try !steps(in: database).isSubset(of: migrations.map(\.name))
  }

  /// Whether the tables are those of this program.
  static func isCurrent(_ database: Database) throws -> Bool {
    try steps(in: database) == Set(migrations.map(\.name))
  }

  /// The names of the migrations that were applied.
  private static func steps(in database: Database) throws -> Set<String> {
    guard try tables(in: database).contains("grdb_migrations") else { return [] }
    return try String.fetchSet(database, sql: "SELECT identifier FROM grdb_migrations")
  }

  /// Whether the file belongs to something else: it has tables, but not our mark.
  static func isForeign(_ database: Database) throws -> Bool {
    let mark = try Int32.fetchOne(database, sql: "PRAGMA application_id")
    if mark == applicationID { return false }
    return try mark != 0 || !tables(in: database).isSubset(of: ["grdb_migrations"])
  }

  /// Whether commits are rows: a file that is only read may be of an older program.
  static func hasCommits(_ database: Database) throws -> Bool {
    try tables(in: database).contains("commits")
  }

  /// Whether the list of runs knows rollouts, too: a file that is only read may be of an older program.
  static func hasRollouts(_ database: Database) throws -> Bool {
    try tables(in: database).contains("locks")
  }

  /// Whether there are ledgers of schedules: a file that is only read may be of an older program.
  static func hasSchedules(_ database: Database) throws -> Bool {
    try tables(in: database).contains("schedules")
  }

  /// Whether the ledgers of schedules may begin later than with their first tick: a file that is only read may be
  /// of an older program.
  static func hasAnchors(_ database: Database) throws -> Bool {
    let statement = try database.cachedStatement(
      sql: "SELECT EXISTS (SELECT 1 FROM pragma_table_info('schedules') WHERE name = 'anchor')")
    return try Bool.fetchOne(statement) ?? false
  }

  /// Whether rollouts are marked that were archived in part: a file that is only read may be of an older program.
  static func hasArchiving(_ database: Database) throws -> Bool {
    try tables(in: database).contains("archiving")
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

  /// A row of `commits` holds all that one commit records of one run.
  ///
  /// `events` keeps what older programs recorded, an event to a row. `owner` names a row of `owners`
  /// while the run is not over; `key` is the id of the key that its commits are authenticated with.
  private static let secondTables = """
    CREATE TABLE numbered_runs (
      number INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      playbook TEXT NOT NULL,
      file TEXT NOT NULL,
      started INTEGER NOT NULL,
      latest INTEGER NOT NULL,
      events INTEGER NOT NULL,
      head BLOB NOT NULL,
      outcome TEXT,
      owner INTEGER,
      epoch INTEGER NOT NULL DEFAULT 0,
      key BLOB
    ) STRICT;

    INSERT INTO numbered_runs (id, playbook, file, started, latest, events, head, outcome)
      SELECT id, playbook, file, started, latest, events, head, outcome FROM runs
      ORDER BY started, id;
    DROP TABLE runs;
    ALTER TABLE numbered_runs RENAME TO runs;
    CREATE INDEX runs_by_start ON runs (started);

    CREATE TABLE commits (
      number INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES runs (number),
      first INTEGER NOT NULL,
      form BLOB NOT NULL,
      tag BLOB NOT NULL
    ) STRICT;

    CREATE UNIQUE INDEX commits_of_runs ON commits (run, first);

    CREATE TRIGGER commits_are_not_edited BEFORE UPDATE ON commits
    BEGIN SELECT raise(ABORT, 'commits are never edited'); END;

    CREATE TRIGGER commits_are_not_deleted BEFORE DELETE ON commits
    BEGIN SELECT raise(ABORT, 'commits are never deleted'); END;

    CREATE TABLE texts (
      digest BLOB NOT NULL,
      key BLOB NOT NULL,
      form BLOB NOT NULL,
      PRIMARY KEY (digest, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE owners (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      process INTEGER NOT NULL,
      host TEXT NOT NULL,
      since INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE requests (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      run INTEGER NOT NULL REFERENCES runs (number),
      form BLOB NOT NULL
    ) STRICT;
    """

  /// A row of `runs` is a run (`kind` 0) or a rollout (1).
  ///
  /// `name` is that of a rollout. `rollout` is the id of the rollout that a run belongs to, `tenant` and
  /// `tenant_index` say of which tenant, and `state` is the `TenantState` that it ended in. A row of
  /// `locks` says which run holds a key.
  private static let thirdTables = """
    ALTER TABLE runs ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE runs ADD COLUMN name TEXT;
    ALTER TABLE runs ADD COLUMN rollout TEXT;
    ALTER TABLE runs ADD COLUMN tenant TEXT;
    ALTER TABLE runs ADD COLUMN tenant_index INTEGER;
    ALTER TABLE runs ADD COLUMN state TEXT;

    CREATE INDEX runs_of_rollouts ON runs (rollout, tenant_index) WHERE rollout IS NOT NULL;
    CREATE INDEX rollouts_by_start ON runs (started) WHERE kind = 1;

    CREATE TABLE locks (
      key TEXT NOT NULL PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES runs (number)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX locks_of_runs ON locks (run);
    """

  /// A row of `schedules` says where the ledger of a schedule stands, and a row of `ticks` is a verdict.
  ///
  /// `version` counts the changes of a schedule and `change` those of all schedules, so that a reader finds
  /// what is new. `epoch` is that of the lease under which the schedule was changed last, 0 where a person
  /// did. `ticks` and `head` are the number of its ticks and the tag of the latest. The columns of `ticks`
  /// between its number and its form repeat what the form says; a tick that a person asked for, and no other,
  /// has a `person`, and is about no due instant. `lease` has one row at most.
  private static let fourthTables = """
    CREATE TABLE schedules (
      number INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      version INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      change INTEGER NOT NULL UNIQUE,
      ticks INTEGER NOT NULL,
      head BLOB NOT NULL,
      form BLOB NOT NULL,
      tag BLOB NOT NULL,
      key BLOB NOT NULL
    ) STRICT;

    CREATE TABLE ticks (
      schedule INTEGER NOT NULL REFERENCES schedules (number),
      number INTEGER NOT NULL,
      due INTEGER NOT NULL,
      through INTEGER NOT NULL,
      count INTEGER NOT NULL,
      verdict TEXT NOT NULL,
      rollout TEXT,
      person TEXT,
      form BLOB NOT NULL,
      tag BLOB NOT NULL,
      PRIMARY KEY (schedule, number)
    ) STRICT, WITHOUT ROWID;

    CREATE UNIQUE INDEX due_instants_of_schedules ON ticks (schedule, due) WHERE person IS NULL;
    CREATE INDEX ticks_of_rollouts ON ticks (rollout) WHERE rollout IS NOT NULL;

    CREATE TRIGGER ticks_are_not_edited BEFORE UPDATE ON ticks
    BEGIN SELECT raise(ABORT, 'ticks are never edited'); END;

    CREATE TRIGGER ticks_are_not_deleted BEFORE DELETE ON ticks
    BEGIN SELECT raise(ABORT, 'ticks are never deleted'); END;

    CREATE TABLE triggers (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      schedule INTEGER NOT NULL REFERENCES schedules (number),
      form BLOB NOT NULL
    ) STRICT;

    CREATE TABLE lease (
      number INTEGER PRIMARY KEY CHECK (number = 1),
      owner INTEGER,
      epoch INTEGER NOT NULL,
      beat INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE notices (
      id TEXT NOT NULL PRIMARY KEY,
      due INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      form BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX notices_by_due ON notices (due);
    """

  /// `first` is the number of the earliest tick of a schedule that is there, and `anchor` the tag of the one
  /// before it, which is in an archive.
  private static let fifthColumns = """
    ALTER TABLE schedules ADD COLUMN first INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE schedules ADD COLUMN anchor BLOB NOT NULL
      DEFAULT x'00000000000000000000000000000000';
    """

  /// What is read of the latest runs of a tenant, and of the latest rollout of a name, costs the same however
  /// many runs there are.
  ///
  /// A row of `archiving` names a rollout that `journal archive` has moved in part.
  private static let sixthTables = """
    CREATE INDEX runs_of_tenants ON runs (tenant, started) WHERE tenant IS NOT NULL;
    CREATE INDEX rollouts_by_name ON runs (name, started) WHERE kind = 1;

    CREATE TABLE archiving (
      id TEXT NOT NULL PRIMARY KEY
    ) STRICT, WITHOUT ROWID;
    """
}
