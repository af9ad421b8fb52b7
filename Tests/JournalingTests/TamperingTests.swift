import EventSamples
import Events
import Foundation
import GRDB
import Testing

@testable import Journaling

@Suite struct TamperingTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Journal.open(at: folder.journal).append(SampleRun.events, run: SampleRun.run)
  }

  private func tamper(_ sql: String) throws {
    try DatabaseQueue(path: folder.journal).write { database in
      try database.execute(sql: "DROP TRIGGER IF EXISTS events_are_not_edited")
      try database.execute(sql: "DROP TRIGGER IF EXISTS events_are_not_deleted")
      try database.execute(sql: sql)
    }
  }

  @Test(
    arguments: [
      ("UPDATE events SET form = zeroblob(length(form)) WHERE sequence = 4", .altered(sequence: 4)),
      (
        "UPDATE events SET form = CAST(form || x'00' AS BLOB) WHERE sequence = 0",
        .altered(sequence: 0)
      ),
      ("UPDATE events SET at = at + 1 WHERE sequence = 7", .altered(sequence: 7)),
      ("UPDATE events SET digest = zeroblob(32) WHERE sequence = 7", .altered(sequence: 7)),
      ("DELETE FROM events WHERE sequence = 5", .gap(sequence: 5)),
      ("DELETE FROM events WHERE sequence = 0", .gap(sequence: 0)),
      (
        "DELETE FROM events WHERE sequence >= 10",
        .cut(recorded: SampleRun.events.count, present: 10)
      ),
      ("DELETE FROM events", .cut(recorded: SampleRun.events.count, present: 0)),
      (
        """
        UPDATE events SET sequence = -1 WHERE sequence = 5;
        UPDATE events SET sequence = 5 WHERE sequence = 6;
        UPDATE events SET sequence = 6 WHERE sequence = -1
        """, .altered(sequence: 5)
      ),
      ("UPDATE runs SET outcome = 'succeeded'", .summaryDiffers),
      ("UPDATE runs SET playbook = 'other'", .summaryDiffers),
      ("UPDATE runs SET head = zeroblob(32)", .altered(sequence: SampleRun.events.count - 1)),
      ("UPDATE runs SET events = 3", .unknownTail(sequence: 3)),
    ] as [(String, ChainFlaw)])
  func `an edit, a gap, a swap and a cut are found`(sql: String, flaw: ChainFlaw) throws {
    try tamper(sql)
    let reader = try JournalReader.open(at: folder.journal)
    #expect(try reader.verify(SampleRun.run) == flaw)
    #expect(throws: JournalError.flawed(run: SampleRun.run, flaw)) {
      try reader.events(of: SampleRun.run)
    }
  }

  @Test func `what stands before the flaw is still read`() throws {
    try tamper("UPDATE events SET at = at + 1 WHERE sequence = 7")
    let record = try JournalReader.open(at: folder.journal)
      .record(of: SampleRun.run, secrets: .unsealed)
    #expect(record.events == Array(SampleRun.events.prefix(7)))
  }

  @Test(arguments: ["UPDATE events SET at = 1", "DELETE FROM events"])
  func `the file itself refuses to edit or delete events`(sql: String) throws {
    #expect(throws: DatabaseError.self) {
      try DatabaseQueue(path: folder.journal).write { try $0.execute(sql: sql) }
    }
  }

  @Test func `a list of runs with nonsense in it is damaged`() throws {
    try tamper("UPDATE runs SET outcome = 'moon'")
    let reader = try JournalReader.open(at: folder.journal)
    #expect(
      throws: JournalError.damaged(path: folder.journal, reason: "a line of the list of runs")
    ) { try reader.runs(limit: 1) }
  }
}
