/// Why bytes cannot be encrypted or decrypted.
package enum CipherError: Error, Sendable, Hashable {
  /// A nonce that is not 12 bytes.
  case nonceLength(Int)
  /// More bytes than may be encrypted under one nonce.
  case tooLong
  /// Altered, or encrypted under another key.
  case notAuthentic
  /// libcrypto refused to do it.
  case unavailable
}
