import Cryptography
import Testing

/// The test cases of RFC 4231 §4 for HMAC-SHA-256, and the empty message under an empty key.
@Suite struct AuthenticationCodeTests {
  struct KnownAnswer: Sendable {
    var key: [UInt8]
    var message: [UInt8]
    /// A prefix of the code; in case 5 the RFC gives no more than 16 bytes.
    var code: String

    init(_ key: [UInt8], _ message: [UInt8], _ code: String) {
      self.key = key
      self.message = message
      self.code = code
    }
  }

  private static func repeated(_ byte: UInt8, _ count: Int) -> [UInt8] {
    [UInt8](repeating: byte, count: count)
  }

  static let answers = [
    KnownAnswer(
      repeated(0x0B, 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    KnownAnswer(
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    KnownAnswer(
      repeated(0xAA, 20), repeated(0xDD, 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    KnownAnswer(
      [UInt8](1...25), repeated(0xCD, 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    KnownAnswer(
      repeated(0x0C, 20), Array("Test With Truncation".utf8),
      "a3b6167473100ee06e0c796c2955552b"),
    KnownAnswer(
      repeated(0xAA, 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    KnownAnswer(
      repeated(0xAA, 131),
      Array(
        """
        This is a test using a larger than block-size key and a larger than block-size data. \
        The key needs to be hashed before being used by the HMAC algorithm.
        """.utf8),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"),
    KnownAnswer([], [], "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
  ]

  @Test(arguments: answers)
  func `HMAC-SHA-256 gives the known answers`(answer: KnownAnswer) throws {
    let code = try HMACSHA256.code(for: answer.message, key: answer.key)
    let expected = bytes(answer.code)
    #expect(Array(code.prefix(expected.count)) == expected)
    #expect(code.count == HMACSHA256.byteCount)
    #expect(try HMACSHA256.isValid(code, for: answer.message, key: answer.key))
  }

  @Test(arguments: answers)
  func `a key that is kept gives the known answers, again and again`(answer: KnownAnswer) throws {
    let key = try HMACSHA256Key(answer.key)
    let expected = try HMACSHA256.code(for: answer.message, key: answer.key)
    #expect(try key.code(for: answer.message) == expected)
    _ = try key.code(for: [1, 2, 3])
    #expect(try key.code(for: answer.message) == expected)
  }

  @Test func `threads that share a key get each their own code`() async throws {
    let key = try HMACSHA256Key([7])
    let messages = (0..<64).map { [UInt8](repeating: UInt8($0), count: $0 * 9) }
    let codes = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
      for (index, message) in messages.enumerated() {
        group.addTask { (index, try key.code(for: message)) }
      }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for (index, message) in messages.enumerated() {
      #expect(try codes[index] == HMACSHA256.code(for: message, key: [7]))
    }
  }

  @Test func `a code that is altered anywhere, or cut, is not valid`() throws {
    let code = try HMACSHA256.code(for: [1, 2], key: [3])
    for offset in code.indices {
      var altered = code
      altered[offset] ^= 1
      #expect(try !HMACSHA256.isValid(altered, for: [1, 2], key: [3]))
      #expect(try !HMACSHA256.isValid(Array(code[..<offset]), for: [1, 2], key: [3]))
    }
    #expect(try !HMACSHA256.isValid(code, for: [1], key: [3]))
    #expect(try !HMACSHA256.isValid(code, for: [1, 2], key: [4]))
  }

  @Test(
    arguments: [
      ([], [], true), ([1], [1], true), ([1, 2], [1, 3], false), ([1, 2], [2, 2], false),
      ([1], [1, 2], false), ([], [0], false),
    ] as [([UInt8], [UInt8], Bool)])
  func `bytes are equal in constant time as they are otherwise`(
    left: [UInt8], right: [UInt8], areEqual: Bool
  ) {
    #expect(ConstantTime.areEqual(left, right) == areEqual)
  }
}
