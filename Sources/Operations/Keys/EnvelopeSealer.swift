import Cryptography

/// Makes an envelope a piece at a time: the IV goes first, then each piece, and the tag last.
package final class EnvelopeSealer {
  private let cipher: GaloisCounterCipher

  /// Takes a key of 32 bytes and an IV of 12 that was never used with it.
  package init(key: [UInt8], iv: [UInt8]) throws(EnvelopeError) {
    guard let key = AESKey(key) else { throw .keyLength(key.count) }
    cipher = try EnvelopeError.translating { () throws(CipherError) in
      try GaloisCounterCipher(.encrypting, key: key, nonce: iv)
    }
  }

  /// The ciphertext of the next piece, which is as long.
  package func seal(_ piece: consuming [UInt8]) throws(EnvelopeError) -> [UInt8] {
    var bytes = piece
    try EnvelopeError.translating { () throws(CipherError) in try cipher.process(&bytes) }
    return bytes
  }

  /// The tag over all pieces; nothing may follow.
  package func finish() throws(EnvelopeError) -> [UInt8] {
    try EnvelopeError.translating { () throws(CipherError) in try cipher.tag() }
  }
}
