import COpenSSL

/// X25519 key pairs (RFC 7748 §5).
package enum X25519 {
  /// Bytes of a private key, and of a public key.
  package static let keyCount = 32

  /// The public key of a private key of 32 bytes.
  ///
  /// Any 32 bytes are a private key: the bits that RFC 7748 fixes are set when it is used. Throws
  /// also for another length.
  package static func publicKey(
    of privateKey: [UInt8]
  ) throws(CryptographyFailure) -> [UInt8] {
    guard
      let pair = EVP_PKEY_new_raw_private_key_ex(
        nil, "X25519", nil, privateKey, privateKey.count)
    else { throw .x25519 }
    defer { EVP_PKEY_free(pair) }
    var publicKey = [UInt8](repeating: 0, count: keyCount)
    var count = publicKey.count
    guard EVP_PKEY_get_raw_public_key(pair, &publicKey, &count) == 1, count == publicKey.count
    else { throw .x25519 }
    return publicKey
  }
}
