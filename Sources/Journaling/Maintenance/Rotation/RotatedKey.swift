import Cryptography
import Files
import GRDB
import Operations

/// The key that a journal is rotated to, and the files that both keys are in meanwhile.
///
/// Of a key beside the journal, the new one is in `<journal>.key.next` before anything is sealed under it, and
/// the old one in `<journal>.key.<id>`, so that the end of the process loses neither. The new file takes the
/// place of the old one once everything is sealed. A key that was named stays where it is.
struct RotatedKey {
  let old: JournalKey
  let new: JournalKey
  /// The key of the journal while it is rotated.
  private let keyFile: KeyFile
  /// The new key, where that is a file that was named.
  private let named: KeyFile?

  /// Makes the new key durable: that in the file at `path`, where one is named, or else a random one.
  ///
  /// Throws `newKeyNeeded` and `unusableNewKey`. Meant to be called with the journal locked.
  init(
    of file: JournalFile, in database: Database, at path: String?, random: RandomBytes
  ) throws {
    keyFile = file.keyFile
    let oldBytes = try keyFile.bytes()
    old = try keyFile.load()
    if let current = try CurrentKey.id(in: database), current != old.id {
      throw MaintenanceError.journal(.otherKey(path: keyFile.path))
    }
    guard keyFile.isBeside || path != nil else {
      throw MaintenanceError.newKeyNeeded(keyPath: keyFile.path)
    }
    named = path.map { KeyFile(named: $0) }
    if keyFile.isBeside {
      new = try Self.next(keyFile.next, named, random)
      try keyFile.copy(of: old).publish(oldBytes)
    } else {
      new = try named?.loadOrCreate(random: random) ?? old
    }
    guard new.id != old.id, CurrentKey.canBe(new) else {
      throw MaintenanceError.unusableNewKey(
        path: named?.path ?? keyFile.next.path, reason: "it is the key that the journal has")
    }
  }

  /// The key in the file `next`, which is made with that in `named` or a random one.
  ///
  /// What an earlier rotation left there is used again, or kept under another name: nobody knows what is
  /// sealed under it.
  private static func next(
    _ next: KeyFile, _ named: KeyFile?, _ random: RandomBytes
  ) throws(JournalError) -> JournalKey {
    guard let named else { return try next.loadOrCreate(random: random) }
    let key = try named.loadOrCreate(random: random)
    if next.exists {
      let earlier = try next.load()
      if earlier.id == key.id { return key }
      try next.replace(KeyFile(named: "\(next.path).\(Hexadecimal.encode(earlier.id))"))
    }
    try next.publish(named.bytes())
    return key
  }

  /// Puts the new key in its place, once the journal is under it.
  func settle() throws(JournalError) {
    if keyFile.isBeside { try keyFile.next.replace(keyFile) }
  }

  /// Where the new key is afterwards.
  var path: String { keyFile.isBeside ? keyFile.path : named?.path ?? keyFile.path }

  /// Where the old key is afterwards.
  var oldPath: String { keyFile.isBeside ? keyFile.copy(of: old).path : keyFile.path }
}
