import FoundationEssentials
import GRDB

/// A row of `texts`.
enum TextRow {
  /// The stored form of the text under `digest`; nil when there is none.
  static func form(
    of digest: TextDigest, _ key: JournalKey, in database: Database
  ) throws -> [UInt8]? {
    try Data.fetchOne(
      database, sql: "SELECT form FROM texts WHERE digest = ? AND key = ?",
      arguments: [Data(digest.bytes), Data(key.id)]
    ).map { Array($0) }
  }
}
