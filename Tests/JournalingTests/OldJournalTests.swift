import EventSamples
import Events
import Expressions
import Foundation
import Testing

@testable import Journaling

/// A journal of an older program, with runs that succeeded, failed and were cancelled.
@Suite struct OldJournalTests {
  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Puts the journal that a program of this version wrote where the tests expect one; its key is
  /// that of version 1.
  private func place(_ version: Int) throws { try Self.place(version, at: folder.journal) }

  /// The same at another path.
  static func place(_ version: Int, at path: String) throws {
    try FileManager.default.createDirectory(
      atPath: NSString(string: path).deletingLastPathComponent,
      withIntermediateDirectories: true)
    let files = [
      ("version-\(version).sqlite", path), ("version-1.sqlite.key", path + ".key"),
    ]
    for (name, path) in files {
      let data = try Data(contentsOf: fixtures.appending(path: name))
      try data.write(to: URL(filePath: path))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
  }

  private static func oldestFirst(_ reader: JournalReader) throws -> [RunSummary] {
    try reader.runs(limit: 10).reversed()
  }

  /// A journal of a program that had commits, but no rollouts.
  @Test func `a journal without rollouts is read, also where nothing is written`() throws {
    try place(3)
    let reader = try JournalReader.open(at: folder.journal)
    try Self.checkThird(reader)
    #expect(try reader.rollouts(limit: 10) == [])
    #expect(throws: JournalError.noRollouts) { try reader.rollout(matching: "latest") }
    #expect(try reader.tenantRuns(of: SampleRollout.rollout) == [])
    #expect(try reader.tenantRows(of: SampleRollout.rollout) == [])
    #expect(try reader.runs(RunFilter(limit: 10, tenant: .matching(Glob("*")))) == [])
    #expect(try reader.runs(RunFilter(limit: 10, outcomes: [.failed])).count == 1)
    #expect(try reader.runs(RunFilter(limit: 10, membership: .ofTheirOwn)).count == 3)
    #expect(try reader.run(matching: "latest").text == "6jf76mjr4p41")
    #expect(try reader.predecessor(of: reader.run(matching: "latest")) == nil)
    #expect(try reader.holdsUnfinished())
  }

  @Test func `a journal without rollouts takes rollouts once it is opened for writing`() throws {
    try place(3)
    let journal = try SQLiteJournal.open(at: folder.journal)
    try Self.checkThird(journal.reader)
    var records = RolloutRecords(journal)
    let (rollout, run) = (SampleRollout.rollout, SampleRun.drawn(1))
    try records.add(rollout: rollout)
    try records.add(run: run, of: rollout, 0, "acme", RunResult(outcome: .succeeded))
    #expect(try journal.reader.rollouts(limit: 10).map(\.rollout) == [rollout])
    #expect(try journal.reader.tenantRuns(of: rollout).map(\.state) == [.succeeded])
    #expect(try journal.reader.runs(limit: 10).count == 4)
    let old = try #require(RunID("6jf76mjr4p41"))
    #expect(try journal.claimWaiting(old).head.count == 3)
  }

  /// A journal of a program that had rollouts, but no schedules.
  @Test func `a journal without schedules is read, also where nothing is written`() throws {
    try place(4)
    let reader = try JournalReader.open(at: folder.journal)
    try Self.checkFourth(reader)
    #expect(try reader.schedules() == [] && reader.latestTicks() == [:])
    #expect(try reader.ledgerChecks() == [] && reader.triggers() == [])
    #expect(try reader.leaseHolder() == nil)
    #expect(throws: JournalError.noSchedules) { try reader.schedule(named: "nightly") }
  }

  @Test func `a journal without schedules takes schedules once it is opened for writing`()
    async throws
  {
    try place(4)
    let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    try Self.checkFourth(records.journal.reader)
    let state = try records.add(LedgerRecords.ticks, to: nil)
    #expect(try records.journal.reader.schedules() == [state])
    #expect(try records.journal.claimWaiting(SampleRun.drawn(3)).epoch == 1)
  }

  /// A journal with the ledgers of schedules.
  @Test func `ledgers, triggers and notices are read and continued`() async throws {
    try place(5)
    let reader = try JournalReader.open(at: folder.journal)
    var nightly = LedgerRecords.nightly
    nightly.version = 1 + LedgerRecords.ticks.count
    nightly.decidedThrough = LedgerRecords.minute(13)
    var weekly = LedgerRecords.first("weekly")
    (weekly.version, weekly.decidedThrough) = (2, LedgerRecords.minute(3))
    weekly.pause = SchedulePause(
      since: LedgerRecords.minute(5), cause: .person("ann", reason: "holiday"))
    #expect(try reader.schedules() == [nightly, weekly])
    #expect(
      try reader.ticks(of: "nightly", limit: 99).map(\.tick) == LedgerRecords.ticks.reversed())
    #expect(try reader.ledgerChecks().map(\.flaws) == [[], []])
    #expect(try reader.ledgerChecks().allSatisfy { $0.isVerified })
    #expect(
      try reader.triggers() == [
        ScheduleTrigger(number: 1, schedule: "nightly", at: LedgerRecords.minute(6), by: "bob")
      ])
    #expect(try reader.leaseHolder()?.isAlive == false)
    let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    #expect(records.epoch == 2)
    let notice = StoredNotice(
      id: SampleRun.drawn(1), form: Array("form".utf8), due: LedgerRecords.minute(8), attempts: 1)
    #expect(
      try await records.journal.takeNotices(
        due: LedgerRecords.minute(7), limit: 9, hold: .seconds(60)) == [notice])
    try records.add([LedgerRecords.tick(14)], to: nightly)
    #expect(try records.journal.reader.ledgerChecks().map(\.flaws) == [[], []])
  }

  private static func checkFourth(_ reader: JournalReader) throws {
    #expect(
      try reader.rollouts(limit: 10).map(\.rollout)
        == [SampleRollout.rollout, SampleRun.drawn(50)])
    #expect(
      try reader.tenantRuns(of: SampleRollout.rollout).map(\.state)
        == [.succeeded, .failed, .running])
    let runs = try reader.runs(limit: 10)
    #expect(runs.map(\.outcome) == [.succeeded, nil, .failed, .succeeded])
    for run in runs.map(\.run) + [SampleRollout.rollout, SampleRun.drawn(50)] {
      #expect(try reader.verify(run) == nil)
    }
  }

  private static func checkThird(_ reader: JournalReader) throws {
    let runs = try oldestFirst(reader)
    #expect(runs.map(\.outcome) == [.succeeded, .failed, nil])
    #expect(runs.map(\.tenant) == [nil, nil, nil])
    #expect(runs[0].labels == [RunLabel(name: "tenant", value: "acme")])
    for run in runs { #expect(try reader.verify(run.run) == nil) }
    #expect(try reader.end(of: runs[0].run)?.outputs["shown"] == "ann")
    let lines = try runs.flatMap { summary in
      try reader.events(of: summary.run).map { EncodedEvent($0, of: summary.run).line + "\n" }
    }
    let printed = try String(
      contentsOf: fixtures.appending(path: "version-3.jsonl"), encoding: .utf8)
    #expect(lines.joined() == printed)
  }

  @Test(arguments: [1, 2])
  func `every event of an older version has the JSON form that it had then`(version: Int) throws {
    try place(version)
    let reader = try JournalReader.open(at: folder.journal)
    let lines = try Self.oldestFirst(reader).flatMap { summary in
      try reader.events(of: summary.run).map { EncodedEvent($0, of: summary.run).line + "\n" }
    }
    let printed = try String(
      contentsOf: Self.fixtures.appending(path: "version-1.jsonl"), encoding: .utf8)
    #expect(lines.joined() == printed)
  }

  @Test(arguments: [1, 2])
  func `runs of an older version are listed, verified and keep their labels`(version: Int) throws {
    try place(version)
    let reader = try JournalReader.open(at: folder.journal)
    let runs = try Self.oldestFirst(reader)
    #expect(runs.map(\.outcome) == [.succeeded, .failed, .succeeded, .succeeded, .cancelled])
    #expect(
      runs.map(\.labels.first) == [
        RunLabel(name: "tenant", value: "acme"), nil, nil, RunLabel(name: "tenant", value: "acme"),
        nil,
      ])
    for run in runs { #expect(try reader.verify(run.run) == nil) }
  }

  @Test(arguments: [1, 2])
  func `secrets of an older version are unsealed with the key`(version: Int) throws {
    try place(version)
    let reader = try JournalReader.open(at: folder.journal)
    let run = try #require(try Self.oldestFirst(reader).first).run
    let first = try #require(try reader.events(of: run, secrets: .unsealed).first)
    guard case .runStarted(let start) = first.kind else {
      Issue.record("the first event is no start")
      return
    }
    #expect(start.inputs["password"] == .secret(text: PlantedSecrets.password))
  }

  @Test(arguments: [1, 2])
  func `a run of an older version goes on in the current version`(version: Int) throws {
    try place(version)
    let journal = try SQLiteJournal.open(at: folder.journal)
    let run = try #require(try Self.oldestFirst(journal.reader).last)
    let resumption = RunEvent(
      sequence: run.eventCount, at: run.lastEventAt,
      kind: .runResumed(RunResumption(owner: "a", epoch: 2, seed: 1, version: "1")))
    let epoch = try journal.claimWaiting(run.run).epoch
    try journal.append([resumption], run: run.run, epoch: epoch)
    #expect(try journal.reader.events(of: run.run).last == resumption)
    #expect(try journal.reader.verify(run.run) == nil)
  }
}
