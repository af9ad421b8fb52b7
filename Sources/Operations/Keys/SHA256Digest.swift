import Crypto

/// SHA-256 (FIPS 180-4), as text.
package struct SHA256Digest {
  private var hash = SHA256()

  /// The digest of nothing yet.
  package init() {}

  /// Takes the next bytes in.
  package mutating func update(_ bytes: [UInt8]) {
    hash.update(data: bytes)
  }

  /// The digest of all that was taken in, as 64 lower-case hex characters.
  package var hex: String { Hexadecimal.encode(hash.finalize()) }

  /// The digest of `bytes` as 64 lower-case hex characters.
  package static func hex(of bytes: [UInt8]) -> String {
    Hexadecimal.encode(SHA256.hash(data: bytes))
  }
}
