import Crypto
import FoundationEssentials

/// The key that seals the secrets of a journal: 32 bytes for AES-256-GCM.
///
/// It prints as its id.
package struct JournalKey: Sendable {
  package static let byteCount = 32

  let key: SymmetricKey
  /// Identifies a key without revealing it: 4 bytes of a digest.
  let id: [UInt8]

  /// Takes the key's bytes; nil when they are not 32.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.byteCount else { return nil }
    key = SymmetricKey(data: bytes)
    id = Array(SHA256.hash(data: Array("privirun journal key".utf8) + bytes).prefix(4))
  }
}

extension JournalKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "key \(id.map { String($0, radix: 16) }.joined())" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
