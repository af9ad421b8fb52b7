import Cryptography

/// Seals secrets with AES-256-GCM, bound to where they belong, such as one event of one run.
///
/// A sealed secret is the key's id (4 bytes), the nonce (12), the ciphertext and the tag (16). The
/// context is authenticated with it, so it cannot be moved to another event unnoticed.
struct Seal: Sendable {
  private let key: JournalKey
  private let context: Context

  /// What a secret is bound to.
  private enum Context: Sendable {
    case event(EventAddress)
    case other([UInt8])

    var bytes: [UInt8] {
      switch self {
      case .event(let address): address.bytes
      case .other(let bytes): bytes
      }
    }
  }

  init(key: JournalKey, context: [UInt8]) {
    self.key = key
    self.context = .other(context)
  }

  /// Binds to the event at `address`.
  init(key: JournalKey, event address: EventAddress) {
    self.key = key
    context = .event(address)
  }

  /// Seals `plain` under a nonce that was never used with this key.
  func close(_ plain: [UInt8], nonce: [UInt8]) throws(StoredFormError) -> [UInt8] {
    do throws(CipherError) {
      let sealed = try GaloisCounterCipher.seal(
        plain, key: key.key, nonce: nonce, authenticating: context.bytes)
      return key.id + nonce + sealed
    } catch .unavailable {
      throw .cryptography(.aes)
    } catch {
      throw .malformed("a secret could not be sealed")
    }
  }

  /// Opens what `close` made; throws `sealedWithAnotherKey` or `brokenSeal`.
  func open(_ sealed: [UInt8]) throws(StoredFormError) -> CBOR {
    guard sealed.starts(with: key.id) else { throw .sealedWithAnotherKey }
    let rest = sealed.dropFirst(key.id.count)
    let nonce = Array(rest.prefix(GaloisCounterCipher.nonceCount))
    let plain: [UInt8]
    do throws(CipherError) {
      plain = try GaloisCounterCipher.open(
        Array(rest.dropFirst(nonce.count)), key: key.key, nonce: nonce,
        authenticating: context.bytes)
    } catch .unavailable {
      throw .cryptography(.aes)
    } catch {
      throw .brokenSeal
    }
    return try CBOR(decoding: plain)
  }
}

/// What is done with unknown values: the events of a plan have them, those of a run never.
enum UnknownValues: Sendable, Hashable {
  case kept
  /// Storing one throws `StoredFormError.unknownValue`.
  case refused
}

/// A seal that draws its own nonces: 96 random bits each (NIST SP 800-38D §8.2.2).
struct Sealer: Sendable {
  let seal: Seal
  let random: RandomBytes
  var unknowns = UnknownValues.refused

  func close(_ item: CBOR) throws(StoredFormError) -> [UInt8] { try close(item.encoded()) }

  /// Seals the bytes of an item.
  func close(_ plain: [UInt8]) throws(StoredFormError) -> [UInt8] {
    let nonce: [UInt8]
    do throws(CryptographyFailure) {
      nonce = try random.draw(GaloisCounterCipher.nonceCount)
    } catch {
      throw .cryptography(error)
    }
    return try seal.close(plain, nonce: nonce)
  }
}
