import Crypto
import FoundationEssentials

/// Seals the secrets of one event with AES-256-GCM, bound to that event.
///
/// A sealed secret is the key's id (4 bytes), the nonce (12), the ciphertext and the tag (16). Run
/// and sequence are authenticated with it, so it cannot be moved to another event unnoticed.
struct Seal: Sendable {
  private let key: JournalKey
  private let context: [UInt8]

  init(key: JournalKey, address: EventAddress) {
    self.key = key
    context = address.bytes
  }

  /// Seals `item` under a nonce that was never used with this key.
  func close(_ item: CBOR, nonce: [UInt8]) throws(StoredFormError) -> [UInt8] {
    let plain = try item.encoded()
    do {
      let nonce = try AES.GCM.Nonce(data: nonce)
      let box = try AES.GCM.seal(plain, using: key.key, nonce: nonce, authenticating: context)
      return key.id + Array(nonce) + Array(box.ciphertext) + Array(box.tag)
    } catch {
      throw .malformed("a secret could not be sealed")
    }
  }

  /// Opens what `close` made; throws `sealedWithAnotherKey` or `brokenSeal`.
  func open(_ sealed: [UInt8]) throws(StoredFormError) -> CBOR {
    guard sealed.starts(with: key.id) else { throw .sealedWithAnotherKey }
    let plain: [UInt8]
    do {
      let box = try AES.GCM.SealedBox(combined: Array(sealed.dropFirst(key.id.count)))
      plain = Array(try AES.GCM.open(box, using: key.key, authenticating: context))
    } catch {
      throw .brokenSeal
    }
    return try CBOR(decoding: plain)
  }
}

/// A seal that draws its own nonces: 96 random bits each (NIST SP 800-38D §8.2.2).
struct Sealer: Sendable {
  private static let nonceByteCount = 12

  let seal: Seal
  let random: RandomBytes

  func close(_ item: CBOR) throws(StoredFormError) -> [UInt8] {
    try seal.close(item, nonce: random.draw(Self.nonceByteCount))
  }
}
