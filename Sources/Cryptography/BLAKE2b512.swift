import COpenSSL

/// BLAKE2b with a digest of 64 bytes and without a key (RFC 7693).
///
/// The length is part of the function: no other BLAKE2b digest is a prefix of this one.
package enum BLAKE2b512 {
  /// Bytes of a digest.
  package static let byteCount = 64

  /// The 64 bytes of the digest over `bytes`.
  package static func digest(of bytes: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: byteCount)
    var count: UInt32 = 0
    guard EVP_Digest(bytes, bytes.count, &digest, &count, EVP_blake2b512(), nil) == 1,
      count == digest.count
    else { throw .blake2b }
    return digest
  }
}
