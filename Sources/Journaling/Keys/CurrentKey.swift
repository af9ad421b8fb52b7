import GRDB

/// The key that a journal was rotated to last, by its id, in the header of the database.
///
/// A rotation writes the id in the transaction that seals everything under the new key. So the database
/// says which of two key files is the right one, whenever the process ended.
enum CurrentKey {
  /// The id; nil for a journal whose key was never rotated.
  static func id(in database: Database) throws -> [UInt8]? {
    let number = try Int32.fetchOne(database, sql: "PRAGMA user_version") ?? 0
    return number == 0 ? nil : withUnsafeBytes(of: number.bigEndian, Array.init)
  }

  /// Notes that everything is recorded under `key` from now on.
  static func set(_ key: JournalKey, in database: Database) throws {
    try database.execute(sql: "PRAGMA user_version = \(number(of: key))")
  }

  /// Whether a journal can be rotated to `key`: the id 0 stands for none.
  static func canBe(_ key: JournalKey) -> Bool { number(of: key) != 0 }

  /// Whether records were made under another key than `key`.
  static func isAnother(_ key: JournalKey, in database: Database) throws -> Bool {
    guard try JournalSchema.hasCommits(database) else { return false }
    return try Bool.fetchOne(
      database, sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE key <> ?)",
      arguments: [key.id.data]) ?? false
  }

  private static func number(of key: JournalKey) -> Int32 {
    Int32(bitPattern: key.id.reduce(0) { $0 << 8 | UInt32($1) })
  }
}

extension JournalFile {
  /// The key of the journal; throws `missingKey` or `unusableKey`.
  ///
  /// Where a rotation ended before the new key had its place, it is the new one.
  func loadKey() throws(JournalError) -> JournalKey {
    if let next = try settledNext() { return next }
    return try keyFile.load()
  }

  /// The key that a rotation left in its file, and that everything is recorded under.
  func settledNext() throws(JournalError) -> JournalKey? {
    guard keyFile.isBeside, keyFile.next.exists else { return nil }
    let key: JournalKey
    do throws(JournalError) {
      key = try keyFile.next.load()
    } catch {
      return nil
    }
    let current = try read { database in try CurrentKey.id(in: database) }
    return current == key.id ? key : nil
  }
}
