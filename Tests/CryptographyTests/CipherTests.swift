import Cryptography
import Testing

/// The cases of AES-256 in "The Galois/Counter Mode of Operation" (McGrew and Viega), which NIST
/// publishes with SP 800-38D: 13 to 16 of its appendix B.
@Suite struct CipherTests {
  struct KnownAnswer: Sendable, CustomTestStringConvertible {
    var number: Int
    var key: String
    var nonce: String
    var data = ""
    var plaintext = ""
    var ciphertext = ""
    var tag: String

    var testDescription: String { "case \(number)" }
  }

  private static let longKey =
    "feffe9928665731c6d6a8f9467308308 feffe9928665731c6d6a8f9467308308"
  private static let longPlaintext = """
    d9313225f88406e5a55909c5aff5269a 86a7a9531534f7da2e4c303d8a318a72
    1c3c0c95956809532fcf0e2449a6b525 b16aedf5aa0de657ba637b39
    """
  private static let longCiphertext = """
    522dc1f099567d07f47f37a32a84427d 643a8cdcbfe5c0c97598a2bd2555d1aa
    8cb08e48590dbb3da7b08b1056828838 c5f61e6393ba7a0abcc9f662
    """
  private static let zeroKey = String(repeating: "00", count: 32)
  private static let zeroNonce = String(repeating: "00", count: 12)

  static let answers = [
    KnownAnswer(
      number: 13, key: zeroKey, nonce: zeroNonce, tag: "530f8afbc74536b9a963b4f1c4cb738b"),
    KnownAnswer(
      number: 14, key: zeroKey, nonce: zeroNonce, plaintext: String(repeating: "00", count: 16),
      ciphertext: "cea7403d4d606b6e074ec5d3baf39d18", tag: "d0d1c8a799996bf0265b98b5d48ab919"),
    KnownAnswer(
      number: 15, key: longKey, nonce: "cafebabefacedbaddecaf888",
      plaintext: longPlaintext + "1aafd255", ciphertext: longCiphertext + "898015ad",
      tag: "b094dac5d93471bdec1a502270e3cc6c"),
    KnownAnswer(
      number: 16, key: longKey, nonce: "cafebabefacedbaddecaf888",
      data: "feedfacedeadbeeffeedfacedeadbeef abaddad2", plaintext: longPlaintext,
      ciphertext: longCiphertext, tag: "76fc6ece0f4e1768cddf8853bb2d551b"),
  ]

  private static func key(_ digits: String = longKey) throws -> AESKey {
    try #require(AESKey(bytes(digits)))
  }

  @Test(arguments: answers)
  func `a known answer is given at once, and opens`(answer: KnownAnswer) throws {
    let key = try Self.key(answer.key)
    let sealed = try GaloisCounterCipher.seal(
      bytes(answer.plaintext), key: key, nonce: bytes(answer.nonce),
      authenticating: bytes(answer.data))
    #expect(sealed == bytes(answer.ciphertext + answer.tag))
    let opened = try GaloisCounterCipher.open(
      sealed, key: key, nonce: bytes(answer.nonce), authenticating: bytes(answer.data))
    #expect(opened == bytes(answer.plaintext))
  }

  @Test(arguments: answers, [1, 15, 16, 17])
  func `a known answer is given in pieces`(answer: KnownAnswer, count: Int) throws {
    let key = try Self.key(answer.key)
    func passed(_ input: [UInt8], through cipher: GaloisCounterCipher) throws -> [UInt8] {
      try stride(from: 0, to: input.count, by: count).flatMap { start in
        var piece = Array(input[start..<min(start + count, input.count)])
        try cipher.process(&piece)
        return piece
      }
    }
    let encryption = try GaloisCounterCipher(
      .encrypting, key: key, nonce: bytes(answer.nonce), authenticating: bytes(answer.data))
    #expect(try passed(bytes(answer.plaintext), through: encryption) == bytes(answer.ciphertext))
    #expect(try encryption.tag() == bytes(answer.tag))
    let decryption = try GaloisCounterCipher(
      .decrypting, key: key, nonce: bytes(answer.nonce), authenticating: bytes(answer.data))
    #expect(try passed(bytes(answer.ciphertext), through: decryption) == bytes(answer.plaintext))
    try decryption.verify(bytes(answer.tag))
  }

  private static let nonce = [UInt8](repeating: 7, count: GaloisCounterCipher.nonceCount)

  @Test func `what is altered anywhere does not open`() throws {
    let key = try Self.key()
    let sealed = try GaloisCounterCipher.seal(
      [1, 2, 3], key: key, nonce: Self.nonce, authenticating: [4, 5])
    for offset in sealed.indices {
      var altered = sealed
      altered[offset] ^= 1
      #expect(throws: CipherError.notAuthentic) {
        try GaloisCounterCipher.open(
          altered, key: key, nonce: Self.nonce, authenticating: [4, 5])
      }
      #expect(throws: CipherError.notAuthentic) {
        try GaloisCounterCipher.open(
          Array(sealed[..<offset]), key: key, nonce: Self.nonce, authenticating: [4, 5])
      }
    }
  }

  @Test(arguments: [[], [4], [5, 4], [4, 5, 0]] as [[UInt8]])
  func `other associated data does not open`(data: [UInt8]) throws {
    let key = try Self.key()
    let sealed = try GaloisCounterCipher.seal(
      [1, 2, 3], key: key, nonce: Self.nonce, authenticating: [4, 5])
    #expect(throws: CipherError.notAuthentic) {
      try GaloisCounterCipher.open(sealed, key: key, nonce: Self.nonce, authenticating: data)
    }
  }

  @Test(arguments: 0..<16)
  func `a tag that is cut short is refused`(count: Int) throws {
    let key = try Self.key()
    let tag = try GaloisCounterCipher.seal([], key: key, nonce: Self.nonce)
    let cipher = try GaloisCounterCipher(.decrypting, key: key, nonce: Self.nonce)
    #expect(throws: CipherError.notAuthentic) { try cipher.verify(Array(tag.prefix(count))) }
  }

  @Test(arguments: [0, 11, 13, 16])
  func `a nonce of another length is refused`(count: Int) throws {
    let key = try Self.key()
    #expect(throws: CipherError.nonceLength(count)) {
      try GaloisCounterCipher.seal([], key: key, nonce: [UInt8](repeating: 0, count: count))
    }
  }

  @Test(arguments: [0, 16, 31, 33])
  func `a key of another length is none`(count: Int) {
    #expect(AESKey([UInt8](repeating: 0, count: count)) == nil)
  }

  @Test func `a cipher that decrypts gives no tag`() throws {
    let cipher = try GaloisCounterCipher(.decrypting, key: Self.key(), nonce: Self.nonce)
    #expect(throws: CipherError.unavailable) { try cipher.tag() }
  }
}
