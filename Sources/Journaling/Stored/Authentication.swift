import Cryptography
import Events

/// The chain of tags over what is recorded of a run: each covers the one before it.
///
/// A tag is the first 16 bytes of HMAC-SHA-256 under a key of its own, which is derived from the
/// journal key, over the tag before (nothing before the first), the run (12 bytes), the sequence of
/// the first event (8 bytes, most significant first) and the stored form.
struct Authentication: Sendable {
  /// Bytes of a tag: half of the code, as RFC 2104 §5 allows.
  static let tagCount = 16

  private let key: HMACSHA256Key

  init(_ key: JournalKey) {
    self.key = key.authentication
  }

  func tag(
    after previous: [UInt8], _ address: EventAddress, form: [UInt8]
  ) throws(JournalError) -> [UInt8] {
    do throws(CryptographyFailure) {
      var message: [UInt8] = []
      message.reserveCapacity(previous.count + EventAddress.byteCount + form.count)
      message += previous
      address.append(to: &message)
      message += form
      return Array(try key.code(for: message).prefix(Self.tagCount))
    } catch {
      throw .cryptography(error)
    }
  }
}
