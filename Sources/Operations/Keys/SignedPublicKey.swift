import Cryptography

/// A public key in the form that is registered: tag, key, digest of both (protocol.md §5).
///
/// The digest is BLAKE2b-512 over the first 36 bytes: it guards against damage, not forgery.
package struct SignedPublicKey: Sendable, Hashable {
  /// The four bytes that name the version of the form.
  package struct Tag: Sendable, Hashable {
    /// The four bytes, in the order in which the key begins with them.
    package let bytes: [UInt8]

    /// The tag of today's engine.
    package static let current = Tag(bytes: [0x31, 0x42, 0x05, 0x00])
    /// The tag of the engine before.
    package static let legacy = Tag(bytes: [0x31, 0x40, 0x05, 0x00])

    private init(bytes: [UInt8]) {
      self.bytes = bytes
    }

    /// Reads 8 hexadecimal characters.
    package init?(hex: String) {
      guard let bytes = Hexadecimal.decode(hex), bytes.count == 4 else { return nil }
      self.bytes = bytes
    }
  }

  /// 32 bytes.
  package let publicKey: [UInt8]
  /// The tag that `hex` begins with.
  package let tag: Tag
  /// 200 lower-case hexadecimal characters.
  package let hex: String

  /// Signs a raw public key of 32 bytes.
  package init(publicKey: [UInt8], tag: Tag = .current) throws(KeyError) {
    guard publicKey.count == 32 else { throw .signedKeyLength(2 * publicKey.count) }
    let signed = tag.bytes + publicKey
    self.publicKey = publicKey
    self.tag = tag
    hex = Hexadecimal.encode(signed + (try Self.digest(of: signed)))
  }

  /// Reads and verifies text in either case: length, digits, tag, digest, in this order.
  package init(parsing text: String, tag: Tag = .current) throws(KeyError) {
    guard text.utf8.count == 200 else { throw .signedKeyLength(text.utf8.count) }
    guard let bytes = Hexadecimal.decode(text) else { throw .notHexadecimal }
    guard bytes.starts(with: tag.bytes) else {
      throw .unknownTag(
        found: Hexadecimal.encode(bytes[..<4]), expected: Hexadecimal.encode(tag.bytes))
    }
    guard try Self.digest(of: Array(bytes[..<36])) == Array(bytes[36...]) else {
      throw .wrongDigest
    }
    publicKey = Array(bytes[4..<36])
    self.tag = tag
    hex = Hexadecimal.encode(bytes)
  }

  private static func digest(of bytes: [UInt8]) throws(KeyError) -> [UInt8] {
    do throws(CryptographyFailure) {
      return try BLAKE2b512.digest(of: bytes)
    } catch {
      throw .unavailable(error)
    }
  }
}
