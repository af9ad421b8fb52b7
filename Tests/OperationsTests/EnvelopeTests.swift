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

  private static let sizes = [
    0, 1, 15, 16, 17, (256 << 10) - 1, 256 << 10, (256 << 10) + 1, 1 << 20,
  ]

  /// `bytes` in pieces of `count`, an empty one among them.
  private static func pieces(of bytes: [UInt8], _ count: Int) -> [[UInt8]] {
    [[]]
      + stride(from: 0, to: bytes.count, by: count).map {
        Array(bytes[$0..<min($0 + count, bytes.count)])
      }
  }

  private static func opened(_ pieces: [[UInt8]], key: [UInt8]) throws -> [UInt8] {
    let opener = try EnvelopeOpener(key: key)
    var plaintext: [UInt8] = []
    for piece in pieces { plaintext += try opener.open(piece) }
    try opener.finish()
    return plaintext
  }

  @Test(arguments: sizes)
  func `pieces of any size make the same envelope as the whole, and open`(size: Int) throws {
    let plaintext = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    let whole = try Envelope.seal(plaintext, key: Self.key, iv: Self.iv)
    for count in [size < 2000 ? 1 : 4093, 12, 13, 28, 65_536].filter({ $0 * 2000 > size }) {
      let sealer = try EnvelopeSealer(key: Self.key, iv: Self.iv)
      var sealed = Self.iv
      for piece in Self.pieces(of: plaintext, count) { sealed += try sealer.seal(piece) }
      sealed += try sealer.finish()
      #expect(sealed == whole)
      #expect(try Self.opened(Self.pieces(of: whole, count), key: Self.key) == plaintext)
    }
  }

  @Test(arguments: [1, 7, 16, 40])
  func `an envelope in pieces that is altered or cut anywhere is refused`(count: Int) throws {
    let sealed = try Envelope.seal([UInt8](0..<40), key: Self.key, iv: Self.iv)
    for offset in sealed.indices {
      var altered = sealed
      altered[offset] ^= 1
      #expect(throws: EnvelopeError.notAuthentic) {
        try Self.opened(Self.pieces(of: altered, count), key: Self.key)
      }
      let expected: EnvelopeError = offset < 28 ? .tooShort(offset) : .notAuthentic
      #expect(throws: expected) {
        try Self.opened(Self.pieces(of: Array(sealed[..<offset]), count), key: Self.key)
      }
    }
  }

  @Test func `the last sixteen bytes are held back`() throws {
    let sealed = try Envelope.seal([1, 2, 3], key: Self.key, iv: Self.iv)
    let opener = try EnvelopeOpener(key: Self.key)
    #expect(try opener.open(Array(sealed[..<28])) == [])
    #expect(try opener.open([sealed[28]]) == [1])
    #expect(try opener.open(Array(sealed[29...])) == [2, 3])
    try opener.finish()
  }
}
