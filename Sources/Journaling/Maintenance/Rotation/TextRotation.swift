import Cryptography
import Events
import GRDB
import Operations

/// Puts the texts that runs were planned from under another key, in a transaction.
struct TextRotation {
  private static let pageCount = 20

  let resealing: Resealing
  let database: Database

  /// Adds each text under the new key; the old rows stay.
  ///
  /// Returns the texts that have another digest now, since they hold seals themselves: saved plans.
  /// A text that was altered stays as it is, with the records that name it.
  func perform() throws -> [String: String] {
    var renamed: [String: String] = [:]
    var latest: [UInt8] = []
    while true {
      let rows = try Row.fetchAll(
        database,
        sql: "SELECT digest, form FROM texts WHERE key = ? AND digest > ? ORDER BY digest LIMIT ?",
        arguments: [resealing.old.id.data, latest.data, Self.pageCount])
      guard !rows.isEmpty else { return renamed }
      for row in rows {
        latest = try row.bytes("digest")
        guard let digest = TextDigest(latest),
          let bytes = try? SealedText.open(row.bytes("form"), of: digest, resealing.old)
        else { continue }
        let text = try StoredText(plan(bytes) ?? bytes)
        if text.digest != digest {
          renamed[Hexadecimal.encode(digest.bytes)] = Hexadecimal.encode(text.digest.bytes)
        }
        try database.cachedStatement(
          sql: "INSERT OR IGNORE INTO texts (digest, key, form) VALUES (?, ?, ?)"
        ).execute(arguments: [
          text.digest.bytes.data, resealing.new.key.id.data,
          try SealedText.seal(text, resealing.new).data,
        ])
      }
    }
  }

  /// The plan in `bytes` under the new key; nil where that is no plan under the old one.
  private func plan(_ bytes: [UInt8]) throws -> [UInt8]? {
    guard var parts = PlanFile.Parts(bytes), try parts.tag == PlanFile.tag(of: parts, resealing.old)
    else { return nil }
    parts.form = try resealing.commit(parts.form, of: parts.run, from: 0)
    parts.tag = try PlanFile.tag(of: parts, resealing.new.key)
    return parts.bytes
  }

  /// Removes the texts under the old key.
  func removeOld() throws {
    try database.execute(
      sql: "DELETE FROM texts WHERE key = ?", arguments: [resealing.old.id.data])
  }
}
