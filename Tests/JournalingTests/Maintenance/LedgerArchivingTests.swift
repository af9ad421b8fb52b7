import EventSamples
import Events
import FaultyFiles
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

@Suite("Archiving the ticks of schedules")
struct LedgerArchivingTests {
  private let kept: KeptJournal

  init() throws { kept = try KeptJournal() }

  /// A journal with ten ticks, a minute apart, of the process that acts on schedules.
  private func fill(_ verdicts: [TickVerdict]? = nil) async throws -> (LedgerRecords, ScheduleState)
  {
    let records = try await LedgerRecords(SQLiteJournal.open(at: kept.path))
    let ticks = (verdicts ?? Array(repeating: .missed, count: 10)).enumerated().map {
      index, verdict in
      LedgerRecords.tick(index + 1, verdict)
    }
    var state = try records.add([], to: nil)
    for tick in ticks { state = try records.add([tick], to: state) }
    return (records, state)
  }

  private func order(before minute: Int) -> JournalArchive.Order {
    JournalArchive.Order(kept, before: LedgerRecords.minute(minute))
  }

  private func numbers(_ path: String) throws -> [Int] {
    try JournalReader.open(at: path).ticks(of: "nightly", limit: 100).map(\.number).reversed()
  }

  @Test func `old ticks move, and both ends of the chain are verified and join`() async throws {
    let (records, state) = try await fill()
    let all = try JournalReader.open(at: kept.path).ticks(of: "nightly", limit: 100)
    let preview = try JournalArchive.preview(order(before: 5))
    let report = try JournalArchive.perform(order(before: 5))
    #expect(report.ticks == 4 && report.keptLedgers == [:])
    #expect(preview == report)
    let (left, moved) = (
      try JournalReader.open(at: kept.path).ticks(of: "nightly", limit: 100),
      try JournalReader.open(at: kept.archive).ticks(of: "nightly", limit: 100)
    )
    #expect(left + moved == all)
    #expect(try CheckReport.problems(kept.path) == [])
    #expect(try CheckReport.problems(kept.archive) == [])
    // The last tag of the archive is what the journal goes on from.
    let (source, archive) = (try row(kept.path), try row(kept.archive))
    #expect(archive.head == source.archived.tag && archive.ticks == source.archived.count)
    // The process that acts on schedules decides on, and notices nothing.
    let next = try records.add([LedgerRecords.tick(11)], to: state)
    #expect(next.version == state.version + 1)
    #expect(try numbers(kept.path) == Array(5...11))
    #expect(try JournalReader.open(at: kept.archive).schedules().map(\.isActive) == [false])
  }

  private func row(_ path: String) throws -> ScheduleRow {
    try JournalReader.open(at: path).file.read { database in
      try #require(try ScheduleRow.named("nightly", in: database))
    }
  }

