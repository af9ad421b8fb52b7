import Events
import GRDB
import Operations

/// Verifies records whole: their chains, their seals, the texts that they name, their rows in the list.
struct RecordCheck {
  private let key: JournalKey
  private(set) var texts: TextChecks

  init(_ key: JournalKey) {
    self.key = key
    texts = TextChecks(key)
  }

  /// What a look at a record found.
  enum Verdict: Sendable, Hashable {
    case intact
    case flawed([ChainFlaw])
    /// It is authenticated with another key, which has this id.
    case otherKey([UInt8])
  }

  /// Verifies the record of `row`, of which no more than two events are kept in memory at a time.
  mutating func verdict(of row: RunRow, in database: Database) throws -> Verdict {
    if let other = row.key, other != key.id { return .otherKey(other) }
    let record = try RecordReading.record(
      row, key, masks: false, keeping: .ends, in: database)
    var flaws = record.flaws
    if let first = record.events.first?.kind {
      flaws += try texts.flaws(of: first, in: database)
    }
    return flaws.isEmpty ? .intact : .flawed(flaws)
  }

  /// Verifies a text that no record needs to name; nil where it is not there.
  mutating func isIntact(_ digest: TextDigest, in database: Database) throws -> Bool? {
    try texts.isIntact(digest, in: database)
  }
}
