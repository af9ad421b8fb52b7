import CSodium

/// The two functions of libsodium that the key format needs.
enum Sodium {
  /// Started once; whoever comes first waits for it.
  private static let isReady = sodium_init() >= 0

  /// The X25519 public key of a private key (RFC 7748).
  static func publicKey(of privateKey: [UInt8]) throws(KeyError) -> [UInt8] {
    guard isReady else { throw .unavailable }
    guard privateKey.count == 32 else { throw .privateKeyLength(privateKey.count) }
    var publicKey = [UInt8](repeating: 0, count: 32)
    guard crypto_scalarmult_base(&publicKey, privateKey) == 0 else { throw .weakKey }
    return publicKey
  }

  /// The unkeyed BLAKE2b-512 digest (RFC 7693).
  static func blake2b512(_ bytes: [UInt8]) throws(KeyError) -> [UInt8] {
    guard isReady else { throw .unavailable }
    var digest = [UInt8](repeating: 0, count: 64)
    let status = crypto_generichash(
      &digest, digest.count, bytes, UInt64(bytes.count), nil, 0)
    guard status == 0 else { throw .unavailable }
    return digest
  }
}
