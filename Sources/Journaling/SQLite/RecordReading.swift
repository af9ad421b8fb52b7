import Cryptography
import Events
import FoundationEssentials
import GRDB
import Operations

/// Reads the record of one run, row by row, and verifies it.
struct RecordReading {
  private let row: RunRow
  /// Nil for masked secrets and a record that is not verified.
  private let key: JournalKey?
  private var record: RunRecord
  /// The digest or tag of the latest row; nil behind a gap, where nobody knows it.
  private var latest: [UInt8]?
  /// How many events the rows read so far hold, flawed ones included.
  private var count = 0
  /// How many events were read before the first flaw.
  private var intactCount = 0
  private let kept: Kept

  /// Which events a reading keeps.
  enum Kept {
    case all
    /// The first and the last: the record is only verified, however long it is.
    case ends
  }

  /// Reads the events of `row`; secrets are masked when `masks`, or without a key.
  static func record(
    _ row: RunRow, _ key: JournalKey?, masks: Bool, keeping kept: Kept = .all,
    in database: Database
  ) throws -> RunRecord {
    var reading = RecordReading(row, key, kept)
    try reading.readRows(masks: masks, in: database)
    if try JournalSchema.hasCommits(database) {
      try reading.readCommits(masks: masks, in: database)
    }
    reading.conclude()
    return reading.record
  }

  private init(_ row: RunRow, _ key: JournalKey?, _ kept: Kept) {
    self.kept = kept
    self.row = row
    self.key = key
    record = RunRecord(events: [], isVerified: key != nil)
  }

  private var run: RunID { row.summary.run }

  private mutating func note(_ flaw: ChainFlaw) { record.flaws.append(flaw) }

  /// The events that older programs recorded, a row each, under digests without a key.
  private mutating func readRows(masks: Bool, in database: Database) throws {
    latest = EventChain.origin
    let rows = try Row.fetchCursor(
      database,
      sql: "SELECT sequence, at, form, digest FROM events WHERE run = ? ORDER BY sequence",
      arguments: [run.text])
    while let stored = try rows.next() {
      guard let (sequence, at, form, digest) = Self.event(stored) else {
        noteUnknownRow()
        continue
      }
      let address = EventAddress(run: run, sequence: sequence)
      skip(to: sequence)
      if let latest {
        let expected = try EventChain.digest(after: latest, address, at: at, form: form)
        if digest != expected { note(.altered(sequence: sequence)) }
      }
      let seal = masks ? nil : key.map { Seal(key: $0, context: address.bytes) }
      let events = Result { () throws(StoredFormError) in
        let kind = try StoredEvent.decodeRow(form, opening: seal)
        return [RunEvent(sequence: sequence, at: at, kind: kind)]
      }
      try take(events, from: sequence)
      latest = digest
    }
    if count == 0, record.flaws.isEmpty { latest = [] }
  }

  /// What a row of `events` holds; nil when it cannot be such a row.
  private static func event(
    _ row: Row
  ) -> (sequence: Int, at: Moment, form: [UInt8], digest: [UInt8])? {
    guard let sequence = try? row.count("sequence"), let at: Int64 = try? row.value("at"),
      let form = try? row.bytes("form"), let digest = try? row.bytes("digest")
    else { return nil }
    return (sequence, Moment(nanoseconds: at), form, digest)
  }

  private mutating func readCommits(masks: Bool, in database: Database) throws {
    let rows = try Row.fetchCursor(
      database,
      sql: "SELECT first, form, tag FROM commits WHERE run = ? ORDER BY first",
      arguments: [row.number])
    while let stored = try rows.next() {
      guard let first = try? stored.count("first"), let form = try? stored.bytes("form"),
        let tag = try? stored.bytes("tag")
      else {
        noteUnknownRow()
        continue
      }
      let address = EventAddress(run: run, sequence: first)
      skip(to: first)
      if let key, let latest {
        let expected = try Authentication(key).tag(after: latest, address, form: form)
        if !ConstantTime.areEqual(tag, expected) { note(.altered(sequence: first)) }
      }
      let (run, opener) = (run, masks ? nil : key)
      let events = Result { () throws(StoredFormError) in
        try CommitForm.decode(form, of: run, from: first, opener)
      }
      try take(events, from: first)
      latest = tag
    }
  }

  /// There is a row whose values nobody wrote: what follows cannot be verified.
  private mutating func noteUnknownRow() {
    note(.altered(sequence: count))
    latest = nil
  }

  /// The next row holds the events from `sequence` on.
  private mutating func skip(to sequence: Int) {
    guard sequence != count else { return }
    note(sequence > count ? .gap(sequence: count) : .altered(sequence: sequence))
    count = sequence
    latest = nil
  }

  /// Takes the events of a row over, unless something before it is flawed.
  private mutating func take(
    _ events: Result<[RunEvent], StoredFormError>, from sequence: Int
  ) throws {
    switch events {
    case .success(let events):
      count = sequence + events.count
      if record.flaws.isEmpty { keep(events) }
    case .failure(.cryptography(let failure)): throw JournalError.cryptography(failure)
    case .failure(let error):
      count = sequence + 1
      if record.flaws.isEmpty { note(.unreadable(sequence: sequence, error)) }
    }
  }

  private mutating func keep(_ events: [RunEvent]) {
    intactCount += events.count
    record.events += events
    guard kept == .ends, record.events.count > 2 else { return }
    record.events.removeSubrange(1..<record.events.count - 1)
  }

  /// Whether the line of the list says what the events say.
  private var listsWhatIsRecorded: Bool {
    guard let first = record.events.first, let last = record.events.last,
      let line = RunLine(first.kind)
    else { return false }
    let summary = row.summary
    return row.line == line && summary.startedAt == first.at && summary.lastEventAt == last.at
      && summary.eventCount == intactCount && summary.outcome == last.kind.endOutcome
      && row.state == (line.rollout == nil ? nil : TenantState(after: last.kind))
  }

  private mutating func conclude() {
    let summary = row.summary
    if count < summary.eventCount {
      note(.cut(recorded: summary.eventCount, present: count))
    } else if count > summary.eventCount {
      record.events.removeLast(max(0, record.events.count - summary.eventCount))
      note(.unknownTail(sequence: summary.eventCount))
    } else if let latest, latest != row.head {
      note(.altered(sequence: max(0, count - 1)))
    } else if record.flaws.isEmpty, !listsWhatIsRecorded {
      note(.summaryDiffers)
    }
  }
}
