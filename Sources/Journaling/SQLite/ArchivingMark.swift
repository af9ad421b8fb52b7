import Events
import GRDB

/// The rows of `archiving`: the rollouts of which a part has left the journal, in a transaction.
///
/// Nobody continues such a rollout or a run of it, also where the process that archives it was killed: tenants
/// whose runs have left would be taken for new ones.
enum ArchivingMark {
  static func put(on rollout: String, in database: Database) throws {
    try database.cachedStatement(sql: "INSERT OR IGNORE INTO archiving (id) VALUES (?)")
      .execute(arguments: [rollout])
  }

  static func remove(from rollout: String, in database: Database) throws {
    try database.cachedStatement(sql: "DELETE FROM archiving WHERE id = ?")
      .execute(arguments: [rollout])
  }

  /// The rollouts that are marked; none in a journal of an older program.
  static func all(in database: Database) throws -> [RunID] {
    guard try JournalSchema.hasArchiving(database) else { return [] }
    return try String.fetchAll(database, sql: "SELECT id FROM archiving ORDER BY id")
      .compactMap { RunID($0) }
  }

  /// Throws `archiving` where the record `run`, which belongs to `rollout` if that is not nil, has left in part.
  static func refuse(_ run: RunID, of rollout: String?, in database: Database) throws {
    let id = rollout ?? run.text
    let statement = try database.cachedStatement(
      sql: "SELECT EXISTS (SELECT 1 FROM archiving WHERE id = ?)")
    guard try Bool.fetchOne(statement, arguments: [id]) == true else { return }
    throw JournalError.archiving(rollout: RunID(id) ?? run)
  }
}
