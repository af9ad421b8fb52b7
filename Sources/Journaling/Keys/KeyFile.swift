import Cryptography

/// The file that holds the journal's key.
struct KeyFile: Sendable {
  let path: String

  /// The key file of the journal at `journal`.
  init(beside journal: String) {
    path = journal + ".key"
  }

  /// The key; throws `missingKey` or `unusableKey`.
  func load() throws(JournalError) -> JournalKey {
    guard let bytes = try PrivateFile.read(path, atMost: JournalKey.byteCount + 1) else {
      throw .missingKey(path: path)
    }
    guard let key = try Self.key(bytes) else {
      throw .unusableKey(path: path, reason: "it does not hold \(JournalKey.byteCount) bytes")
    }
    return key
  }

  /// The key, made when there is none.
  ///
  /// Of several processes that make one at once, one wins and
  /// all use its key.
  func loadOrCreate(random: RandomBytes) throws(JournalError) -> JournalKey {
    do {
      return try load()
    } catch .missingKey {
      try PrivateFile.publish(try Self.newKey(random), at: path)
      return try load()
    }
  }

  private static func key(_ bytes: [UInt8]) throws(JournalError) -> JournalKey? {
    do throws(CryptographyFailure) {
      return try JournalKey(bytes)
    } catch {
      throw .cryptography(error)
    }
  }

  private static func newKey(_ random: RandomBytes) throws(JournalError) -> [UInt8] {
    do throws(CryptographyFailure) {
      return try random.draw(JournalKey.byteCount)
    } catch {
      throw .cryptography(error)
    }
  }
}