  @Test func `ticks of every verdict move as they are`() async throws {
    _ = try await fill(LedgerRecords.verdicts)
    let all = try JournalReader.open(at: kept.path).ticks(of: "nightly", limit: 100)
    let report = try JournalArchive.perform(order(before: 100))
    #expect(report.ticks == LedgerRecords.verdicts.count - 1 && report.keptLedgers == [:])
    let left = try JournalReader.open(at: kept.path).ticks(of: "nightly", limit: 100)
    #expect(
      try left + JournalReader.open(at: kept.archive).ticks(of: "nightly", limit: 100) == all)
    #expect(try CheckReport.problems(kept.archive) == [])
  }

  @Test func `an archive takes later ticks in after the earlier ones`() async throws {
    var (records, state) = try await fill()
    for (minute, expected) in [(4, 3), (4, 0), (8, 4), (100, 2), (200, 0)] {
      #expect(try JournalArchive.perform(order(before: minute)).ticks == expected)
      #expect(try CheckReport.problems(kept.archive) == [])
      #expect(try CheckReport.problems(kept.path) == [])
    }
    // The latest tick stays, until there is another one.
    #expect(try numbers(kept.path) == [10])
    state = try records.add([LedgerRecords.tick(11), LedgerRecords.tick(12)], to: state)
    #expect(try JournalArchive.perform(order(before: 100)).ticks == 2)
    #expect(try numbers(kept.archive) == Array(1...11))
  }

  @Test func `a range of instants leaves once all of it is old`() async throws {
    let records = try await LedgerRecords(SQLiteJournal.open(at: kept.path))
    let range = Tick(
      due: LedgerRecords.minute(1), through: LedgerRecords.minute(9), count: 9, .missed,
      decidedAt: LedgerRecords.minute(9))
    try records.add([range, LedgerRecords.tick(10), LedgerRecords.tick(11)], to: nil)
    #expect(try JournalArchive.perform(order(before: 9)).ticks == 0)
    #expect(try JournalArchive.perform(order(before: 10)).ticks == 1)
  }

  @Test func `an archive that does not end where the journal begins takes no ticks`() async throws {
    _ = try await fill()
    _ = try JournalArchive.perform(order(before: 4))
    let first = kept.archive
    try FileManager.default.moveItem(atPath: first, toPath: first + ".1")
    // Another archive begins where the first one ends, and stands alone.
    #expect(try JournalArchive.perform(order(before: 6)).ticks == 2)
    #expect(try CheckReport.problems(kept.archive) == [])
    #expect(try numbers(kept.archive) == [4, 5])
    try FileManager.default.removeItem(atPath: first)
    try FileManager.default.moveItem(atPath: first + ".1", toPath: first)
    let report = try JournalArchive.perform(order(before: 8))
    #expect(report.ticks == 0)
    #expect(
      report.keptLedgers == ["nightly": "the archive does not end where its ticks begin"])
    #expect(try numbers(kept.path) == Array(6...10))
  }

  @Test(
    arguments: [
      ("UPDATE ticks SET verdict = 'paused' WHERE number = 9", "tick 9 was altered"),
      ("DELETE FROM ticks WHERE number = 2", "tick 2 is missing"),
      ("DELETE FROM ticks WHERE number < 3", "tick 1 is missing"),
      ("UPDATE schedules SET version = 9", "the state was altered"),
    ])
  func `of a ledger that is damaged nothing moves`(sql: String, flaw: String) async throws {
    _ = try await fill()
    try kept.tamper(sql)
    let report = try JournalArchive.perform(order(before: 5))
    #expect(report.ticks == 0)
    #expect(report.keptLedgers.keys.sorted() == ["nightly"])
    #expect(report.keptLedgers["nightly"]?.isEmpty == false)
    if sql.contains("ticks") { #expect(report.keptLedgers == ["nightly": flaw]) }
  }

  @Test(
    arguments: [
      "DELETE FROM ticks WHERE number = 5", "UPDATE schedules SET first = 6",
      "UPDATE schedules SET anchor = zeroblob(16)",
      "DELETE FROM ticks WHERE number = 5; UPDATE schedules SET first = 6",
      """
      DELETE FROM ticks WHERE number = 5;
      UPDATE schedules SET first = 6, anchor = (SELECT tag FROM ticks WHERE number = 6)
      """,
      "UPDATE schedules SET first = 1, anchor = zeroblob(16)",
    ])
  func `nobody makes more of the beginning vanish than was archived`(sql: String) async throws {
    _ = try await fill()
    _ = try JournalArchive.perform(order(before: 5))
    #expect(try CheckReport.problems(kept.path) == [])
    try kept.tamper(sql)
    #expect(try CheckReport.problems(kept.path) != [])
  }

  @Test func `a ledger without its beginning goes on under another key`() async throws {
    do {
      _ = try await fill()
      _ = try JournalArchive.perform(order(before: 5))
    }
    let report = try KeyRotation.perform(
      KeyRotation.Order(journal: kept.path, key: nil, newKey: nil, as: .sample))
    #expect(report.schedules == 1 && report.stays == [])
    #expect(try CheckReport.problems(kept.path) == [])
    #expect(try numbers(kept.path) == Array(5...10))
    #expect(try row(kept.archive).head == row(kept.path).archived.tag)
    let records = try await LedgerRecords(SQLiteJournal.open(at: kept.path))
    let state = try #require(try JournalReader.open(at: kept.path).schedules().first)
    try records.add([LedgerRecords.tick(11)], to: state)
    #expect(try CheckReport.problems(kept.path) == [])
  }

  @Test(arguments: [
    FaultyFiles.Fault(.write, .error), FaultyFiles.Fault(.sync, .error),
    FaultyFiles.Fault(.write, .short),
  ])
  func `no tick is lost at whatever point it is interrupted`(fault: FaultyFiles.Fault) async throws
  {
    do { _ = try await fill() }
    _ = try JournalArchive.perform(order(before: 0))
    var number = 1
    while true {
      let place = try KeptJournal(in: TemporaryFolder.memory)
      try place.folder.place(try kept.folder.files(), keyFrom: kept.folder)
      for suffix in ["", ".key"] {
        try FileManager.default.copyItem(
          atPath: kept.archive + suffix, toPath: place.archive + suffix)
      }
      let files = FaultyFiles(in: place.folder.path)
      files.fail(fault, at: number)
      let order = JournalArchive.Order(place, before: LedgerRecords.minute(5))
      do {
        defer { files.die() }
        _ = try JournalArchive.perform(order)
      } catch {}
      let hasFailed = files.hasFailed
      files.mend()
      #expect(files.losePower() != nil)
      files.revive()
      _ = try JournalArchive.perform(order)
      for (path, numbers) in [(place.path, Array(5...10)), (place.archive, Array(1...4))] {
        let found = try JournalReader.open(at: path).ticks(of: "nightly", limit: 100)
        #expect(found.map(\.number).reversed() == numbers, "\(fault) at \(number)")
        #expect(try CheckReport.problems(path) == [])
      }
      guard hasFailed else { break }
      number += 1
    }
    #expect(number > 1)
  }
}
