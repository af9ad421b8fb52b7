import EventSamples
import Events
import Expressions
import Foundation
import GRDB
import Operations
import Synchronization
import Testing

@testable import Journaling

/// What a daemon asks of a journal again and again takes an index, however many runs there are.
@Suite("The query plans of a journal")
struct QueryPlanTests {
  /// The statements that a connection performed, with their arguments.
  private final class Statements: Sendable {
    private let texts = Mutex<[String]>([])

    /// Every statement of `file` from now on.
    init(of file: JournalFile) throws {
      try file.write { database in
        database.trace { event in
          if case .statement(let statement) = event {
            self.texts.withLock { $0.append(statement.expandedSQL) }
          }
        }
      }
    }

    var all: Set<String> { Set(texts.withLock { $0 }) }
  }

  private static let growing = ["runs", "commits", "events", "ticks", "notices", "texts"]

  private let folder: TemporaryFolder
  private let journal: SQLiteJournal
  private let rollout = SampleRun.drawn(50)

  init() throws {
    folder = try TemporaryFolder()
    journal = try SQLiteJournal.open(at: folder.journal)
    var records = RolloutRecords(journal)
    try records.add(rollout: rollout, called: "nightly", tenants: 2)
    try records.add(
      run: SampleRun.drawn(1), of: rollout, 0, "acme", RunResult(outcome: .succeeded))
    try records.add(rollout: SampleRun.drawn(60), called: "nightly", tenants: 2, .succeeded)
  }

  /// The steps of the plans of `statements` that look at every row of a table that grows.
  private func scans(_ statements: Statements) throws -> [String] {
    let known = statements.all.filter { text in
      ["SELECT", "UPDATE", "DELETE", "INSERT"].contains { text.hasPrefix($0) }
    }
    #expect(!known.isEmpty)
    return try DatabaseQueue(path: folder.journal).read { database in
      try known.sorted().flatMap { text in
        try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN \(text)").compactMap { row in
          let step: String = row["detail"]
          let words = step.split(separator: " ")
          guard words.first == "SCAN", words.count > 1, Self.growing.contains(String(words[1]))
          else { return nil }
          return "\(step): \(text)"
        }
      }
    }
  }

  @Test func `what is read for each tick, and for each tenant, scans no table that grows`() throws {
    let reader = try journal.separateReader()
    let statements = try Statements(of: reader.file)
    #expect(try reader.latestRollout(called: "nightly")?.rollout == SampleRun.drawn(60))
    let run = SampleRun.drawn(1)
    let latest = RunFilter(limit: 20, tenant: .named("acme"), outcomes: [.succeeded])
    #expect(try reader.runs(latest).map(\.run) == [run])
    let recent = RunFilter(limit: 10, tenant: .named("acme"), since: SampleRun.beginning)
    #expect(try reader.runs(recent).map(\.run) == [run])
    #expect(try reader.rollout(matching: rollout.text).outcome == nil)
    #expect(try reader.tenantRuns(of: rollout).count == 1)
    #expect(try reader.allTenantRows(of: rollout).count == 1)
    #expect(try reader.end(of: run)?.outcome == .succeeded)
    #expect(try reader.record(of: run).flaws == [])
    #expect(try reader.driver(of: rollout) != nil)
    #expect(try reader.mayGoOn(rollout, waitingRuns: 1))
    #expect(try reader.tick(starting: rollout, of: "nightly") == nil)
    let scans = try scans(statements)
    #expect(scans.isEmpty, "\(scans)")
  }

  @Test func `what is recorded of a tenant, a tick and a notification scans no table that grows`()
    async throws
  {
    let ledgers = try await LedgerRecords(journal)
    var state = try ledgers.add([LedgerRecords.tick(1)], to: nil)
    // What a process does once, when it first records something, is done.
    let statements = try Statements(of: journal.file)
    var records = RolloutRecords(journal)
    try records.add(run: SampleRun.drawn(2), of: rollout, 1, "globex", RunResult(outcome: .failed))
    state = try ledgers.add([LedgerRecords.tick(2)], to: state)
    _ = try await journal.schedules(after: JournalCursor(0))
    _ = try await journal.requests(after: JournalCursor(0))
    #expect(try await journal.renewLease(epoch: ledgers.epoch))
    _ = try await journal.takeNotices(
      due: LedgerRecords.minute(7), limit: 9, hold: .seconds(60))
    #expect(try journal.claimWaiting(SampleRun.drawn(2)).epoch == 1)
    let scans = try scans(statements)
    #expect(scans.isEmpty, "\(scans)")
  }

  @Test func `a reader of its own sees what is committed, and holds up no commit`() throws {
    let reader = try journal.separateReader()
    let run = SampleRun.drawn(3)
    try reader.file.read { _ in
      var records = RolloutRecords(journal)
      try records.add(run: run)
    }
    #expect(try reader.summary(of: run) != nil)
  }
}
