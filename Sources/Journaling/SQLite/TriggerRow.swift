import Events
import FoundationEssentials
import GRDB

/// The rows of `triggers`.
enum TriggerRow {
  /// The triggers that wait, oldest first; what nobody with the key made is no trigger.
  static func fetch(_ key: JournalKey, in database: Database) throws -> [ScheduleTrigger] {
    let statement = try database.cachedStatement(
      sql: """
        SELECT triggers.number, schedules.name, triggers.form
        FROM triggers JOIN schedules ON schedules.number = triggers.schedule
        ORDER BY triggers.number
        """)
    return try Row.fetchAll(statement).compactMap { row in
      try? StoredTrigger.open(
        try row.bytes("form"), number: try row.value("number"), of: try row.value("name"), key)
    }
  }
}
