/// What libcrypto could not do, although nothing was wrong with what it was given.
///
/// It has no memory left, or its configuration disables the algorithm.
package enum CryptographyFailure: Error, Sendable, Hashable {
  case sha256
  case hmac
  case blake2b
  case x25519
  case aes
  case randomBytes

  /// One sentence without a full stop.
  package var message: String {
    switch self {
    case .sha256: "libcrypto could not compute SHA-256"
    case .hmac: "libcrypto could not compute HMAC-SHA-256"
    case .blake2b: "libcrypto could not compute BLAKE2b-512"
    case .x25519: "libcrypto could not compute an X25519 public key"
    case .aes: "libcrypto could not perform AES-256-GCM"
    case .randomBytes: "libcrypto could not generate random bytes"
    }
  }

  /// What to do next.
  package var hint: String {
    "check that OpenSSL's configuration (openssl.cnf or the variable OPENSSL_CONF) enables it"
  }
}
