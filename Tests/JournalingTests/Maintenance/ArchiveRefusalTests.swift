import EventSamples
import Events
import Expressions
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

@Suite("What cannot be archived")
struct ArchiveRefusalTests {
  private var kept: KeptJournal
  private let journal: SQLiteJournal

  init() throws {
    kept = try KeptJournal()
    journal = try SQLiteJournal.open(at: kept.path)
    for number in 1...3 { try kept.add(run: UInt64(number), to: journal) }
  }

  private func expect(_ message: String, _ hint: String?) throws {
    let before = try JournalImage(kept.path)
    #expect {
      try JournalArchive.perform(JournalArchive.Order(kept))
    } throws: { error in
      let error = error as? MaintenanceError
      return error?.description == message && error?.hint == hint
    }
    #expect(try JournalImage(kept.path) == before)
  }

  @Test func `an archive under another key is refused, and stays as it is`() throws {
    _ = try SQLiteJournal.open(at: kept.archive)
    try expect(
      "the archive \(kept.archive) was made under another key than \(kept.path).key",
      "begin a new archive with `--to FILE`")
  }

  @Test func `records of another key are noticed although the key file is the same`() throws {
    var other = KeptJournal(sharing: kept.folder, path: kept.archive)
    try other.add(run: 9, to: SQLiteJournal.open(at: kept.archive))
    try FileManager.default.removeItem(atPath: kept.archive + ".key")
    try FileManager.default.copyItem(
      atPath: kept.path + ".key", toPath: kept.archive + ".key")
    try expect(
      "the archive \(kept.archive) was made under another key than \(kept.path).key",
      MaintenanceError.otherArchiveKey(path: "", keyPath: "").hint)
  }

  @Test func `the journal is not its own archive, by whatever name`() throws {
    try FileManager.default.linkItem(atPath: kept.path, toPath: kept.archive)
    try expect("\(kept.archive) is the journal itself", "name another file with `--to FILE`")
  }

  @Test func `a file of something else is left alone`() throws {
    try Data("no journal, but a text that is long enough".utf8).write(
      to: URL(filePath: kept.archive))
    try expect(
      "\(kept.archive) is not a journal: it is no SQLite database",
      "name another file with `--journal FILE`")
  }

  @Test func `without its key nothing is verified, and so nothing moves`() throws {
    try FileManager.default.removeItem(atPath: kept.path + ".key")
    #expect(throws: MaintenanceError.journal(.missingKey(path: kept.path + ".key"))) {
      try JournalArchive.perform(JournalArchive.Order(kept))
    }
    #expect(!FileManager.default.fileExists(atPath: kept.archive))
  }

  @Test func `there must be a journal`() throws {
    var order = JournalArchive.Order(kept)
    order.journal += ".none"
    #expect(throws: MaintenanceError.journal(.missing(path: order.journal))) {
      try JournalArchive.perform(order)
    }
    #expect(!FileManager.default.fileExists(atPath: order.journal))
  }

  @Test(
    arguments: [
      ("UPDATE commits SET form = zeroblob(9) WHERE first = 0", [ChainFlaw.altered(sequence: 0)]),
      ("DELETE FROM commits WHERE first = 1", [.cut(recorded: 3, present: 1)]),
      (
        "UPDATE texts SET form = zeroblob(9)",
        [.missingText(.playbooks), .missingText(.description)]
      ),
      ("DELETE FROM texts", [.missingText(.playbooks), .missingText(.description)]),
      ("UPDATE runs SET file = 'x'", [.summaryDiffers]),
    ] as [(String, [ChainFlaw])])
  func `what is damaged stays, is named, and is not in the archive`(
    sql: String, flaws: [ChainFlaw]
  ) throws {
    try kept.tamper(sql)
    let report = try JournalArchive.perform(JournalArchive.Order(kept))
    #expect(report.moved.isEmpty && report.texts == 0)
    #expect(report.stays[.damaged] == ArchiveReport.Records(runs: 2))
    #expect(Set(report.damages.map(\.record)) == [KeptJournal.id(1), KeptJournal.id(2)])
    #expect(report.damages.allSatisfy { $0.flaws.contains(flaws[0]) })
    #expect(try JournalImage(kept.archive).events.isEmpty)
    #expect(try JournalReader.open(at: kept.path).runs(limit: 9).count == 3)
  }

  @Test func `records that the archive has otherwise stay`() throws {
    try FileManager.default.copyItem(atPath: kept.path + ".key", toPath: kept.archive + ".key")
    var other = KeptJournal(sharing: kept.folder, path: kept.archive)
    try other.add(run: 1, "another", to: SQLiteJournal.open(at: kept.archive))
    let report = try JournalArchive.perform(JournalArchive.Order(kept))
    #expect(report.moved == ArchiveReport.Records(runs: 1))
    #expect(report.stays[.differs] == ArchiveReport.Records(runs: 1))
    #expect(try CheckReport.problems(kept.archive) == [])
  }
}
