package import Cryptography
import Operations

/// The key of a journal, 32 bytes: it seals secrets (AES-256-GCM) and authenticates what is recorded.
///
/// It prints as its id.
package struct JournalKey: Sendable {
  /// Bytes of a key.
  package static let byteCount = AESKey.byteCount

  let key: AESKey
  /// Identifies a key without revealing it: 4 bytes of a digest.
  let id: [UInt8]
  /// The key of the tags over what is recorded, derived so that it says nothing of the other.
  let authentication: HMACSHA256Key
  /// The key of the tags over the ledgers of schedules, derived likewise.
  let ledgerAuthentication: HMACSHA256Key

  /// Takes the key's bytes; nil when they are not 32.
  package init?(_ bytes: [UInt8]) throws(CryptographyFailure) {
    guard let key = AESKey(bytes) else { return nil }
    self.key = key
    var hash = try SHA256()
    try hash.update(Array("privirun journal key".utf8))
    try hash.update(bytes)
    id = Array(try hash.finalize().prefix(4))
    let master = try HMACSHA256Key(bytes)
    authentication = try HMACSHA256Key(
      master.code(for: Array("privirun journal authentication".utf8)))
    ledgerAuthentication = try HMACSHA256Key(
      master.code(for: Array("privirun ledger authentication".utf8)))
  }
}

extension JournalKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Its id, which says nothing of the key.
  package var description: String { "key \(Hexadecimal.encode(id))" }
  /// The same.
  package var debugDescription: String { description }
  /// A mirror without children, so that `dump` shows no key.
  package var customMirror: Mirror { Mirror(self, children: []) }
}
