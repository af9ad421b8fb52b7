import Cryptography
import Files
import Operations

/// The file that holds the journal's key: 32 bytes, or 64 hex characters as secret stores keep them.
struct KeyFile: Sendable {
  /// A file with more bytes holds no key: hex characters and a line break, perhaps of two characters.
  private static let largest = 2 * JournalKey.byteCount + 2

  let path: String
  /// Whether it is the one beside its journal, not one that somebody named.
  let isBeside: Bool

  /// The key file of the journal at `journal`: `path` where one is named, or else the one beside it.
  init(_ path: String? = nil, beside journal: String) {
    self.path = path ?? journal + ".key"
    isBeside = path == nil
  }

  /// The file that a rotation of the key beside the journal writes first.
  var next: KeyFile { KeyFile(named: path + ".next") }

  /// Where a rotation keeps `key`, which it replaces.
  func copy(of key: JournalKey) -> KeyFile {
    KeyFile(named: "\(path).\(Hexadecimal.encode(key.id))")
  }

  /// The file at `path`.
  init(named path: String) {
    self.path = path
    isBeside = false
  }

  /// Whether there is something at its path.
  var exists: Bool { FileStatus.exists(path) }

  /// Puts the file in the place of `other`.
  func replace(_ other: KeyFile) throws(JournalError) {
    do throws(FileError) {
      try FileName.move(path, to: other.path)
    } catch {
      throw .unusableKey(path: other.path, reason: error.cause)
    }
    Folder.synchronize(above: other.path)
  }

  /// The key; throws `missingKey` or `unusableKey`.
  func load() throws(JournalError) -> JournalKey {
    try key(bytes())
  }

  /// The key of these bytes of the file; throws `unusableKey`.
  func key(_ bytes: [UInt8]) throws(JournalError) -> JournalKey {
    guard let key = try Self.key(bytes) else { throw unusable }
    return key
  }

  /// The 32 bytes of the key; throws `missingKey` or `unusableKey`.
  func bytes() throws(JournalError) -> [UInt8] {
    guard let bytes = try PrivateFile.read(path, atMost: Self.largest + 1) else {
      throw .missingKey(path: path)
    }
    guard let key = Self.plain(bytes) else { throw unusable }
    return key
  }

  /// Makes the file with a key of these bytes, unless there is one.
  func publish(_ bytes: [UInt8]) throws(JournalError) {
    try PrivateFile.publish(bytes, at: path)
  }

  private var unusable: JournalError {
    .unusableKey(
      path: path,
      reason: "it does not hold \(JournalKey.byteCount) bytes, or as many in hex characters")
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
      return try JournalKey(bytes)
    } catch {
      throw .cryptography(error)
    }
  }

  /// The bytes of the key in a file with these bytes; nil where it holds none.
  private static func plain(_ bytes: [UInt8]) -> [UInt8]? {
    if bytes.count == JournalKey.byteCount { return bytes }
    let text = String(decoding: bytes, as: UTF8.self)
    let line = text.last?.isNewline == true ? text.dropLast() : text[...]
    return Hexadecimal.decode(String(line)).flatMap { $0.count == JournalKey.byteCount ? $0 : nil }
  }

  static func newKey(_ random: RandomBytes) throws(JournalError) -> [UInt8] {
    do throws(CryptographyFailure) {
      return try random.draw(JournalKey.byteCount)
    } catch {
      throw .cryptography(error)
    }
  }
}
