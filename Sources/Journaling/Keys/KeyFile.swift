import Cryptography
import Files
import Operations

/// The file that holds the journal's key: 32 bytes, or 64 hex characters as secret stores keep them.
struct KeyFile: Sendable {
  /// A file with more bytes holds no key: hex characters and a line break, perhaps of two characters.
  private static let largest = 2 * JournalKey.byteCount + 2

  let path: String

  /// The key file of the journal at `journal`: `path` where one is named, or else the one beside it.
  init(_ path: String? = nil, beside journal: String) {
    self.path = path ?? journal + ".key"
  }

  /// The key; throws `missingKey` or `unusableKey`.
  func load() throws(JournalError) -> JournalKey {
    guard let bytes = try PrivateFile.read(path, atMost: Self.largest + 1) else {
      throw .missingKey(path: path)
    }
    guard let key = try Self.key(bytes) else {
      throw .unusableKey(
        path: path,
        reason: "it does not hold \(JournalKey.byteCount) bytes, or as many in hex characters")
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
      let key = try Self.newKey(random)
      do throws(FileError) {
        try Folder.make(above: path, for: .owner)
      } catch {
        throw .unusableKey(path: path, reason: error.cause)
      }
      try PrivateFile.publish(key, at: path)
      return try load()
    }
  }

  private static func key(_ bytes: [UInt8]) throws(JournalError) -> JournalKey? {
    do throws(CryptographyFailure) {
      if bytes.count == JournalKey.byteCount { return try JournalKey(bytes) }
      let text = String(decoding: bytes, as: UTF8.self)
      let line = text.last?.isNewline == true ? text.dropLast() : text[...]
      return try Hexadecimal.decode(String(line)).flatMap { bytes throws(CryptographyFailure) in
        try JournalKey(bytes)
      }
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
