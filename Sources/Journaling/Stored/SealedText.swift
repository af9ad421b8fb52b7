import Cryptography

/// The stored form of a text: compressed, then sealed under its digest.
enum SealedText {
  /// A text of more bytes is neither stored nor read.
  static let largest = 64 * 1024 * 1024

  static func seal(_ text: StoredText, _ sealing: Sealing) throws(StoredFormError) -> [UInt8] {
    guard text.bytes.count <= largest, let packed = Deflate.compress(text.bytes, with: []) else {
      throw .tooLarge(byteCount: text.bytes.count)
    }
    return try sealing.sealer(for: text.digest.bytes).close(.bytes(packed))
  }

  /// The text of `digest`; throws when `sealed` is not that.
  static func open(
    _ sealed: [UInt8], of digest: TextDigest, _ key: JournalKey
  ) throws(StoredFormError) -> [UInt8] {
    guard case .bytes(let packed) = try Seal(key: key, context: digest.bytes).open(sealed),
      let text = Deflate.expand(packed, with: [], atMost: largest)
    else { throw .malformed("no text") }
    let found: TextDigest
    do throws(CryptographyFailure) {
      found = try TextDigest(of: text)
    } catch {
      throw .cryptography(error)
    }
    guard found == digest else { throw .malformed("another text") }
    return text
  }
}
