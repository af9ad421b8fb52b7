import COpenSSL

/// SHA-256 (FIPS 180-4), over bytes that come in pieces or at once.
package struct SHA256: ~Copyable {
  /// Bytes of a digest.
  package static let byteCount = 32

  private let context: OpaquePointer

  /// A digest over nothing yet.
  package init() throws(CryptographyFailure) {
    guard let context = EVP_MD_CTX_new() else { throw .sha256 }
    guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
      EVP_MD_CTX_free(context)
      throw .sha256
    }
    self.context = context
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  /// Adds the next bytes.
  package mutating func update(_ bytes: [UInt8]) throws(CryptographyFailure) {
    guard EVP_DigestUpdate(context, bytes, bytes.count) == 1 else { throw .sha256 }
  }

  /// The 32 bytes of the digest over all that was added.
  package consuming func finalize() throws(CryptographyFailure) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: Self.byteCount)
    var count: UInt32 = 0
    guard EVP_DigestFinal_ex(context, &digest, &count) == 1, count == digest.count else {
      throw .sha256
    }
    return digest
  }

  /// The 32 bytes of the digest over `bytes`.
  package static func digest(of bytes: [UInt8]) throws(CryptographyFailure) -> [UInt8] {
    var hash = try SHA256()
    try hash.update(bytes)
    return try hash.finalize()
  }
}
