import Cryptography
package import Diagnostics

/// The SHA-256 digest by which a description of the API or a plan is recognised.
package enum DocumentDigest {
  /// The digest of `bytes` as 64 lower-case hex characters.
  ///
  /// Throws a diagnostic without a location when libcrypto cannot compute it.
  package static func hex(of bytes: [UInt8]) throws(InvalidInput) -> String {
    do throws(CryptographyFailure) {
      return Hexadecimal.encode(try SHA256.digest(of: bytes))
    } catch {
      throw InvalidInput([
        Diagnostic(.noDigest, error.message, at: nil, hint: error.hint)
      ])
    }
  }
}
