import EventSamples
import Events
import Expressions
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

@Suite("Archiving a journal")
struct JournalArchiveTests {
  private typealias Records = ArchiveReport.Records

  /// A journal of all that leaves and all that stays.
  private func fill(_ kept: inout KeptJournal) throws {
    let journal = try SQLiteJournal.open(at: kept.path)
    try kept.add(run: 1, to: journal)  // leaves: 2 is the baseline
    try kept.add(run: 2, to: journal)
    try kept.add(run: 3, user: "bob", to: journal)  // another tenant's baseline
    try kept.add(run: 4, "other", .failed, to: journal)  // leaves
    try kept.add(run: 5, "other", .inDoubt, to: journal)
    try kept.add(run: 6, "other", nil, to: journal)
    try kept.add(rollout: 10, [.succeeded, .succeeded, .failed], to: journal)  // leaves
    try kept.add(rollout: 20, [.succeeded, .succeeded, nil], to: journal)
    try kept.add(rollout: 30, [.succeeded, .succeeded, .failed], to: journal)
    try kept.add(run: 40, "new", .cancelled, to: journal)
  }

  private static let leaving: Set<RunID> = Set(
    [1, 4, 10, 11, 12, 13].map { KeptJournal.id($0) })

  @Test func `what is over and old moves as it was, and everything else stays as it was`() throws {
    var kept = try KeptJournal()
    try fill(&kept)
    let before = try JournalImage(kept.path)
    let report = try JournalArchive.perform(JournalArchive.Order(kept))
    var expected = ArchiveReport()
    (expected.moved, expected.events, expected.texts) = (Records(rollouts: 1, runs: 5), 17, 1)
    expected.stays = [
      .unfinished: Records(rollouts: 1, runs: 4), .inDoubt: Records(runs: 1),
      .baseline: Records(rollouts: 1, runs: 5), .newest: Records(runs: 1),
    ]
    #expect(report == expected)
    let (left, archived) = (try JournalImage(kept.path), try JournalImage(kept.archive))
    #expect(Set(archived.events.keys) == Self.leaving)
    #expect(Set(left.events.keys) == Set(before.events.keys).subtracting(Self.leaving))
    #expect(left.joined(archived) == before)
    #expect(try CheckReport.problems(kept.path) == [])
    #expect(try CheckReport.problems(kept.archive) == [])
    #expect(try JournalArchive.perform(JournalArchive.Order(kept)).moved.isEmpty)
  }

  @Test func `a look first counts the same and writes nothing`() throws {
    var kept = try KeptJournal()
    try fill(&kept)
    let file = FileManager.default.contents(atPath: kept.path)
    let preview = try JournalArchive.preview(JournalArchive.Order(kept))
    #expect(FileManager.default.contents(atPath: kept.path) == file)
    #expect(!FileManager.default.fileExists(atPath: kept.archive))
    var report = try JournalArchive.perform(JournalArchive.Order(kept))
    report.texts = 0
    #expect(preview == report)
  }

