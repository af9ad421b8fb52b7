import Cryptography

/// Opens an envelope a piece at a time, however it is cut.
///
/// What `open` returns is not proved until `finish` returns: nobody may act on it before.
///
///     let opener = try EnvelopeOpener(key: key)
///     for piece in pieces { try draft.write(opener.open(piece)) }
///     try opener.finish()  // only now may the draft take the place of the file
package final class EnvelopeOpener {
  private let key: AESKey
  private var cipher: GaloisCounterCipher?
  /// The IV while it is not whole, then the last bytes, which may be the tag.
  private var held: [UInt8] = []
  private var count = 0

  /// An opener for one envelope under `key`; throws `keyLength` unless the key has 32 bytes.
  package init(key: [UInt8]) throws(EnvelopeError) {
    guard let key = AESKey(key) else { throw .keyLength(key.count) }
    self.key = key
  }

  /// The plaintext that the next piece of the envelope makes known; it may be shorter or empty.
  package func open(_ piece: [UInt8]) throws(EnvelopeError) -> [UInt8] {
    count += piece.count
    held += piece
    if cipher == nil {
      guard held.count >= Envelope.ivCount else { return [] }
      cipher = try EnvelopeError.translating { () throws(CipherError) in
        try GaloisCounterCipher(
          .decrypting, key: key, nonce: Array(held.prefix(Envelope.ivCount)))
      }
      held.removeFirst(Envelope.ivCount)
    }
    guard held.count > Envelope.tagCount else { return [] }
    let tail = Array(held.suffix(Envelope.tagCount))
    held.removeLast(Envelope.tagCount)
    defer { held = tail }
    try EnvelopeError.translating { () throws(CipherError) in try cipher?.process(&held) }
    return held
  }

  /// Verifies the tag, which is the last 16 bytes that came.
  package func finish() throws(EnvelopeError) {
    guard let cipher, held.count == Envelope.tagCount else { throw .tooShort(count) }
    try EnvelopeError.translating { () throws(CipherError) in try cipher.verify(held) }
  }
}
