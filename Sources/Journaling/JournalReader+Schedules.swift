package import Events
import FoundationEssentials
import GRDB

/// Schedules.
///
/// What is read is verified where the key that it was written under is at hand, and read without it, too; what
/// is flawed throws `flawedLedger`. A journal of an older program has no schedules.
extension JournalReader {
  /// All schedules whose state is intact, also those whose file is not served any more, in the order of their
  /// names.
  package func schedules() throws(JournalError) -> [ScheduleState] {
    try readSchedules(orElse: []) { database, key in
      try ScheduleRow.fetch(database, "ORDER BY name").compactMap { row in
        // What was recorded under another key is shown, and not verified.
        let own = row.key == key?.id ? key : nil
        switch try row.usableState(own, at: file.keyFile.path, in: database) {
        case .success(let state): return state
        case .failure: return nil
        }
      }
    }
  }

  /// The schedules about which nothing is decided, since their ledgers cannot be used, in the order of their
  /// names; without the key, those whose state cannot be read.
  package func flawedSchedules() throws(JournalError) -> [FlawedSchedule] {
    let path = file.keyFile.path
    return try readSchedules(orElse: []) { database, key in
      try ScheduleRow.fetch(database, "ORDER BY name").compactMap { row in
        guard case .failure(let flawed) = try row.usableState(key, at: path, in: database)
        else { return nil }
        return flawed
      }
    }
  }

  /// The schedule of that name; throws `noSchedules` or `unknownSchedule`.
  package func schedule(named name: String) throws(JournalError) -> ScheduleState {
    try readSchedule(name) { row, _, key in try row.state(key) }
  }

  /// The ticks of a schedule that were decided before the one of that number, newest first, at most `limit`.
  ///
  /// A nil `number` begins at the newest; the next page begins at the number of this one's last. Throws
  /// `noSchedules` or `unknownSchedule`.
  package func ticks(
    of name: String, limit: Int, before number: Int? = nil
  ) throws(JournalError) -> [RecordedTick] {
    try readSchedule(name) { row, database, key in
      try LedgerReading(of: row, key).ticks(before: number, limit: limit, in: database)
    }
  }

  /// How many notifications wait for their delivery, also those that cannot be read.
  package func noticeCount() throws(JournalError) -> Int {
    try readSchedules(orElse: 0) { database, _ in
      try Int.fetchOne(database, sql: "SELECT count(*) FROM notices") ?? 0
    }
  }

  /// The tick of each schedule that was decided last, by the name of the schedule; none of a schedule whose
  /// ledger is not intact.
  package func latestTicks() throws(JournalError) -> [String: RecordedTick] {
    try readSchedules(orElse: [:]) { database, key in
      var latest: [String: RecordedTick] = [:]
      for row in try ScheduleRow.fetch(database, "WHERE ticks > 0") {
        do {
          latest[row.name] = try LedgerReading(of: row, key).latest(in: database)
        } catch JournalError.flawedLedger {
          continue
        }
      }
      return latest
    }
  }

  /// What a verification of every ledger finds, in the order of the schedules' names.
  package func ledgerChecks() throws(JournalError) -> [LedgerCheck] {
    try readSchedules(orElse: []) { database, key in
      try ScheduleRow.fetch(database, "ORDER BY name").map { row in
        try LedgerReading(of: row, key).check(in: database)
      } + LedgerReading.checksOfMissing(in: database)
    }
  }

  /// The process that acts on schedules, or did last; nil where none ever did.
  package func leaseHolder() throws(JournalError) -> LeaseHolder? {
    let sight = try readSchedules(orElse: nil) { database, _ in
      try Lease.read(database)?.sight(in: database)
    }
    guard let sight, let owner = sight.owner else {
      return sight.map { LeaseHolder($0, isAlive: false) }
    }
    let isAlive = (try? OwnerLocks.isHeld(owner.number, beside: file.path)) ?? true
    return LeaseHolder(sight, isAlive: isAlive)
  }

  /// The triggers that wait, oldest first; none without the key, since they are sealed.
  package func triggers() throws(JournalError) -> [ScheduleTrigger] {
    try readSchedules(orElse: []) { database, key in
      try key.map { try TriggerRow.fetch($0, in: database) } ?? []
    }
  }

  private func readSchedules<Result>(
    orElse empty: Result, _ body: (Database, JournalKey?) throws -> Result
  ) throws(JournalError) -> Result {
    let key = try key(for: .masked)
    return try file.read { database in
      try JournalSchema.hasSchedules(database) ? body(database, key) : empty
    }
  }

  private func readSchedule<Result>(
    _ name: String, _ body: (ScheduleRow, Database, JournalKey?) throws -> Result
  ) throws(JournalError) -> Result {
    let result: Result? = try readSchedules(orElse: nil) { database, key in
      if let row = try ScheduleRow.named(name, in: database) { return try body(row, database, key) }
      let known = try ScheduleRow.names(in: database)
      if known.isEmpty { return nil }
      throw JournalError.unknownSchedule(name: name, known: known)
    }
    guard let result else { throw .noSchedules }
    return result
  }
}
