import Cryptography

/// The form of an encrypted payload: IV (12 bytes), ciphertext, tag (16 bytes).
///
/// AES-256-GCM without associated data (protocol.md §6). An IV must never be used twice with a key.
package enum Envelope {
  /// Bytes of a key.
  package static let keyCount = AESKey.byteCount
  /// Bytes of an IV.
  package static let ivCount = GaloisCounterCipher.nonceCount
  /// Bytes of a tag.
  package static let tagCount = GaloisCounterCipher.tagCount
  /// Bytes that an envelope has more than what is in it.
  package static let overhead = ivCount + tagCount
  /// The most bytes that may be encrypted under one IV, just under 64 GiB (NIST SP 800-38D §5.2.1.1).
  package static let plaintextLimit = GaloisCounterCipher.plaintextLimit

  /// Encrypts `plaintext` under a key of 32 bytes and a fresh IV of 12.
  package static func seal(
    _ plaintext: [UInt8], key: [UInt8], iv: [UInt8]
  ) throws(EnvelopeError) -> [UInt8] {
    let sealer = try EnvelopeSealer(key: key, iv: iv)
    return iv + (try sealer.seal(plaintext)) + (try sealer.finish())
  }

  /// Decrypts an envelope, refusing anything altered or under another key.
  package static func open(_ bytes: [UInt8], key: [UInt8]) throws(EnvelopeError) -> [UInt8] {
    let opener = try EnvelopeOpener(key: key)
    let plaintext = try opener.open(bytes)
    try opener.finish()
    return plaintext
  }
}
