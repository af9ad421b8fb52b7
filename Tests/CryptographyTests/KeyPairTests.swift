import Cryptography
import Testing

@Suite struct KeyPairTests {
  /// The key pairs of RFC 7748 §6.1.
  @Test(arguments: [
    (
      "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
      "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
    ),
    (
      "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
      "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    ),
  ])
  func `X25519 gives the known answers`(privateKey: String, publicKey: String) throws {
    #expect(try X25519.publicKey(of: bytes(privateKey)) == bytes(publicKey))
  }

  @Test func `the bits that RFC 7748 fixes make no difference`() throws {
    var key = [UInt8](0..<32)
    let publicKey = try X25519.publicKey(of: key)
    key[0] ^= 0b0000_0111
    key[31] ^= 0b1100_0000
    #expect(try X25519.publicKey(of: key) == publicKey)
    key[1] ^= 1
    #expect(try X25519.publicKey(of: key) != publicKey)
  }

  @Test(arguments: [0, 31, 33])
  func `a private key of another length is refused`(count: Int) {
    #expect(throws: CryptographyFailure.x25519) {
      try X25519.publicKey(of: [UInt8](repeating: 1, count: count))
    }
  }
}
