import Cryptography
package import Expressions

/// An X25519 key pair; the private half stays hidden.
package struct KeyPair: Sendable, Hashable {
  /// 64 lower-case hexadecimal characters.
  package let privateKey: Secret
  /// 32 bytes.
  package let publicKey: [UInt8]

  /// Takes 32 random bytes as the private key.
  package init(randomBytes: [UInt8]) throws(KeyError) {
    guard randomBytes.count == X25519.keyCount else { throw .privateKeyLength(randomBytes.count) }
    do throws(CryptographyFailure) {
      publicKey = try X25519.publicKey(of: randomBytes)
    } catch {
      throw .unavailable(error)
    }
    privateKey = Secret(Hexadecimal.encode(randomBytes))
  }

  /// Reads a private key of 64 hexadecimal characters in either case.
  package init(privateKey: Secret) throws(KeyError) {
    guard let text = privateKey.reveal().text, let bytes = Hexadecimal.decode(text) else {
      throw .notHexadecimal
    }
    try self.init(randomBytes: bytes)
  }

  /// The public half in the form that is registered.
  package func signed(tag: SignedPublicKey.Tag = .current) throws(KeyError) -> SignedPublicKey {
    try SignedPublicKey(publicKey: publicKey, tag: tag)
  }
}
