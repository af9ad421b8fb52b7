package import Cryptography
import Operations

/// What shows a receiver that a POST comes from whoever knows the secret, and when it was sent.
package enum NoticeSignature {
  /// The value of `Privirun-Signature`: `v1=` and the hexadecimal HMAC-SHA-256, under the secret, of the
  /// value of `Privirun-Timestamp`, a full stop and the body.
  package static func value(
    timestamp: String, body: String, secret: String
  ) throws(CryptographyFailure) -> String {
    let code = try HMACSHA256.code(
      for: Array("\(timestamp).\(body)".utf8), key: Array(secret.utf8))
    return "v1=\(Hexadecimal.encode(code))"
  }
}
