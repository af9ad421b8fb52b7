import Cryptography
package import Events
package import Operations

/// The ids of notifications: they follow from what is notified of and where it goes, so that what is
/// recorded twice is delivered as one.
package enum NoticeID {
  /// What names the rollout of `schedule` for `due` that leaves no record: the same one after an interruption.
  package static func plan(of schedule: String, due: Moment) -> RunID {
    id(of: ["plan", schedule, "\(due.nanoseconds)"])
  }

  /// The id of the notification that `parts` name, each different from those with other parts.
  static func id(of parts: [String]) -> RunID {
    var generator = DigestGenerator(parts)
    return RunID(using: &generator)
  }
}

/// Random bits that follow from texts.
private struct DigestGenerator: RandomNumberGenerator {
  private let text: [UInt8]
  private var round: UInt8 = 0
  private var bytes: [UInt8] = []

  init(_ parts: [String]) {
    // The length keeps parts apart.
    text = parts.flatMap { Array("\($0.utf8.count):\($0)".utf8) }
  }

  mutating func next() -> UInt64 {
    if bytes.count < 8 {
      // Without libcrypto there is no journal, either; equal ids would only count as one.
      bytes += (try? SHA256.digest(of: [round] + text)) ?? Array(repeating: round, count: 32)
      round &+= 1
    }
    defer { bytes.removeFirst(8) }
    return bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