  @Test func `what has an event at the given time or later stays`() throws {
    var kept = try KeptJournal()
    let journal = try SQLiteJournal.open(at: kept.path)
    for number in 1...3 { try kept.add(run: UInt64(number), to: journal) }
    let last = SampleRun.beginning + .seconds(2)
    #expect(
      try JournalArchive.perform(JournalArchive.Order(kept, before: last)) == ArchiveReport())
    let report = try JournalArchive.perform(
      JournalArchive.Order(kept, before: last + .nanoseconds(1)))
    #expect(report.moved == Records(runs: 1))
    #expect(Set(try JournalImage(kept.archive).events.keys) == [KeptJournal.id(1)])
  }

  @Test func `a run that did not succeed stays while its effects may not show yet`() throws {
    var kept = try KeptJournal()
    let journal = try SQLiteJournal.open(at: kept.path)
    try kept.add(run: 1, "onboard", .failed, to: journal)
    try kept.add(run: 2, to: journal)
    var order = JournalArchive.Order(kept)
    let ended = SampleRun.beginning + .seconds(2)
    order.now = ended + .seconds(59)
    #expect(try JournalArchive.perform(order).moved.isEmpty)
    order.now = ended + .seconds(60)
    #expect(try JournalArchive.perform(order).moved == Records(runs: 1))
  }

  @Test func `what somebody holds, asks for or is about to resume stays`() async throws {
    var kept = try KeptJournal()
    let journal = try SQLiteJournal.open(at: kept.path)
    try kept.add(run: 1, "claimed", .failed, to: journal)
    try kept.add(run: 2, "locked", .failed, to: journal)
    try kept.add(run: 3, "asked", .failed, to: journal)
    try kept.add(run: 4, "reused", .failed, to: journal)
    var start = try KeptJournal.start(KeptJournal.id(5), "reusing")
    start.reused = ReusedRun(run: KeptJournal.id(4), step: .root, eventCount: 1)
    try kept.add(start, nil, to: journal)
    try kept.add(run: 6, "newest", to: journal)
    _ = try journal.claimWaiting(KeptJournal.id(1))
    let stray = [
      (2, "INSERT INTO locks (key, run) SELECT 'a', number FROM runs WHERE id = ?"),
      (3, "INSERT INTO requests (run, form) SELECT number, x'00' FROM runs WHERE id = ?"),
    ]
    for (number, sql) in stray {
      try await DatabaseQueue(path: kept.path).write { database in
        try database.execute(sql: sql, arguments: [KeptJournal.id(UInt64(number)).text])
      }
    }
    let report = try JournalArchive.perform(JournalArchive.Order(kept))
    let one = Records(runs: 1)
    #expect(report.moved.isEmpty)
    #expect(
      report.stays == [
        .driven: one, .locked: one, .requested: one, .reused: one, .unfinished: one,
        .baseline: one,
      ])
  }

  @Test func `the rollout that a schedule started stays until its result is recorded`() throws {
    var kept = try KeptJournal()
    let journal = try SQLiteJournal.open(at: kept.path)
    try kept.add(rollout: 10, called: "nightly", [.failed], to: journal)
    try kept.add(rollout: 20, called: "nightly", [.failed], to: journal)
    try kept.add(run: 30, to: journal)
    var state = ScheduleState(
      name: "nightly", definition: "daily", file: "/a.yaml", firstSeen: SampleRun.beginning)
    state.current = ScheduledRollout(KeptJournal.id(10), due: SampleRun.beginning)
    let change = LedgerChange(by: .person, to: state)
    #expect(journal.commitWaiting(JournalCommit(change)) == .committed([]))
    let report = try JournalArchive.perform(JournalArchive.Order(kept))
    #expect(report.stays[.scheduled] == Records(rollouts: 1, runs: 1))
    #expect(report.moved.isEmpty)
    state.version = 2
    state.current = nil
    let ended = LedgerChange(by: .person, to: state)
    #expect(journal.commitWaiting(JournalCommit(ended)) == .committed([]))
    let later = try JournalArchive.perform(JournalArchive.Order(kept))
    #expect(later.moved == Records(rollouts: 1, runs: 1))
  }

  @Test func `an archive takes more in later, and gets the texts that it has once`() throws {
    var kept = try KeptJournal()
    let journal = try SQLiteJournal.open(at: kept.path)
    var all = JournalImage()
    for number in 1...4 {
      try kept.add(run: UInt64(2 * number), "onboard", .failed, to: journal)
      try kept.add(run: UInt64(2 * number + 1), to: journal)
      all = all.joined(try JournalImage(kept.path))
      _ = try JournalArchive.perform(JournalArchive.Order(kept))
    }
    #expect(Set(try JournalImage(kept.path).events.keys) == [KeptJournal.id(9)])
    #expect(try JournalImage(kept.path).joined(JournalImage(kept.archive)) == all)
    let mode = try kept.folder.mode(of: kept.archive + ".key")
    #expect(mode == 0o600)
    #expect(
      FileManager.default.contentsEqual(
        atPath: kept.archive + ".key", andPath: kept.path + ".key"))
  }

  /// A rollout of three tenants that leaves, and the later one of its name.
  private func fillWithRollouts(_ kept: inout KeptJournal) throws -> SQLiteJournal {
    let journal = try SQLiteJournal.open(at: kept.path)
    try kept.add(rollout: 10, [.succeeded, .failed, .succeeded], to: journal)
    try kept.add(rollout: 20, [.succeeded, .succeeded, .succeeded], to: journal)
    return journal
  }

  @Test func `others commit between two pages of a large rollout; nobody continues it`() throws {
    var kept = try KeptJournal()
    let journal = try fillWithRollouts(&kept)
    let before = try JournalImage(kept.path)
    var order = JournalArchive.Order(kept)
    order.pageSize = 2
    var (others, left) = (kept, [Int]())
    let report = try JournalArchive.perform(order) {
      #expect(throws: Never.self) {
        left.append(try JournalImage(kept.path).events.count)
        try others.add(run: UInt64(40 + left.count), "meanwhile", nil, to: journal)
      }
      for number in [10, 13] as [UInt64] {
        #expect(throws: JournalError.archiving(rollout: KeptJournal.id(10))) {
          try journal.claimWaiting(KeptJournal.id(number))
        }
      }
      let leftovers = (try? JournalCheck.perform(on: journal.reader))?.leftovers ?? []
      #expect(leftovers.contains(.archiving(KeptJournal.id(10))))
    }
    #expect(left == [6])
    #expect(report.moved == Records(rollouts: 1, runs: 3))
    #expect(report.events == 11)
    let archived = try JournalImage(kept.archive)
    #expect(Set(archived.events.keys) == Set([10, 11, 12, 13].map { KeptJournal.id($0) }))
    let rest = try JournalImage(kept.path)
    #expect(Set(rest.events.keys).isDisjoint(with: archived.events.keys))
    #expect(Set(rest.joined(archived).events.keys).isSuperset(of: before.events.keys))
    #expect(try JournalCheck.perform(on: journal.reader).leftovers == [])
  }

  @Test func `a page that something happened to stays, and the next archive moves it`() throws {
    var kept = try KeptJournal()
    let journal = try fillWithRollouts(&kept)
    var order = JournalArchive.Order(kept)
    order.pageSize = 1
    let last = KeptJournal.id(13)
    func mark(_ owner: String) throws {
      try DatabaseQueue(path: kept.path).write { database in
        try database.execute(
          sql: "UPDATE runs SET owner = \(owner) WHERE id = ?", arguments: [last.text])
      }
    }
    var pages = 0
    let report = try JournalArchive.perform(order) {
      pages += 1
      if pages == 1 { #expect(throws: Never.self) { try mark("9") } }
    }
    #expect(pages == 2)
    #expect(report.moved == Records(runs: 2))
    #expect(report.stays[.changed] == Records(rollouts: 1, runs: 1))
    #expect(throws: JournalError.archiving(rollout: KeptJournal.id(10))) {
      try journal.claimWaiting(KeptJournal.id(10))
    }
    try mark("NULL")
    #expect(try JournalArchive.perform(order).moved == Records(rollouts: 1, runs: 1))
    #expect(try JournalCheck.perform(on: journal.reader).leftovers == [])
  }

  @Test func `runs of older programs move as they are`() throws {
    let kept = try KeptJournal()
    try OldJournalTests.place(1, at: kept.path)
    let before = try JournalImage(kept.path)
    var order = JournalArchive.Order(kept, before: KeptJournal.end + .seconds(1 << 30))
    order.now = order.cutoff
    let preview = try JournalArchive.preview(order)
    #expect(preview.moved == Records(runs: 1) && preview.stays[.newest] == Records(runs: 1))
    #expect(try JournalArchive.perform(order) == preview)
    #expect(try JournalImage(kept.path).joined(JournalImage(kept.archive)) == before)
    #expect(try CheckReport.problems(kept.archive) == [])
  }
}
