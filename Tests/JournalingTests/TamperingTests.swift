import Cryptography
import EventSamples
import Events
import Expressions
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

@Suite struct TamperingTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let journal = try SQLiteJournal.open(at: folder.journal)
    for event in SampleRun.events { try journal.append([event], run: SampleRun.run) }
  }

  private func tamper(_ sql: String) throws {
    try DatabaseQueue(path: folder.journal).write { database in
      try database.execute(sql: "DROP TRIGGER IF EXISTS commits_are_not_edited")
      try database.execute(sql: "DROP TRIGGER IF EXISTS commits_are_not_deleted")
      try database.execute(sql: sql)
    }
  }

  private static let count = SampleRun.events.count

  @Test(
    arguments: [
      ("UPDATE commits SET form = zeroblob(length(form)) WHERE first = 4", [.altered(sequence: 4)]),
      (
        "UPDATE commits SET form = CAST(form || x'00' AS BLOB) WHERE first = 0",
        [.altered(sequence: 0)]
      ),
      (
        "UPDATE commits SET tag = zeroblob(16) WHERE first = 7",
        [.altered(sequence: 7), .altered(sequence: 8)]
      ),
      (
        "UPDATE commits SET tag = zeroblob(16) WHERE first IN (3, 9)",
        [
          .altered(sequence: 3), .altered(sequence: 4), .altered(sequence: 9),
          .altered(sequence: 10),
        ]
      ),
      ("DELETE FROM commits WHERE first = 5", [.gap(sequence: 5)]),
      ("DELETE FROM commits WHERE first IN (0, 7)", [.gap(sequence: 0), .gap(sequence: 7)]),
      ("DELETE FROM commits WHERE first >= 10", [.cut(recorded: count, present: 10)]),
      ("DELETE FROM commits", [.cut(recorded: count, present: 0)]),
      (
        """
        UPDATE commits SET first = -1 WHERE first = 5;
        UPDATE commits SET first = 5 WHERE first = 6;
        UPDATE commits SET first = 6 WHERE first = -1
        """, [.altered(sequence: 5), .altered(sequence: 6), .altered(sequence: 7)]
      ),
      ("UPDATE runs SET outcome = 'succeeded'", [.summaryDiffers]),
      ("UPDATE runs SET playbook = 'other'", [.summaryDiffers]),
      ("UPDATE runs SET head = zeroblob(16)", [.altered(sequence: count - 1)]),
      ("UPDATE runs SET events = 3", [.unknownTail(sequence: 3)]),
    ] as [(String, [ChainFlaw])])
  func `every edit, gap, swap and cut is found`(sql: String, flaws: [ChainFlaw]) throws {
    try tamper(sql)
    let reader = try JournalReader.open(at: folder.journal)
    #expect(try reader.record(of: SampleRun.run).flaws == flaws)
    let first = try #require(flaws.first)
    #expect(throws: JournalError.flawed(run: SampleRun.run, first)) {
      try reader.events(of: SampleRun.run)
    }
  }

  @Test func `an event that was recomputed without the key is found`() throws {
    let first = try #require(SampleRun.events.first)
    let forged = JournalKey.forging
    let form = try CommitForm.encode(
      [first], of: SampleRun.run, Sealing(key: forged, random: .system))
    let tag = try Authentication(forged).tag(
      after: [], EventAddress(run: SampleRun.run, sequence: 0), form: form)
    try tamper(
      "UPDATE commits SET form = x'\(form.hexadecimal)', tag = x'\(tag.hexadecimal)' WHERE first = 0"
    )
    let record = try JournalReader.open(at: folder.journal).record(of: SampleRun.run)
    #expect(record.flaws == [.altered(sequence: 0), .altered(sequence: 1)])
    #expect(record.events == [])
  }

  @Test func `without the key what is decoded counts as not verified`() throws {
    try FileManager.default.removeItem(atPath: folder.journal + ".key")
    let record = try JournalReader.open(at: folder.journal).record(of: SampleRun.run)
    #expect(!record.isVerified)
    #expect(record.events.count == Self.count)
  }

  @Test func `what stands before the flaw is still read`() throws {
    try tamper("UPDATE commits SET form = zeroblob(9) WHERE first = 7")
    let record = try JournalReader.open(at: folder.journal)
      .record(of: SampleRun.run, secrets: .unsealed)
    #expect(record.events == Array(SampleRun.events.prefix(7)))
  }

  @Test(arguments: ["UPDATE commits SET first = 1", "DELETE FROM commits"])
  func `the file itself refuses to edit or delete commits`(sql: String) throws {
    #expect(throws: DatabaseError.self) {
      try DatabaseQueue(path: folder.journal).write { try $0.execute(sql: sql) }
    }
  }

  /// Damaged bytes may be any value, whatever the tables ask for.
  @Test(arguments: [
    "UPDATE commits SET first = 9223372036854775807 WHERE first = 5",
    "UPDATE commits SET first = -9223372036854775808 WHERE first = 5",
    "UPDATE commits SET first = NULL WHERE first = 5",
    "UPDATE commits SET form = NULL WHERE first = 5",
    "UPDATE commits SET tag = NULL WHERE first = 5",
    "UPDATE commits SET run = NULL WHERE first = 5",
    "UPDATE runs SET events = 9223372036854775807", "UPDATE runs SET events = -1",
    "UPDATE runs SET events = NULL", "UPDATE runs SET head = NULL", "UPDATE runs SET id = x'ff'",
    "UPDATE runs SET id = NULL", "UPDATE runs SET started = 'x'", "UPDATE runs SET latest = NULL",
    "UPDATE runs SET playbook = NULL", "UPDATE runs SET outcome = 7",
    "UPDATE runs SET key = 7", "UPDATE runs SET epoch = 9223372036854775807",
    "UPDATE runs SET epoch = NULL", "UPDATE runs SET owner = 'x'",
    "UPDATE owners SET process = NULL", "UPDATE owners SET host = NULL",
  ])
  func `a value that was never written is reported, and nothing crashes`(sql: String) throws {
    try DatabaseQueue(path: folder.journal).writeWithoutTransaction { database in
      try database.execute(
        sql: """
          PRAGMA writable_schema = ON;
          UPDATE sqlite_schema
            SET sql = replace(replace(sql, ' NOT NULL', ''), ') STRICT', ')') WHERE type = 'table'
          """)
    }
    try tamper(sql)
    var reports = 0
    do throws(JournalError) {
      let reader = try JournalReader.open(at: folder.journal)
      _ = try reader.runs(limit: 10)
      _ = try reader.driver(of: SampleRun.run)
      reports += try reader.record(of: SampleRun.run).flaws.count
    } catch {
      reports += 1
    }
    do throws(JournalError) {
      _ = try SQLiteJournal.open(at: folder.journal).claimWaiting(SampleRun.run)
    } catch {
      reports += 1
    }
    // The owner of a run that is over is nobody's business.
    #expect(reports > 0 || sql.contains("owner"))
  }

  @Test func `a list of runs with nonsense in it is damaged`() throws {
    try tamper("UPDATE runs SET outcome = 'moon'")
    let reader = try JournalReader.open(at: folder.journal)
    #expect(
      throws: JournalError.damaged(path: folder.journal, reason: "a line of the list of runs")
    ) { try reader.runs(limit: 1) }
  }
}

