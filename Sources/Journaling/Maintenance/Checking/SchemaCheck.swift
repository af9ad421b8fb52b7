import GRDB

/// Compares the tables, indices and triggers of a journal with those that the program makes.
///
/// Of tables and indices the names count, since the SQL that SQLite keeps of them depends on its
/// version. Triggers, which keep rows from being edited, must be the same.
enum SchemaCheck {
  /// The names of what is missing, and of triggers that are others.
  static func differences(in database: Database) throws -> [String] {
    let applied = try JournalSchema.migrator.appliedIdentifiers(database)
    guard let latest = JournalSchema.migrator.migrations.last(where: applied.contains) else {
      return ["grdb_migrations"]
    }
    let model = try DatabaseQueue()
    try JournalSchema.migrator.migrate(model, upTo: latest)
    let expected = try model.read(objects)
    let found = try objects(in: database)
    return expected.filter { name, sql in found[name] != sql }.map(\.key).sorted()
  }

  /// What there is, by its name; of a trigger with its SQL.
  private static func objects(in database: Database) throws -> [String: String] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT name, CASE type WHEN 'trigger' THEN sql ELSE type END AS form FROM sqlite_master
        WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
        """)
    return try rows.reduce(into: [:]) { objects, row in
      let form: String = try row.value("form")
      objects[try row.value("name")] = form.split(whereSeparator: \.isWhitespace)
        .joined(separator: " ")
    }
  }
}
