package import Events
import FoundationEssentials
import GRDB
package import Operations

extension SQLiteJournal: ScheduleLedger {
  /// The schedules that changed after `cursor`, all triggers that wait, and where to read on.
  ///
  /// While nothing changes, that costs nearly nothing.
  package func schedules(
    after cursor: JournalCursor
  ) async throws(JournalError) -> SchedulePage {
    try await JournalError.translating { () throws -> SchedulePage in
      try await self.file.readInBackground { [self] database in
        let version = try polls.version(of: .schedules, in: database)
        if let page = polls.page(after: cursor, at: version) { return page }
        let page = try schedules(after: cursor, in: database)
        polls.note(page, at: version)
        return page
      }
    }
  }

  private func schedules(
    after cursor: JournalCursor, in database: Database
  ) throws -> SchedulePage {
    // The triggers first: each belongs to a schedule that is there then, too.
    let triggers = try TriggerRow.fetch(sealing.key, in: database)
    var rows = try ScheduleRow.fetch(database, "WHERE change > ? ORDER BY name", [cursor.position])
    // What was found unusable is looked at again: a person may have mended or removed it.
    let changed = Set(rows.map(\.name))
    for name in polls.flawedSchedules.subtracting(changed) {
      if let row = try ScheduleRow.named(name, in: database) { rows.append(row) }
    }
    rows.sort { $0.name < $1.name }
    var page = SchedulePage([], triggers: triggers, next: cursor)
    for row in rows {
      switch try usableState(of: row, in: database) {
      case .success(let state):
        page.states.append(state)
        page.next = JournalCursor(max(page.next.position, row.change))
      case .failure(let flawed): page.flawed.append(flawed)
      }
    }
    return page
  }

  func usableState(
    of row: ScheduleRow, in database: Database
  ) throws -> Result<ScheduleState, FlawedSchedule> {
    try row.usableState(sealing.key, at: file.keyFile.path, in: database)
  }

  /// Asks for a rollout of `schedule` now; throws `unknownSchedule`, or `flawedLedger` or `otherKey` where its
  /// ledger cannot be used.
  package func trigger(
    _ schedule: String, at moment: Moment, by person: String
  ) async throws(JournalError) {
    _ = try await trigger(schedule, at: moment, by: person, mostWaiting: .max)
  }

  /// The same, unless `most` triggers of `schedule` wait already; returns how many waited before.
  package func trigger(
    _ schedule: String, at moment: Moment, by person: String, mostWaiting most: Int
  ) async throws(JournalError) -> Int {
    try await JournalError.translating { () throws -> Int in
      try await self.writes.perform(as: .anyone) { [self] database in
        polls.noteOwnChange(of: .schedules)
        guard let row = try ScheduleRow.named(schedule, in: database) else {
          throw JournalError.unknownSchedule(
            name: schedule, known: try ScheduleRow.names(in: database))
        }
        // A ledger that cannot be used starts nothing.
        if case .failure(let flawed) = try usableState(of: row, in: database) {
          throw flawed.error
        }
        let waiting = try TriggerRow.fetch(sealing.key, in: database)
          .count { $0.schedule == schedule }
        guard waiting < most else { return waiting }
        let form = try StoredTrigger.seal(at: moment, by: person, of: schedule, sealing)
        try database.execute(
          sql: "INSERT INTO triggers (schedule, form) VALUES (?, ?)",
          arguments: [row.number, Data(form)])
        return waiting
      }
    }
  }
}

/// The lease.
extension SQLiteJournal {
  /// Becomes the one process that acts on schedules, unless another one has the lease, lives, and is not
  /// `lapsed`.
  package func takeLease(lapsed: LeaseSight?) async throws(JournalError) -> LeaseAttempt {
    try await JournalError.translating { () throws -> LeaseAttempt in
      // Whoever stands by looks often, and does not hinder those who write.
      let held = try await self.file.readInBackground { [self] database in
        try holder(in: database, lapsed: lapsed)
      }
      if let held { return .held(held) }
      return try await self.writes.perform(as: .owner) { [self] database in
        if let held = try holder(in: database, lapsed: lapsed) { return .held(held) }
        let lease = try Lease.read(database)
        let epoch = (lease?.epoch ?? 0) + 1
        try database.execute(
          sql: """
            INSERT OR REPLACE INTO lease (number, owner, epoch, beat)
            VALUES (1, ?, ?, \(Lease.next(after: "?")))
            """,
          arguments: [ownership.current.number, epoch, lease?.beat ?? 0])
        return .taken(epoch: epoch)
      }
    }
  }

  /// The other process that has the lease; nil where this one may take it.
  private func holder(
    in database: Database, lapsed: LeaseSight?
  ) throws -> LeaseSight? {
    guard let lease = try Lease.read(database), let owner = lease.owner, owner != ownership.number,
      try ownership.isAlive(owner, of: file.path, in: database)
    else { return nil }
    let sight = try lease.sight(in: database)
    return sight == lapsed ? nil : sight
  }

  /// Shows that this process lives, where it still has the lease under `epoch`.
  package func renewLease(epoch: Int) async throws(JournalError) -> Bool {
    try await changeLease("beat = \(Lease.next(after: "beat"))", epoch: epoch)
  }

  /// Gives the lease up, if it is still this process's under `epoch`.
  package func releaseLease(epoch: Int) async throws(JournalError) {
    _ = try await changeLease("owner = NULL", epoch: epoch)
  }

  /// Whether this process still had the lease.
  private func changeLease(
    _ assignment: String, epoch: Int
  ) async throws(JournalError) -> Bool {
    try await JournalError.translating { () throws -> Bool in
      try await self.writes.perform(as: .anyone) { [self] database in
        try database.execute(
          sql: "UPDATE lease SET \(assignment) WHERE owner = ? AND epoch = ?",
          arguments: [ownership.number, epoch])
        return database.changesCount > 0
      }
    }
  }
}

/// Notifications.
extension SQLiteJournal {
  /// The notifications that are due at `moment`, oldest first, at most `limit`, each put off by `hold` and
  /// counted as attempted.
  package func takeNotices(
    due moment: Moment, limit: Int, hold: Duration
  ) async throws(JournalError) -> [StoredNotice] {
    try await JournalError.translating { () throws -> [StoredNotice] in
      let isAnyDue = try await self.file.readInBackground { database in
        try NoticeRow.isAnyDue(at: moment, in: database)
      }
      guard isAnyDue else { return [] }
      return try await self.writes.perform(as: .anyone) { [self] database in
        try NoticeRow.take(
          due: moment, limit: limit, until: moment + hold, sealing.key, in: database)
      }
    }
  }

  /// Puts a notification off until `due`.
  package func delay(notice: RunID, until due: Moment) async throws(JournalError) {
    try await JournalError.translating { () throws -> Void in
      try await self.writes.perform(as: .anyone) { database in
        try database.execute(
          sql: "UPDATE notices SET due = ? WHERE id = ?",
          arguments: [due.nanoseconds, notice.text])
      }
    }
  }

  /// Removes a notification that was delivered, or given up.
  package func remove(notice: RunID) async throws(JournalError) {
    try await JournalError.translating { () throws -> Void in
      try await self.writes.perform(as: .anyone) { database in
        try database.execute(
          sql: "DELETE FROM notices WHERE id = ?", arguments: [notice.text])
      }
    }
  }
}
