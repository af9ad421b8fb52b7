import Expressions
import Operations
import Testing

/// The expected numbers are those of PyNaCl and of Python's hashlib.
///
/// The commands:
///
///     pk = bytes(nacl.public.PrivateKey(bytes(range(32))).public_key)
///     b = bytes.fromhex("31420500") + pk
///     (b + hashlib.blake2b(b, digest_size=64).digest()).hex()
@Suite struct KeyTests {
  private static let privateKey = [UInt8](0..<32)
  private static let publicKey =
    "8f40c5adb68f25624ae5b214ea767a6ec94d829d3d7b5e1ad1ba6f3e2138285f"
  private static let signed =
    "31420500" + publicKey
    + "3ee22823182575b376868bce28090ee0959b39aa09638c9a022b7bd742b16696"
    + "6de5f8544d559cb6cb477689e8c1f3ab9a91b9df46285d075fdae8ea336a39a7"
  private static let legacySigned =
    "31400500" + publicKey
    + "494433142d33ee28d2d5c650b4a4ec7523ec66c29a2187a92b385898c6494ffc"
    + "d539a5c293eccfd07a6f3df07d018facee787fea678fc640539f60829b4577d5"

  @Test func `a key pair comes from random bytes`() throws {
    let pair = try KeyPair(randomBytes: Self.privateKey)
    #expect(Hexadecimal.encode(pair.publicKey) == Self.publicKey)
    #expect(pair.privateKey == Secret(Hexadecimal.encode(Self.privateKey)))
    #expect(try pair.signed().hex == Self.signed)
    #expect(try pair.signed(tag: .legacy).hex == Self.legacySigned)
  }

  @Test func `a private key is read in either case`() throws {
    let hex = Hexadecimal.encode(Self.privateKey)
    #expect(try KeyPair(privateKey: Secret(hex)) == KeyPair(randomBytes: Self.privateKey))
    #expect(
      try KeyPair(privateKey: Secret(hex.uppercased())) == KeyPair(randomBytes: Self.privateKey))
  }

  @Test(arguments: [
    ("", KeyError.privateKeyLength(0)), ("00", .privateKeyLength(1)),
    (String(repeating: "0", count: 66), .privateKeyLength(33)),
    (String(repeating: "0", count: 63), .notHexadecimal),
    (String(repeating: "g", count: 64), .notHexadecimal),
  ])
  func `a private key that is none is refused`(text: String, error: KeyError) {
    #expect(throws: error) { try KeyPair(privateKey: Secret(text)) }
  }

  @Test func `a signed key is verified in either case`() throws {
    let key = try SignedPublicKey(parsing: Self.signed.uppercased())
    #expect(key.hex == Self.signed)
    #expect(Hexadecimal.encode(key.publicKey) == Self.publicKey)
    #expect(key.tag == .current)
  }

  @Test func `the tag is a matter of choice`() throws {
    #expect(try SignedPublicKey(parsing: Self.legacySigned, tag: .legacy).tag == .legacy)
    #expect(SignedPublicKey.Tag(hex: "31400500") == .legacy)
    #expect(SignedPublicKey.Tag(hex: "314005") == nil)
    #expect(throws: KeyError.unknownTag(found: "31400500", expected: "31420500")) {
      try SignedPublicKey(parsing: Self.legacySigned)
    }
  }

  @Test func `length and digits of a signed key are checked first`() {
    #expect(throws: KeyError.signedKeyLength(0)) { try SignedPublicKey(parsing: "") }
    #expect(throws: KeyError.signedKeyLength(199)) {
      try SignedPublicKey(parsing: String(Self.signed.dropLast()))
    }
    #expect(throws: KeyError.notHexadecimal) {
      try SignedPublicKey(parsing: Self.signed.dropLast() + "x")
    }
  }

  // hmac.new(bytes([0xab] * 32), b"privirun data key", hashlib.sha256).digest()[:8].hex()
  @Test(arguments: [(0x05, "56d838b68d06c88f"), (0xab, "22ab5d24534c34db")] as [(UInt8, String)])
  func `a data key has an id that is computed from it`(_ byte: UInt8, _ id: String) throws {
    #expect(try DataKeyID(of: [UInt8](repeating: byte, count: 32)).text == id)
  }

  @Test func `a signed key altered in any character is refused`() {
    for offset in 0..<200 {
      var characters = Array(Self.signed)
      characters[offset] = characters[offset] == "0" ? "1" : "0"
      #expect(throws: KeyError.self, "\(offset)") {
        try SignedPublicKey(parsing: String(characters))
      }
    }
  }
}
