import Operations
import Testing

/// The expected bytes are those of the Python library cryptography, version 48.0.
///
/// The commands:
///
///     iv = bytes(range(100, 112))
///     (iv + AESGCM(bytes(range(32))).encrypt(iv, plaintext, None)).hex()
@Suite struct EnvelopeTests {
  private static let key = [UInt8](0..<32)
  private static let iv = [UInt8](100..<112)

  @Test(arguments: [
    ("", "6465666768696a6b6c6d6e6f609bd50f6ad76df665f048ba8c5fd706"),
    (
      "privicore",
      "6465666768696a6b6c6d6e6f3869b710108a39ec5bcab6a580898f9a8301914d7359a699d3"
    ),
  ])
  func `what is sealed is what others seal, and opens`(text: String, hex: String) throws {
    let sealed = try Envelope.seal(Array(text.utf8), key: Self.key, iv: Self.iv)
    #expect(Hexadecimal.encode(sealed) == hex)
    #expect(try Envelope.open(sealed, key: Self.key) == Array(text.utf8))
  }

  @Test func `an envelope altered in any byte is refused`() throws {
    let sealed = try Envelope.seal([1, 2, 3], key: Self.key, iv: Self.iv)
    for offset in sealed.indices {
      var altered = sealed
      altered[offset] ^= 0x80
      #expect(throws: EnvelopeError.notAuthentic) { try Envelope.open(altered, key: Self.key) }
    }
  }

  @Test func `another key does not open`() throws {
    let sealed = try Envelope.seal([1, 2, 3], key: Self.key, iv: Self.iv)
    #expect(throws: EnvelopeError.notAuthentic) {
      try Envelope.open(sealed, key: Self.key.reversed())
    }
  }

  @Test func `wrong sizes are refused`() {
    #expect(throws: EnvelopeError.keyLength(31)) {
      try Envelope.seal([], key: Array(Self.key.dropLast()), iv: Self.iv)
    }
    #expect(throws: EnvelopeError.ivLength(16)) {
      try Envelope.seal([], key: Self.key, iv: [UInt8](repeating: 0, count: 16))
    }
    #expect(throws: EnvelopeError.keyLength(0)) {
      try Envelope.open([UInt8](repeating: 0, count: 28), key: [])
    }
    #expect(throws: EnvelopeError.tooShort(27)) {
      try Envelope.open([UInt8](repeating: 0, count: 27), key: Self.key)
    }
  }
}
