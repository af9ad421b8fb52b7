import Events
import FoundationEssentials
import GRDB
package import Operations

/// What was forgotten of a schedule.
package struct ForgottenSchedule: Sendable, Hashable {
  /// How many verdicts were removed, those in archives not counted.
  package var ticks: Int
  /// How many triggers were removed.
  package var triggers: Int
}

extension SQLiteJournal {
  /// Lets a schedule begin anew whose ledger cannot be used: its verdicts and triggers are removed, and it is
  /// first seen at `moment`, not served yet.
  ///
  /// Returns nil, and removes nothing, where the ledger can be used. Throws `unknownSchedule`, and `otherKey`
  /// where the ledger may be intact under the right key.
  package func forget(
    _ schedule: String, at moment: Moment
  ) async throws(JournalError) -> ForgottenSchedule? {
    try await JournalError.translating { () throws -> ForgottenSchedule? in
      try await self.writes.perform(as: .anyone) { [self] database in
        polls.noteOwnChange(of: .schedules)
        guard let row = try ScheduleRow.named(schedule, in: database) else {
          throw JournalError.unknownSchedule(
            name: schedule, known: try ScheduleRow.names(in: database))
        }
        guard case .failure(let flawed) = try usableState(of: row, in: database) else {
          return nil
        }
        if case .otherKey = flawed.error { throw flawed.error }
        return try begin(row, anew: moment, in: database)
      }
    }
  }

  private func begin(
    _ row: ScheduleRow, anew moment: Moment, in database: Database
  ) throws -> ForgottenSchedule {
    let forgotten = try AppendOnly.lifting(in: database) {
      try database.execute(sql: "DELETE FROM ticks WHERE schedule = ?", arguments: [row.number])
      let ticks = database.changesCount
      try database.execute(
        sql: "DELETE FROM triggers WHERE schedule = ?", arguments: [row.number])
      return ForgottenSchedule(ticks: ticks, triggers: database.changesCount)
    }
    // The row stays: its change is after every other one, so that no reader misses it.
    let latest = try row.latestChange(in: database)
    var new = ScheduleRow(new: row.name, sealing.key, number: row.number)
    new.version = row.versionNobodyKnows(after: latest)
    new.change = max(latest &+ 1, Int64(new.version))
    new.form = try ScheduleForm.encode(.begun(row.name, new.version, at: moment))
    new.tag = try LedgerAuthentication(sealing.key).tag(ofStateIn: new)
    try database.execute(
      sql: """
        UPDATE schedules SET version = ?, epoch = 0, ticks = 0, head = ?, form = ?, tag = ?, key = ?,
          first = 1, anchor = ?, change = ?
        WHERE number = ?
        """,
      arguments: [
        new.version, Data(new.head), Data(new.form), Data(new.tag), Data(new.key),
        Data(LedgerAuthentication.origin), new.change, row.number,
      ])
    return forgotten
  }
}

extension ScheduleRow {
  /// Between the versions of a ledger before and after it was forgotten.
  private static let versionGap = 1_000_000
  /// More changes than any journal holds; what is above was made up.
  private static let mostChanges = 1 << 40

  /// A version above every one that a process may have seen of this ledger, so that whoever knows it follows
  /// the new one, and records nothing on the old one.
  ///
  /// No version is above the `latest` change of all schedules, unless somebody without the key wrote that.
  fileprivate func versionNobodyKnows(after latest: Int64) -> Int {
    let seen = [version, (try? ScheduleForm.decode(form))?.version ?? 0, Int(latest)]
    return Self.versionGap + (seen.filter { (0...Self.mostChanges).contains($0) }.max() ?? 0)
  }

  /// The highest number of a change of any schedule; of this one, where it can be one.
  fileprivate func latestChange(in database: Database) throws -> Int64 {
    let others = try Int64.fetchOne(
      database, sql: "SELECT max(change) FROM schedules WHERE number <> ?", arguments: [number])
    return max(others ?? 0, (0...Int64(Self.mostChanges)).contains(change) ? change : 0)
  }
}

extension ScheduleState {
  /// A schedule of which only its name is known, and no file.
  fileprivate static func begun(
    _ name: String, _ version: Int, at moment: Moment
  ) -> ScheduleState {
    var state = ScheduleState(name: name, definition: "", file: "", firstSeen: moment)
    state.version = version
    state.isActive = false
    return state
  }
}
