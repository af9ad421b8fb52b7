import Cryptography
import Testing

@Suite struct DigestTests {
  /// The examples of FIPS 180-4 for SHA-256, with the empty message and a million times `a`.
  private static let answers = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ]

  @Test(arguments: answers)
  func `SHA-256 gives the known answers`(message: String, digest: String) throws {
    #expect(try SHA256.digest(of: Array(message.utf8)) == bytes(digest))
  }

  @Test(arguments: [1, 55, 63, 64, 65, 999])
  func `SHA-256 of pieces is that of the whole`(count: Int) throws {
    let message = (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var hash = try SHA256()
    try hash.update([])
    for start in stride(from: 0, to: message.count, by: count) {
      try hash.update(Array(message[start..<min(start + count, message.count)]))
    }
    let digest = try hash.finalize()
    #expect(try digest == SHA256.digest(of: message))
  }

  /// RFC 7693, appendix A.
  @Test func `BLAKE2b-512 gives the known answer`() throws {
    let digest = """
      ba80a53f981c4d0d 6a2797b69f12f6e9 4c212f14685ac4b7 4b12bb6fdbffa2d1
      7d87c5392aab792d c252d5de4533cc95 18d38aa8dbf1925a b92386edd4009923
      """
    #expect(try BLAKE2b512.digest(of: Array("abc".utf8)) == bytes(digest))
  }

  /// The expected digests are those of Python: `hashlib.blake2b(bytes(range(count)))`.
  @Test(arguments: [
    (
      0,
      "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419"
        + "d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce"
    ),
    (
      36,
      "f15ab26d4cdfcf56e196bb6ba170a8fccc414de9285afd98a3d3cf2fb88fcbc0"
        + "f19832ac433a5b2cc2392a4ce34332987d8d2c2bef6c3466138db0c6e42fa47b"
    ),
    (
      128,
      "2319e3789c47e2daa5fe807f61bec2a1a6537fa03f19ff32e87eecbfd64b7e0e"
        + "8ccff439ac333b040f19b0c4ddd11a61e24ac1fe0f10a039806c5dcc0da3d115"
    ),
    (
      129,
      "f59711d44a031d5f97a9413c065d1e614c417ede998590325f49bad2fd444d3e"
        + "4418be19aec4e11449ac1a57207898bc57d76a1bcf3566292c20c683a5c4648f"
    ),
  ])
  func `BLAKE2b-512 agrees with others around its block size`(
    count: Int, digest: String
  ) throws {
    #expect(try BLAKE2b512.digest(of: (0..<count).map { UInt8($0) }) == bytes(digest))
  }
}
