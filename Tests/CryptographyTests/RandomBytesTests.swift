import Cryptography
import Testing

@Suite struct RandomBytesTests {
  @Test(arguments: [0, 1, 12, 32, 1000])
  func `as many bytes are drawn as are wanted`(count: Int) throws {
    #expect(try RandomBytes.system.draw(count).count == count)
  }

  @Test func `no two draws of a key are the same`() throws {
    let keys = try (0..<100).map { _ in try RandomBytes.system.draw(32) }
    #expect(Set(keys).count == keys.count)
  }

  @Test func `more bytes than the library gives at once are refused`() {
    #expect(throws: CryptographyFailure.randomBytes) {
      try RandomBytes.system.draw(Int(Int32.max) + 1)
    }
  }
}
