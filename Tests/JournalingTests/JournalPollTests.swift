import EventSamples
import Events
import Foundation
import GRDB
import Operations
import Synchronization
import Testing

@testable import Journaling

/// What many hosts ask for twice a second.
@Suite("Polls of the journal") struct JournalPollTests {
  /// The statements that a connection made.
  private final class StatementLog: Sendable {
    private let statements = Mutex<[String]>([])

    func watch(_ journal: SQLiteJournal) throws {
      try journal.file.write { database in
        database.trace { [self] event in
          if case .statement(let statement) = event {
            statements.withLock { $0.append(statement.sql) }
          }
        }
      }
    }

    /// Those since the last time.
    func take() -> [String] {
      statements.withLock { statements in
        defer { statements = [] }
        return statements
      }
    }
  }

  private let folder: TemporaryFolder
  private let run = SampleRun.drawn(1)
  private let poll = "PRAGMA data_version"

  init() throws { folder = try TemporaryFolder() }

  @Test func `while nothing changes, requests are asked for without a look at them`() async throws {
    let (journal, other) = (
      try SQLiteJournal.open(at: folder.journal), try SQLiteJournal.open(at: folder.journal)
    )
    _ = await journal.commit(GroupedWriteTests.start(1))
    let log = StatementLog()
    try log.watch(journal)
    _ = try await journal.requests(after: .start)
    #expect(log.take().count > 1)
    for _ in 1...3 {
      #expect(
        try await journal.requests(after: .start) == RequestPage([], next: .start))
    }
    #expect(log.take() == [poll, poll, poll])
    // Its own commits bring no requests.
    _ = await journal.commit(GroupedWriteTests.start(2))
    _ = log.take()
    _ = try await journal.requests(after: .start)
    #expect(log.take() == [poll])
    try await other.post(RunRequest(run: run, .cancel))
    let page = try await journal.requests(after: .start)
    #expect(page.requests.map(\.request) == [RunRequest(run: run, .cancel)])
    #expect(log.take().count > 1)
    #expect(try await journal.requests(after: page.next).requests == [])
    // Another host has read less, and none misses anything.
    #expect(try await journal.requests(after: .start) == page)
    _ = log.take()
    #expect(try await journal.requests(after: page.next) == RequestPage([], next: page.next))
    #expect(log.take() == [poll])
  }

  @Test func `a process sees what it asks for, and what was asked of a run that it claims`()
    async throws
  {
    let (journal, other) = (
      try SQLiteJournal.open(at: folder.journal), try SQLiteJournal.open(at: folder.journal)
    )
    _ = await other.commit(GroupedWriteTests.start(1))
    try await journal.post(RunRequest(run: run, .cancel))
    #expect(try await journal.requests(after: .start).requests == [])
    try await other.release(run, epoch: 0)
    #expect(try await journal.requests(after: .start).requests == [])
    _ = try await journal.claim(run)
    let page = try await journal.requests(after: .start)
    #expect(page.requests.count == 1)
    #expect(try await journal.requests(after: page.next).requests == [])
    let path = StepPath(components: [.step("gate")])
    try await journal.post(RunRequest(run: run, .decide(path, ApprovalDecision(.approved))))
    #expect(try await journal.requests(after: page.next).requests.count == 1)
  }

  @Test func `while nothing changes, schedules are asked for without a look at them`()
    async throws
  {
    let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    let (journal, other) = (records.journal, try SQLiteJournal.open(at: folder.journal))
    let state = try records.add([], to: nil)
    try await other.trigger("nightly", at: LedgerRecords.minute(1), by: "ann")
    let page = try await journal.schedules(after: .start)
    #expect(page.states == [state] && page.triggers.count == 1)
    let log = StatementLog()
    try log.watch(journal)
    for _ in 1...3 {
      let next = try await journal.schedules(after: page.next)
      #expect(next == SchedulePage([], triggers: page.triggers, next: page.next))
    }
    #expect(log.take() == [poll, poll, poll])
    // A process that begins reads everything.
    #expect(try await journal.schedules(after: .start) == page)
    // Its own changes, those of others, and triggers of both are seen.
    let second = try records.add([LedgerRecords.tick(1)], to: state)
    let own = try await journal.schedules(after: page.next)
    #expect(own.states == [second])
    let third = try other.pause(second)
    let paused = try await journal.schedules(after: own.next)
    #expect(paused.states == [third])
    for (count, asking) in [journal, other].enumerated() {
      try await asking.trigger("nightly", at: LedgerRecords.minute(3), by: "bob")
      let next = try await journal.schedules(after: paused.next)
      #expect(next.states == [] && next.triggers.count == count + 2)
    }
  }

  @Test func `while nothing is due, notices are asked for without a transaction`() async throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    let log = StatementLog()
    try log.watch(journal)
    #expect(
      try await journal.takeNotices(due: LedgerRecords.minute(1), limit: 9, hold: .seconds(1))
        == [])
    #expect(log.take().allSatisfy { $0.hasPrefix("SELECT") })
  }
}
