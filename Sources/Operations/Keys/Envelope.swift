import Crypto

/// The form of an encrypted payload: IV (12 bytes), ciphertext, tag (16 bytes).
///
/// AES-256-GCM without associated data (protocol.md §6). An IV must never be used twice with a key.
package enum Envelope {
  /// Bytes of a key.
  package static let keyCount = 32
  /// Bytes of an IV.
  package static let ivCount = 12
  /// Bytes that an envelope has more than what is in it.
  package static let overhead = 28

  /// Encrypts `plaintext` under a key of 32 bytes and a fresh IV of 12.
  package static func seal(
    _ plaintext: [UInt8], key: [UInt8], iv: [UInt8]
  ) throws(EnvelopeError) -> [UInt8] {
    guard key.count == keyCount else { throw .keyLength(key.count) }
    guard iv.count == ivCount else { throw .ivLength(iv.count) }
    do {
      let box = try AES.GCM.seal(
        plaintext, using: SymmetricKey(data: key), nonce: AES.GCM.Nonce(data: iv))
      return iv + Array(box.ciphertext) + Array(box.tag)
    } catch {
      throw .unavailable
    }
  }

  /// Decrypts an envelope, refusing anything altered or under another key.
  package static func open(_ bytes: [UInt8], key: [UInt8]) throws(EnvelopeError) -> [UInt8] {
    guard key.count == keyCount else { throw .keyLength(key.count) }
    guard bytes.count >= overhead else { throw .tooShort(bytes.count) }
    do {
      let box = try AES.GCM.SealedBox(combined: bytes)
      return Array(try AES.GCM.open(box, using: SymmetricKey(data: key)))
    } catch {
      throw .notAuthentic
    }
  }
}

/// Why a payload cannot be sealed or opened.
package enum EnvelopeError: Error, Sendable, Hashable {
  case keyLength(Int)
  case ivLength(Int)
  /// Fewer bytes than an empty envelope has.
  case tooShort(Int)
  /// Altered, or sealed under another key.
  case notAuthentic
  /// The library refused to encrypt.
  case unavailable

  /// One sentence without a full stop.
  package var message: String {
    switch self {
    case .keyLength(let count): "a data key has 32 bytes, this one has \(count)"
    case .ivLength(let count): "an initialisation vector has 12 bytes, this one has \(count)"
    case .tooShort(let count):
      "an encrypted payload has at least 28 bytes, this one has \(count)"
    case .notAuthentic: "the payload was altered or encrypted under another key"
    case .unavailable: "the payload could not be encrypted"
    }
  }
}
