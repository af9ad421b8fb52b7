import Crypto
import Events
import FoundationEssentials
import Operations

/// The chain of digests over a run's events: each covers the one before it.
///
/// A digest is SHA-256 over the digest before (32 zero bytes before the first), the run (12 bytes),
/// the sequence and the time (8 bytes each, most significant first) and the stored bytes.
enum EventChain {
  static let origin = [UInt8](repeating: 0, count: 32)

  static func digest(
    after previous: [UInt8], _ address: EventAddress, at: Moment, form: [UInt8]
  ) -> [UInt8] {
    var hash = SHA256()
    hash.update(data: previous)
    hash.update(data: address.bytes)
    hash.update(data: EventAddress.bigEndian(at.nanoseconds))
    hash.update(data: form)
    return Array(hash.finalize())
  }
}
