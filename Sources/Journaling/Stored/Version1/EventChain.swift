import Cryptography
import Events
import Operations

/// The chain of digests over a run's events: each covers the one before it.
///
/// A digest is SHA-256 over the digest before (32 zero bytes before the first), the run (12 bytes),
/// the sequence and the time (8 bytes each, most significant first) and the stored bytes.
enum EventChain {
  static let origin = [UInt8](repeating: 0, count: 32)

  static func digest(
    after previous: [UInt8], _ address: EventAddress, at: Moment, form: [UInt8]
  ) throws(JournalError) -> [UInt8] {
    do throws(CryptographyFailure) {
      var hash = try SHA256()
      try hash.update(previous)
      try hash.update(address.bytes)
      try hash.update(EventAddress.bigEndian(at.nanoseconds))
      try hash.update(form)
      return try hash.finalize()
    } catch {
      throw .cryptography(error)
    }
  }
}
