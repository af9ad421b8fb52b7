import Cryptography
import Events
import FoundationEssentials
import GRDB

/// Reads the ticks of one schedule, and verifies them where its key is at hand.
struct LedgerReading {
  private let schedule: ScheduleRow
  /// The key, where it is the one that the ledger was written under.
  private let key: JournalKey?
  private let authentication: LedgerAuthentication?

  init(of schedule: ScheduleRow, _ key: JournalKey?) {
    self.schedule = schedule
    self.key = key?.id == schedule.key ? key : nil
    authentication = self.key.map(LedgerAuthentication.init)
  }

  /// The ticks before the one of that number, newest first, at most `limit`; throws `flawedLedger`.
  func ticks(
    before end: Int?, limit: Int, in database: Database
  ) throws -> [RecordedTick] {
    _ = try schedule.state(key)
    // One more: its tag is what the earliest tick is verified with.
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT \(TickRow.columns) FROM ticks WHERE schedule = ? AND number < ?
        ORDER BY number DESC LIMIT ?
        """,
      arguments: [schedule.number, min(end ?? .max, schedule.ticks + 1), max(0, limit) + 1]
    ).map(TickRow.init)
    let newest = rows.first
    if end == nil,
      let found = headFlaw(
        newest?.number ?? schedule.archived.count, newest?.tag ?? schedule.archived.tag)
    {
      throw flaw(found)
    }
    return try rows.prefix(max(0, limit)).enumerated().map { index, row in
      let earlier = index + 1 < rows.count ? rows[index + 1] : nil
      guard row.number == (earlier?.number ?? schedule.archived.count) + 1 else {
        throw flaw(.gap(tick: row.number - 1))
      }
      return try tick(row, after: earlier?.tag ?? schedule.archived.tag)
    }
  }

  /// The latest tick; nil where there is none, throws `flawedLedger`.
  func latest(in database: Database) throws -> RecordedTick? {
    try ticks(before: nil, limit: 1, in: database).first
  }

  private func tick(_ row: TickRow, after previous: [UInt8]) throws(JournalError) -> RecordedTick {
    switch try row.tick(of: schedule.name, after: previous, authentication) {
    case .success(let tick): return RecordedTick(number: row.number, tick)
    case .failure(let found): throw flaw(found)
    }
  }

  private func flaw(_ flaw: LedgerFlaw) -> JournalError {
    .flawedLedger(schedule: schedule.name, flaw)
  }
}

/// Verification of everything.
extension LedgerReading {
  /// Looks at each tick and at the state; keeps no ticks.
  func check(in database: Database) throws -> LedgerCheck {
    var flaws: [LedgerFlaw] = []
    // The tag of the latest row; nil behind a gap, where nobody knows it.
    var latest: [UInt8]? = schedule.archived.tag
    var count = schedule.archived.count
    let rows = try Row.fetchCursor(
      database,
      sql: "SELECT \(TickRow.columns) FROM ticks WHERE schedule = ? ORDER BY number",
      arguments: [schedule.number])
    while let stored = try rows.next() {
      guard let row = try? TickRow(stored) else {
        count += 1
        flaws.append(.altered(tick: count))
        latest = nil
        continue
      }
      if row.number != count + 1 {
        flaws.append(row.number > count ? .gap(tick: count + 1) : .altered(tick: row.number))
        latest = nil
      }
      count = row.number
      if case .failure(let flaw) = try row.tick(of: schedule.name, after: latest, authentication) {
        flaws.append(flaw)
      }
      latest = row.tag
    }
    if let flaw = headFlaw(count, latest) { flaws.append(flaw) }
    if let flaw = try schedule.flaw(key) { flaws.append(flaw) }
    return LedgerCheck(
      schedule: schedule.name, tickCount: max(0, count - schedule.archived.count), flaws: flaws,
      isVerified: key != nil)
  }

  /// How the ticks up to the number `count`, the latest with the tag `latest`, differ from those that the row of
  /// the schedule knows.
  private func headFlaw(_ count: Int, _ latest: [UInt8]?) -> LedgerFlaw? {
    if count < schedule.ticks { return .cut(recorded: schedule.ticks, present: count) }
    if count > schedule.ticks { return .unknownTail(tick: schedule.ticks + 1) }
    guard let latest, latest != schedule.head else { return nil }
    return count > schedule.archived.count ? .altered(tick: count) : .alteredState
  }

  /// The schedules that ticks refer to and that have no row.
  static func checksOfMissing(in database: Database) throws -> [LedgerCheck] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT schedule, count(*) AS count FROM ticks
        WHERE schedule NOT IN (SELECT number FROM schedules) GROUP BY schedule
        """
    ).map { row in
      let number: Int64 = try row.value("schedule")
      return LedgerCheck(
        schedule: "number \(number)", tickCount: try row.count("count"), flaws: [.missingState],
        isVerified: false)
    }
  }
}
