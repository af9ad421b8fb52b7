package import Cryptography

/// Why key material is refused; holds no part of it.
package enum KeyError: Error, Sendable, Hashable {
  /// A private key or seed that is not 32 bytes.
  case privateKeyLength(Int)
  /// A signed public key that is not 200 characters.
  case signedKeyLength(Int)
  case notHexadecimal
  /// Another version tag than the expected one.
  case unknownTag(found: String, expected: String)
  /// The digest does not belong to the key.
  case wrongDigest
  /// libcrypto refused to do it.
  case unavailable(CryptographyFailure)

  /// One sentence without a full stop.
  package var message: String {
    switch self {
    case .privateKeyLength(let count): "a private key has 32 bytes, this one has \(count)"
    case .signedKeyLength(let count):
      "a signed public key has 200 hexadecimal characters, this one has \(count)"
    case .notHexadecimal: "the key holds something else than hexadecimal digits"
    case .unknownTag(let found, let expected):
      "the key begins with the version tag \(found) where \(expected) is expected"
    case .wrongDigest: "the digest at the end of the key does not belong to it"
    case .unavailable(let failure): failure.message
    }
  }

  /// What to do next, when that is known.
  package var hint: String? {
    guard case .unavailable(let failure) = self else { return nil }
    return failure.hint
  }
}
