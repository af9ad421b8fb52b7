import Cryptography
import Events

/// The tags over the ledgers of schedules.
///
/// Each is the first 16 bytes of HMAC-SHA-256 under a key of its own, which is derived from the journal key.
/// The tags of a schedule's ticks are a chain: each covers the one before it. That of its state covers the
/// latest of them, so that the state and the ticks belong together. Numbers have 8 bytes, most significant
/// first, and the name stands behind its length.
struct LedgerAuthentication: Sendable {
  /// What stands before the first tick, where others have the tag of the one before.
  static let origin = [UInt8](repeating: 0, count: Authentication.tagCount)

  private let key: HMACSHA256Key

  init(_ key: JournalKey) {
    self.key = key.ledgerAuthentication
  }

  /// The tag of the tick `number` of `schedule`, after one with the tag `previous`.
  func tag(
    ofTick number: Int, of schedule: String, after previous: [UInt8], form: [UInt8]
  ) throws(JournalError) -> [UInt8] {
    try tag("tick", schedule, [number], previous + form)
  }

  /// The tag of the state of `schedule` in `row`, whatever tag that has.
  func tag(ofStateIn row: ScheduleRow) throws(JournalError) -> [UInt8] {
    let numbers = [row.version, row.epoch, row.ticks]
    guard row.archived != .none else {
      return try tag("state", row.name, numbers, row.head + row.form)
    }
    // Nobody without the key makes the beginning of a ledger vanish.
    return try tag(
      "archived", row.name, numbers + [row.archived.count],
      row.archived.tag + row.head + row.form)
  }

  private func tag(
    _ label: String, _ schedule: String, _ numbers: [Int], _ rest: [UInt8]
  ) throws(JournalError) -> [UInt8] {
    let name = Array(schedule.utf8)
    let head = Array(label.utf8) + ([name.count].flatMap(Self.bytes) + name)
    do throws(CryptographyFailure) {
      let message = head + numbers.flatMap(Self.bytes) + rest
      return Array(try key.code(for: message).prefix(Authentication.tagCount))
    } catch {
      throw .cryptography(error)
    }
  }

  private static func bytes(_ number: Int) -> [UInt8] { EventAddress.bigEndian(Int64(number)) }
}
