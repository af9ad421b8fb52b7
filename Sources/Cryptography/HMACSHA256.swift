import COpenSSL

/// HMAC with SHA-256 (RFC 2104, FIPS 198-1).
package enum HMACSHA256 {
  /// Bytes of an authentication code.
  package static let byteCount = 32

  /// The 32 bytes that authenticate `message` under a key of any length.
  package static func code(
    for message: [UInt8], key: [UInt8]
  ) throws(CryptographyFailure) -> [UInt8] {
    var code = [UInt8](repeating: 0, count: byteCount)
    var count = 0
    let result = EVP_Q_mac(
      nil, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count, &code, code.count,
      &count)
    guard result != nil, count == code.count else { throw .hmac }
    return code
  }

  /// Whether `code` authenticates `message`, in a time that does not depend on where they differ.
  package static func isValid(
    _ code: [UInt8], for message: [UInt8], key: [UInt8]
  ) throws(CryptographyFailure) -> Bool {
    ConstantTime.areEqual(code, try self.code(for: message, key: key))
  }
}
