import Crypto

/// SHA-256 (FIPS 180-4), as text.
package enum SHA256Digest {
  /// The digest of `bytes` as 64 lower-case hex characters.
  package static func hex(of bytes: [UInt8]) -> String {
    Hexadecimal.encode(SHA256.hash(data: bytes))
  }
}
