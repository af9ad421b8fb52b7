package import Cryptography

/// The SHA-256 of a text that the journal keeps.
package struct TextDigest: Sendable, Hashable {
  /// 32 bytes.
  package let bytes: [UInt8]

  /// The digest of `text`; throws when libcrypto fails.
  package init(of text: [UInt8]) throws(CryptographyFailure) {
    bytes = try SHA256.digest(of: text)
  }

  /// Takes a digest; nil when it has not 32 bytes.
  package init?(_ bytes: [UInt8]) {
    guard bytes.count == SHA256.byteCount else { return nil }
    self.bytes = bytes
  }
}

/// A text that a run was planned from, such as a playbook or the API description.
///
/// The journal keeps it once, however many runs have it, so that no edit of a file changes a run.
package struct StoredText: Sendable, Hashable {
  /// Under which the journal keeps it.
  package let digest: TextDigest
  /// UTF-8 as a rule; any bytes are kept.
  package let bytes: [UInt8]

  /// The text with these bytes; throws when libcrypto fails.
  package init(_ bytes: [UInt8]) throws(CryptographyFailure) {
    self.bytes = bytes
    digest = try TextDigest(of: bytes)
  }
}
