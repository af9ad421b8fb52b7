import EventSamples
import Events
import Foundation
import Operations
import Testing

@testable import Journaling

@Suite struct ScheduleReadingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a journal without schedules says so`() async throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    let reader = try JournalReader.open(at: folder.journal)
    for reader in [journal.reader, reader] {
      #expect(try reader.schedules() == [] && reader.latestTicks() == [:])
      #expect(try reader.ledgerChecks() == [] && reader.triggers() == [])
      #expect(try reader.leaseHolder() == nil)
      #expect(throws: JournalError.noSchedules) { try reader.schedule(named: "nightly") }
      #expect(throws: JournalError.noSchedules) { try reader.ticks(of: "nightly", limit: 1) }
    }
  }

  @Test func `schedules are listed by name, each with its latest tick`() async throws {
    let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    var state = try records.add([], to: nil)
    let weekly = try records.add([LedgerRecords.tick(3)], to: nil, named: "weekly")
    let daily = try records.add([], to: nil, named: "daily")
    state = try records.add(Array(LedgerRecords.ticks.prefix(4)), to: state)
    let reader = try JournalReader.open(at: folder.journal)
    #expect(try reader.schedules() == [daily, state, weekly])
    #expect(try reader.schedule(named: "nightly") == state)
    #expect(
      try reader.latestTicks() == [
        "nightly": RecordedTick(number: 4, LedgerRecords.ticks[3]),
        "weekly": RecordedTick(number: 1, LedgerRecords.tick(3)),
      ])
    let unknown = JournalError.unknownSchedule(
      name: "dayly", known: ["daily", "nightly", "weekly"])
    #expect(throws: unknown) { try reader.schedule(named: "dayly") }
    #expect(unknown.hint == "did you mean `daily`?")
    #expect(
      try reader.ledgerChecks() == [
        LedgerCheck(schedule: "daily", tickCount: 0, isVerified: true),
        LedgerCheck(schedule: "nightly", tickCount: 4, isVerified: true),
        LedgerCheck(schedule: "weekly", tickCount: 1, isVerified: true),
      ])
  }

  @Test(arguments: [1, 2, 5, 13, 14, 15, 1000])
  func `ticks are read newest first, page by page`(limit: Int) async throws {
    let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    var state = try records.add([], to: nil)
    for start in stride(from: 0, to: LedgerRecords.ticks.count, by: 3) {
      state = try records.add(Array(LedgerRecords.ticks.dropFirst(start).prefix(3)), to: state)
    }
    let reader = try JournalReader.open(at: folder.journal)
    var pages: [[RecordedTick]] = []
    repeat {
      pages.append(
        try reader.ticks(of: "nightly", limit: limit, before: pages.last?.last?.number))
    } while pages.last?.isEmpty == false
    #expect(
      pages.joined().map(\.tick) == LedgerRecords.ticks.reversed())
    #expect(pages.joined().map(\.number) == (1...LedgerRecords.ticks.count).reversed())
    #expect(pages.dropLast(2).allSatisfy { $0.count == limit })
    #expect(try reader.ticks(of: "nightly", limit: 0) == [])
    #expect(try reader.ticks(of: "nightly", limit: 2, before: 9999).first?.number == 14)
    #expect(try reader.ticks(of: "nightly", limit: 2, before: -1) == [])
  }

  @Test func `without the key schedules are shown, and not verified`() async throws {
    let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    let state = try records.add(LedgerRecords.ticks, to: nil)
    try await records.journal.trigger("nightly", at: LedgerRecords.minute(1), by: "ann")
    let key = folder.journal + ".key"
    let bytes = try Data(contentsOf: URL(filePath: key))
    for other in [nil, Data(repeating: 5, count: 32)] {
      try FileManager.default.removeItem(atPath: key)
      if let other {
        #expect(FileManager.default.createFile(atPath: key, contents: other))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
      }
      let reader = try JournalReader.open(at: folder.journal)
      #expect(try reader.schedules() == [state])
      #expect(try reader.ticks(of: "nightly", limit: 99).count == LedgerRecords.ticks.count)
      #expect(
        try reader.ledgerChecks() == [
          LedgerCheck(
            schedule: "nightly", tickCount: LedgerRecords.ticks.count, isVerified: false)
        ])
      #expect(try reader.triggers() == [])
      if other == nil { try bytes.write(to: URL(filePath: key)) }
    }
  }

  @Test func `nothing follows on a ledger of another key, and without the key none is made`()
    async throws
  {
    do {
      let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
      try records.add(LedgerRecords.ticks, to: nil)
    }
    let key = folder.journal + ".key"
    try FileManager.default.removeItem(atPath: key)
    #expect(throws: JournalError.missingKey(path: key)) {
      try SQLiteJournal.open(at: folder.journal)
    }
    #expect(
      FileManager.default.createFile(atPath: key, contents: Data(repeating: 5, count: 32)))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: key)
    let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    let other = JournalError.otherKey(path: key)
    var next = LedgerRecords.nightly
    next.version = 1
    #expect(throws: other) { try records.add([], to: next) }
    let flawed = [FlawedSchedule("nightly", other)]
    #expect(try await records.journal.schedules(after: .start).flawed == flawed)
    #expect(try records.journal.reader.flawedSchedules() == flawed)
    #expect(
      flawed[0].reason == "the ledger of the schedule `nightly` was recorded under another key")
    #expect(flawed[0].hint == other.hint)
    // It may be intact.
    await #expect(throws: other) {
      try await records.journal.forget("nightly", at: LedgerRecords.minute(99))
    }
    #expect(
      try records.journal.reader.ticks(of: "nightly", limit: 99).count == LedgerRecords.ticks.count)
    await #expect(throws: other) {
      try await records.journal.trigger("nightly", at: LedgerRecords.minute(1), by: "ann")
    }
  }

  @Test func `the process that acts is shown, also after it has died`() async throws {
    var records: LedgerRecords? = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    let reader = try JournalReader.open(at: folder.journal)
    let holder = try #require(try reader.leaseHolder())
    #expect(holder.isAlive && holder.sight.owner?.identity == .sample)
    #expect(holder.sight.epoch == 1)
    _ = try await records?.journal.renewLease(epoch: 1)
    let renewed = try #require(try reader.leaseHolder())
    #expect(renewed.sight.beat > holder.sight.beat)
    let second = try #require(renewed.renewedAt)
    #expect(second >= (try #require(holder.renewedAt)))
    let now = Moment(nanoseconds: Int64(Date.now.timeIntervalSince1970) * 1_000_000_000)
    #expect((now + .seconds(-60)...now + .seconds(2)).contains(second))
    weak let killed = records?.journal
    records = nil
    while killed != nil { try await Task.sleep(for: .milliseconds(1)) }
    // Another process that begins forgets others that are dead.
    let other = try SQLiteJournal.open(at: folder.journal)
    try other.append([SampleRun.events[0]], run: SampleRun.run)
    let dead = try #require(try reader.leaseHolder())
    #expect(!dead.isAlive && dead.sight.owner?.identity == .sample)
    guard case .taken(let epoch) = try await other.takeLease(lapsed: nil) else {
      Issue.record("a dead process holds the lease")
      return
    }
    #expect(try reader.leaseHolder()?.isAlive == true)
    try await other.releaseLease(epoch: epoch)
    let free = try #require(try reader.leaseHolder())
    #expect(!free.isAlive && free.sight.owner == nil && free.sight.epoch == 2)
  }

  @Test func `what waits is counted`() async throws {
    let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    let journal = records.journal
    try records.add([], to: nil)
    for minute in 0...2 {
      try await journal.trigger("nightly", at: LedgerRecords.minute(minute), by: "ann")
    }
    var commit = JournalCommit([])
    commit.notices = (0...4).map { number in
      StoredNotice(
        id: SampleRun.drawn(UInt64(number)), form: [7], due: LedgerRecords.minute(number))
    }
    #expect(await journal.commit(commit) == .committed([]))
    let reader = try JournalReader.open(at: folder.journal)
    #expect(try reader.noticeCount() == 5)
    #expect(try reader.triggers().map(\.at) == (0...2).map(LedgerRecords.minute))
    #expect(try await journal.schedules(after: .start).triggers == reader.triggers())
    try await journal.remove(notice: SampleRun.drawn(3))
    #expect(try reader.noticeCount() == 4)
  }
}
