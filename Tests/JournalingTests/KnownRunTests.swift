import EventSamples
import Events
import GRDB
import Testing

@testable import Journaling

/// What comes in the middle of a run that this process knows is recorded without a look at its row.
@Suite struct KnownRunTests {
  private let folder: TemporaryFolder
  private let journal: SQLiteJournal
  private let run = SampleRun.drawn(1)
  private let commits = SmallJournal.commits(of: SampleRun.drawn(1), count: 4)

  init() throws {
    folder = try TemporaryFolder()
    journal = try SQLiteJournal.open(at: folder.journal)
    try journal.append(commits[0], run: run)
    try journal.append(commits[1], run: run)
  }

  private func part(_ events: [RunEvent], epoch: Int = 0) throws -> JournalCommit.Part {
    let head = try #require(try journal.reader.head(of: run))
    return JournalCommit.Part(run: run, expected: head, epoch: epoch, events: events)
  }

  @Test func `it is recorded, and again when its first answer was lost`() throws {
    let third = JournalCommit([try part(commits[2])])
    let outcome = journal.commitWaiting(third)
    let head = try #require(try journal.reader.head(of: run))
    #expect(outcome == .committed([head]))
    #expect(head.count == 3)
    #expect(journal.commitWaiting(third) == outcome)
    #expect(try journal.reader.record(of: run).events.count == 3)
    #expect(try journal.reader.verify(run) == nil)
  }

  /// Another process changed the row.
  @Test(
    arguments: [
      "UPDATE runs SET owner = 99", "UPDATE runs SET owner = NULL", "UPDATE runs SET epoch = 1",
      "UPDATE runs SET owner = 99, epoch = 1",
    ])
  func `a run that was taken over is fenced`(sql: String) async throws {
    let third = try part(commits[2])
    try await journal.writes.perform(as: .anyone) { try $0.execute(sql: sql) }
    guard case .fenced(run, by: _) = journal.commitWaiting(JournalCommit([third])) else {
      Issue.record("it was not fenced")
      return
    }
    #expect(try journal.reader.head(of: run) == third.expected)
    #expect(try journal.reader.record(of: run).events.count == 2)
  }

  @Test(
    arguments: [
      ("UPDATE runs SET head = x'00'", JournalError.conflict(run: SampleRun.drawn(1), sequence: 2)),
      ("UPDATE runs SET events = 1", .conflict(run: SampleRun.drawn(1), sequence: 2)),
      ("UPDATE runs SET outcome = 'failed'", .misplaced(run: SampleRun.drawn(1), sequence: 2)),
    ])
  func `a run that is otherwise than its writer knows is a conflict`(
    sql: String, error: JournalError
  ) async throws {
    let third = try part(commits[2])
    try await journal.writes.perform(as: .anyone) { try $0.execute(sql: sql) }
    #expect(journal.commitWaiting(JournalCommit([third])) == .conflict(error))
  }

  @Test func `nothing is recorded under the key of before a rotation`() async throws {
    let third = try part(commits[2])
    try await journal.writes.perform(as: .anyone) { database in
      try database.execute(sql: "UPDATE runs SET key = x'01020304'")
    }
    let path = journal.file.keyFile.path
    #expect(journal.commitWaiting(JournalCommit([third])) == .conflict(.otherKey(path: path)))
  }

  @Test func `a row that has another number is found again`() async throws {
    let third = try part(commits[2])
    try await journal.writes.perform(as: .anyone) { database in
      try database.execute(
        sql: """
          INSERT INTO runs (number, id, playbook, file, started, latest, events, head, owner, epoch, key)
          SELECT 77, 'moved', playbook, file, started, latest, events, head, owner, epoch, key
          FROM runs;
          UPDATE runs SET id = 'other' WHERE number <> 77;
          UPDATE runs SET id = '\(run.text)' WHERE number = 77
          """)
    }
    guard case .committed = journal.commitWaiting(JournalCommit([third])) else {
      Issue.record("it was not recorded")
      return
    }
    let rows = try journal.file.read { database in
      try Row.fetchAll(database, sql: "SELECT number, events FROM runs ORDER BY number")
        .map { [$0[0] as Int, $0[1] as Int] }
    }
    #expect(rows == [[1, 2], [77, 3]])
  }

  @Test func `what is out of its place is refused, and what follows it is recorded`() throws {
    let gap = try part(commits[3])
    #expect(
      journal.commitWaiting(JournalCommit([gap]))
        == .conflict(.misplaced(run: run, sequence: 3)))
    try journal.append(commits[2], run: run)
    try journal.append(commits[3], run: run)
    #expect(try journal.reader.verify(run) == nil)
  }

  @Test func `after its end a run is not known any more`() throws {
    #expect(journal.knownRuns[run] != nil)
    let end = RunEvent(
      sequence: 2, at: SampleRun.beginning, kind: .runFinished(RunResult(outcome: .succeeded)))
    try journal.append([end], run: run)
    #expect(journal.knownRuns[run] == nil)
    #expect(try journal.reader.runs(limit: 1).map(\.outcome) == [.succeeded])
  }

  @Test func `a run that is released is not known any more`() async throws {
    try await journal.release(run, epoch: 0)
    #expect(journal.knownRuns[run] == nil)
  }
}
