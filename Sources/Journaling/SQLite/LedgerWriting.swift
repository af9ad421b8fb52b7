import Events
import FoundationEssentials
import GRDB
import Operations

/// Records what is decided about schedules, in the transaction of a commit.
struct LedgerWriting {
  private let sealing: Sealing
  private let authentication: LedgerAuthentication
  private let owner: JournalOwner
  /// Where the key is, for messages.
  private let keyPath: String

  init(_ sealing: Sealing, as owner: JournalOwner, keyPath: String) {
    self.sealing = sealing
    authentication = LedgerAuthentication(sealing.key)
    self.owner = owner
    self.keyPath = keyPath
  }

  /// What a change comes to in the stored form.
  private struct StoredChange {
    /// Of the lease; 0 for a person.
    let epoch: Int
    let state: [UInt8]
    let ticks: [[UInt8]]
  }

  /// Makes `change`; throws `ledgerMoved`, `leaseLost`, `decidedTwice`, `flawedLedger`, `otherKey` or a
  /// database error.
  func perform(_ change: LedgerChange, in database: Database) throws {
    let name = change.state.name
    let known = try ScheduleRow.named(name, in: database)
    let stored = try Self.stored(change)
    if let known, try isRecorded(stored, of: change, in: known, database) { return }
    try checkLease(for: change, in: database)
    let version = known?.version ?? 0
    guard version == change.expected, change.state.version == version + 1 else {
      throw JournalError.ledgerMoved(schedule: name, rollout: change.rollout)
    }
    if let known {
      guard known.key == sealing.key.id else { throw JournalError.otherKey(path: keyPath) }
      // Nothing is built on a state that somebody without the key made.
      if let flaw = try known.flaw(sealing.key) {
        throw JournalError.flawedLedger(schedule: name, flaw)
      }
    }
    var row = known ?? ScheduleRow(new: name, sealing.key, number: 0)
    let first = row.ticks + 1
    let tags = try add(stored, of: change, to: &row)
    row.change = try Self.nextChange(in: database)
    row.tag = try authentication.tag(ofStateIn: row)
    try Self.put(&row, isNew: known == nil, in: database)
    for (index, tick) in change.ticks.enumerated() {
      try Self.refuseSecondVerdict(tick, of: change, row.number, in: database)
      try Self.add(
        tick, number: first + index, of: row.number, form: stored.ticks[index], tag: tags[index],
        in: database)
    }
    for number in change.handled {
      try database.cachedStatement(sql: "DELETE FROM triggers WHERE number = ? AND schedule = ?")
        .execute(arguments: [number, row.number])
      // What it answers is answered already.
      guard database.changesCount == 1 else {
        throw JournalError.ledgerMoved(schedule: name, rollout: change.rollout)
      }
    }
  }

  private static func stored(_ change: LedgerChange) throws(JournalError) -> StoredChange {
    let epoch =
      switch change.author {
      case .daemon(let epoch): epoch
      case .person: 0
      }
    do throws(StoredFormError) {
      return StoredChange(
        epoch: epoch, state: try ScheduleForm.encode(change.state),
        ticks: try change.ticks.map { tick throws(StoredFormError) in try TickForm.encode(tick) })
    } catch {
      throw .flawedLedger(schedule: change.state.name, .unreadableState(error))
    }
  }

  /// Whether that very change was made last: its first answer was lost.
  private func isRecorded(
    _ stored: StoredChange, of change: LedgerChange, in row: ScheduleRow, _ database: Database
  ) throws -> Bool {
    guard row.version == change.state.version, row.epoch == stored.epoch, row.form == stored.state,
      row.ticks >= stored.ticks.count
    else { return false }
    let forms = try Data.fetchAll(
      database, sql: "SELECT form FROM ticks WHERE schedule = ? AND number > ? ORDER BY number",
      arguments: [row.number, row.ticks - stored.ticks.count])
    return forms.map { Array($0) } == stored.ticks
  }

  /// A person needs no lease; the process that acts on schedules still has it.
  private func checkLease(for change: LedgerChange, in database: Database) throws {
    guard case .daemon(let epoch) = change.author else { return }
    let lease = try Lease.read(database)
    guard let lease, lease.owner == owner.number, lease.epoch == epoch else {
      let other = try lease?.owner.flatMap { try Ownership.owner($0, in: database) }
      throw JournalError.leaseLost(rollout: change.rollout, to: other)
    }
  }

  /// Puts what follows from `change` into `row`, and returns the tags of the new ticks.
  private func add(
    _ stored: StoredChange, of change: LedgerChange, to row: inout ScheduleRow
  ) throws(JournalError) -> [[UInt8]] {
    var tags: [[UInt8]] = []
    for form in stored.ticks {
      row.ticks += 1
      row.head = try authentication.tag(
        ofTick: row.ticks, of: row.name, after: row.head, form: form)
      tags.append(row.head)
    }
    row.version = change.state.version
    row.epoch = stored.epoch
    row.form = stored.state
    return tags
  }
}

/// Rows.
extension LedgerWriting {
  private static func nextChange(in database: Database) throws -> Int64 {
    let statement = try database.cachedStatement(
      sql: "SELECT coalesce(max(change), 0) + 1 FROM schedules")
    return try Int64.fetchOne(statement) ?? 1
  }

  private static func put(
    _ row: inout ScheduleRow, isNew: Bool, in database: Database
  ) throws {
    let values: StatementArguments = [
      row.version, row.epoch, row.change, row.ticks, Data(row.head), Data(row.form),
      Data(row.tag),
    ]
    guard isNew else {
      return try database.cachedStatement(
        sql: """
          UPDATE schedules SET version = ?, epoch = ?, change = ?, ticks = ?, head = ?, form = ?, tag = ?
          WHERE number = ?
          """
      ).execute(arguments: values + [row.number])
    }
    try database.cachedStatement(
      sql: """
        INSERT INTO schedules (version, epoch, change, ticks, head, form, tag, name, key)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: values + [row.name, Data(row.key)])
    row.number = database.lastInsertedRowID
  }

  /// Each due instant has one verdict; those of earlier ticks are apart from each other, too.
  private static func refuseSecondVerdict(
    _ tick: Tick, of change: LedgerChange, _ schedule: Int64, in database: Database
  ) throws {
    guard tick.verdict.person == nil else { return }
    let statement = try database.cachedStatement(
      sql: """
        SELECT through FROM ticks WHERE schedule = ? AND due <= ? AND person IS NULL
        ORDER BY due DESC LIMIT 1
        """)
    let latest = try Int64.fetchOne(statement, arguments: [schedule, tick.through.nanoseconds])
    guard let latest, latest >= tick.due.nanoseconds else { return }
    throw JournalError.decidedTwice(
      schedule: change.state.name, due: tick.due, rollout: change.rollout)
  }

  private static func add(
    _ tick: Tick, number: Int, of schedule: Int64, form: [UInt8], tag: [UInt8],
    in database: Database
  ) throws {
    let line = TickLine(tick)
    try database.cachedStatement(
      sql: """
        INSERT INTO ticks (schedule, number, due, through, count, verdict, rollout, person, form, tag)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      schedule, number, line.due, line.through, line.count, line.verdict, line.rollout,
      line.person, Data(form), Data(tag),
    ])
  }
}