@Suite struct TextTamperingTests {
  private let folder: TemporaryFolder
  private static let run = SampleRun.drawn(1)
  private static let playbooks = Array("playbook: 1".utf8)
  private static let description = Array("openapi: 3.1.0".utf8)

  init() throws { folder = try TemporaryFolder() }

  /// Records a run that was planned from both texts, and `texts` with it.
  private func record(_ texts: [[UInt8]]) throws {
    var start = RunStart(
      run: Self.run, playbook: "p", file: "p.yaml", planDigest: "", inputs: [:], seed: 1,
      version: "test")
    start.pinned = PinnedPlan(
      files: Hexadecimal.encode(try TextDigest(of: Self.playbooks).bytes),
      description: Hexadecimal.encode(try TextDigest(of: Self.description).bytes), outline: "",
      path: "p.yaml", folder: "/")
    let first = RunEvent(sequence: 0, at: SampleRun.beginning, kind: .runStarted(start))
    try SQLiteJournal.open(at: folder.journal).append(
      [first], run: Self.run, texts: try texts.map { try StoredText($0) })
  }

  private func flaws() throws -> [ChainFlaw] {
    let reader = try JournalReader.open(at: folder.journal)
    #expect(try reader.record(of: Self.run).flaws == [])
    return try reader.verifiedRecord(of: Self.run).flaws
  }

  @Test(
    arguments: [
      ([], [.missingText(.playbooks), .missingText(.description)]),
      ([playbooks], [.missingText(.description)]), ([description], [.missingText(.playbooks)]),
      ([playbooks, description], []),
    ] as [([[UInt8]], [ChainFlaw])])
  func `a text that a run was planned from is missed`(
    texts: [[UInt8]], flaws: [ChainFlaw]
  ) throws {
    try record(texts)
    #expect(try self.flaws() == flaws)
  }

  @Test(
    arguments: [
      (
        "UPDATE texts SET form = zeroblob(length(form))",
        [.alteredText(.playbooks), .alteredText(.description)]
      ),
      (
        "UPDATE texts SET form = substr(form, 1, 20)",
        [.alteredText(.playbooks), .alteredText(.description)]
      ),
      (
        "UPDATE texts SET key = zeroblob(4)",
        [.missingText(.playbooks), .missingText(.description)]
      ),
    ] as [(String, [ChainFlaw])])
  func `a text that was altered is found`(sql: String, flaws: [ChainFlaw]) throws {
    try record([Self.playbooks, Self.description])
    try DatabaseQueue(path: folder.journal).write { try $0.execute(sql: sql) }
    #expect(try self.flaws() == flaws)
  }

  @Test func `another text under the digest is found, and never given out`() async throws {
    try record([Self.playbooks, Self.description])
    let digest = try TextDigest(of: Self.playbooks)
    let packed = try #require(Deflate.compress(Self.description, with: []))
    let sealing = Sealing(key: try KeyFile(beside: folder.journal).load(), random: .system)
    let form = try sealing.sealer(for: digest.bytes).close(.bytes(packed))
    try await DatabaseQueue(path: folder.journal).write { database in
      try database.execute(
        sql: "UPDATE texts SET form = ? WHERE digest = ?",
        arguments: [Data(form), Data(digest.bytes)])
    }
    #expect(try flaws() == [.alteredText(.playbooks)])
    let journal = try SQLiteJournal.open(at: folder.journal)
    await #expect(
      throws: JournalError.damaged(
        path: folder.journal, reason: "a stored text: it is damaged: another text")
    ) { try await journal.text(digest) }
  }
}

extension JournalKey {
  /// The key of somebody who has not the journal's.
  fileprivate static var forging: JournalKey {
    guard let key = try? JournalKey([UInt8](repeating: 5, count: byteCount)) else {
      preconditionFailure("32 bytes are a key")
    }
    return key
  }
}

extension [UInt8] {
  fileprivate var hexadecimal: String {
    map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
