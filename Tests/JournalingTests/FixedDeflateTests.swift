import EventSamples
import Randomness
import Testing

@testable import Journaling

/// What is compressed here is read by zlib.
@Suite struct FixedDeflateTests {
  private static let dictionary = Array("status approved device.retrieve-profile-devices".utf8)

  private static func isReadBack(
    _ bytes: [UInt8], after dictionary: [UInt8] = dictionary
  ) throws -> Bool {
    let packed = try #require(FixedDeflate(after: dictionary).compress(bytes))
    return Deflate.expand(packed, with: dictionary, atMost: bytes.count) == bytes
  }

  @Test func `the fixed codes are those of RFC 1951`() {
    let compression = FixedDeflate(after: [])
    // What zlib writes for the same with fixed codes.
    #expect(compression.compress([]) == [0x03, 0x00])
    #expect(compression.compress([0, 0x8F, 0x90, 0xFF]) == [0x63, 0xE8, 0x9F, 0xF0, 0x1F, 0x00])
    #expect(compression.compress([], behind: [3]) == [3, 0x03, 0x00])
  }

  @Test(arguments: UInt64(0)..<200)
  func `bytes of any kind are read back`(seed: UInt64) throws {
    var generator = SplitMix(seed: seed)
    let kinds = UInt8.random(in: 1...255, using: &generator)
    let count = Int.random(in: 0...FixedDeflate.largest, using: &generator)
    let bytes = (0..<count).map { _ in UInt8.random(in: 0...kinds, using: &generator) }
    #expect(try Self.isReadBack(bytes))
    #expect(try Self.isReadBack(bytes, after: CommitForm.dictionary))
  }

  @Test(arguments: 0...DeflateMatch.longest + 5)
  func `a repetition of any length is read back`(length: Int) throws {
    let text = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 7 &+ $0 >> 3) }
    #expect(try Self.isReadBack(text + text + [0] + text))
    #expect(try Self.isReadBack([UInt8](repeating: 5, count: length)))
  }

  @Test(arguments: [1, 2, 4, 5, 8, 9, 100, 256, 257, 1024, 2049, 4000, 4090, 4096, 4097, 5000])
  func `a repetition from any distance is read back, and the farthest are not used`(
    distance: Int
  ) throws {
    var generator = SplitMix(seed: 1)
    let text = (0..<distance).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let (bytes, compression) = (Array(text.prefix(90)), FixedDeflate(after: text))
    let packed = try #require(compression.compress(bytes))
    #expect(Deflate.expand(packed, with: text, atMost: 100) == bytes)
    if distance > 8 { #expect((packed.count < 20) == (distance <= DeflateMatch.farthest)) }
  }

  @Test func `no more bytes are compressed than fixed codes are good for`() throws {
    let most = [UInt8](repeating: 200, count: FixedDeflate.largest)
    #expect(try Self.isReadBack(most))
    #expect(FixedDeflate(after: []).compress(most + [0]) == nil)
  }

  /// What compresses worse than that is found: a step should not cost much more of a journal than it did.
  @Test func `samples take at most a tenth more than with codes of their own`() throws {
    var (fixed, own) = (0, 0)
    for count in 1..<20 {
      let form = try CommitFormTests.form(of: Array(SampleRun.everything.dropFirst().prefix(count)))
      let plain = try #require(
        Deflate.expand(
          Array(form.dropFirst()), with: CommitForm.dictionary, atMost: CommitForm.largest))
      guard plain.count <= FixedDeflate.largest else { break }
      fixed += form.count
      own += try #require(Deflate.compress(plain, with: CommitForm.dictionary)).count
    }
    #expect(fixed * 10 < own * 11)
  }
}
