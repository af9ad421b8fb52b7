import Events
import FoundationEssentials
import GRDB
import Operations

/// Events ready to be added to their run in one transaction.
struct EventAppending: Sendable {
  struct StoredRow: Sendable {
    var event: RunEvent
    var form: [UInt8]
  }

  let run: RunID
  let rows: [StoredRow]

  /// How far the run is recorded.
  private struct Head {
    var count: Int
    var digest: [UInt8]
    var isFinished: Bool
  }

  /// Adds the events; throws `conflict`, `misplaced` or a database error, and then nothing was
  /// added if the transaction is rolled back.
  func perform(in database: Database) throws {
    guard let last = rows.last?.event else { return }
    var head = try head(in: database)
    let insertion = try database.cachedStatement(
      sql: "INSERT INTO events (run, sequence, at, form, digest) VALUES (?, ?, ?, ?, ?)")
    for row in rows {
      let event = row.event
      guard event.sequence == head.count else {
        throw event.sequence < head.count
          ? JournalError.conflict(run: run, sequence: event.sequence)
          : .misplaced(run: run, sequence: event.sequence)
      }
      guard mayStand(event, in: head) else {
        throw JournalError.misplaced(run: run, sequence: event.sequence)
      }
      if case .runStarted(let start) = event.kind { try begin(start, event.at, in: database) }
      let digest = try EventChain.digest(
        after: head.digest, EventAddress(run: run, sequence: event.sequence), at: event.at,
        form: row.form)
      try insertion.execute(arguments: [
        run.text, event.sequence, event.at.nanoseconds, Data(row.form), Data(digest),
      ])
      head = Head(count: head.count + 1, digest: digest, isFinished: outcome(of: event) != nil)
    }
    try database.cachedStatement(
      sql: "UPDATE runs SET events = ?, head = ?, latest = ?, outcome = ? WHERE id = ?"
    ).execute(arguments: [
      head.count, Data(head.digest), last.at.nanoseconds, outcome(of: last)?.rawValue, run.text,
    ])
  }

  /// The first event of a run, and only that, is `runStarted` of this run; a finished run can only
  /// be resumed.
  private func mayStand(_ event: RunEvent, in head: Head) -> Bool {
    if case .runStarted(let start) = event.kind {
      return event.sequence == 0 && start.run == run
    }
    if case .runResumed = event.kind { return event.sequence > 0 }
    return event.sequence > 0 && !head.isFinished
  }

  private func outcome(of event: RunEvent) -> Outcome? {
    guard case .runFinished(let result) = event.kind else { return nil }
    return result.outcome
  }

  private func head(in database: Database) throws -> Head {
    let statement = try database.cachedStatement(
      sql: "SELECT events, head, outcome FROM runs WHERE id = ?")
    guard let row = try Row.fetchOne(statement, arguments: [run.text]) else {
      return Head(count: 0, digest: EventChain.origin, isFinished: false)
    }
    let digest: Data = row["head"]
    let outcome: String? = row["outcome"]
    return Head(count: row["events"], digest: Array(digest), isFinished: outcome != nil)
  }

  private func begin(_ start: RunStart, _ at: Moment, in database: Database) throws {
    try database.cachedStatement(
      sql: """
        INSERT INTO runs (id, playbook, file, started, latest, events, head)
        VALUES (?, ?, ?, ?, ?, 0, ?)
        """
    ).execute(arguments: [
      run.text, start.playbook, start.file, at.nanoseconds, at.nanoseconds,
      Data(EventChain.origin),
    ])
  }
}
