import Cryptography
import EventSamples
import Events
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

@Suite("Checking a journal")
struct JournalCheckTests {
  private var kept: KeptJournal

  init() throws { kept = try KeptJournal() }

  private func check() throws -> CheckReport {
    try JournalCheck.perform(on: JournalReader.open(at: kept.path))
  }

  private mutating func fill() throws {
    let journal = try SQLiteJournal.open(at: kept.path)
    try kept.add(run: 1, to: journal)
    try kept.add(run: 2, "onboard", nil, to: journal)
    try kept.add(rollout: 10, [.succeeded, .failed], to: journal)
    let state = ScheduleState(
      name: "nightly", definition: "daily", file: "/a.yaml", firstSeen: SampleRun.beginning)
    let ticks = (0..<3).map { number in
      let due = SampleRun.beginning + .seconds(number)
      return Tick(due: due, .missed, decidedAt: due)
    }
    let notice = StoredNotice(id: KeptJournal.id(50), form: [1, 2], due: SampleRun.beginning)
    let change = LedgerChange(by: .person, to: state, ticks: ticks)
    _ = journal.commitWaiting(JournalCommit(change, notices: [notice]))
  }

  @Test mutating func `an intact journal is intact, and everything in it is counted`() throws {
    try fill()
    var progress: [[Int]] = []
    let report = try JournalCheck.perform(on: JournalReader.open(at: kept.path)) { done, total in
      progress.append([done, total])
    }
    var counts = CheckReport.Counts()
    (counts.runs, counts.rollouts, counts.events, counts.texts) = (4, 1, 12, 5)
    (counts.schedules, counts.ticks) = (1, 3)
    #expect(report.problems == [] && report.isIntact)
    #expect(report.leftovers == [])
    #expect(report.counts == counts)
    #expect(progress == [[5, 5]])
  }

  @Test func `a journal without runs is intact`() throws {
    _ = try SQLiteJournal.open(at: kept.path)
    #expect(try check() == CheckReport())
  }

  /// What the command prints of it, with the hints.
  private static func lines(_ report: CheckReport) -> [String] {
    report.problems.map { "\($0.description) — \($0.hint ?? "")" }
  }

  private static let restore =
    "restore a backup, or begin a new journal with `--journal FILE` and keep this one as evidence"
  private static let forget =
    "restore a backup, or let the schedule begin anew with `privirun schedule forget` if `privirun "
    + "schedule list` names it"

  @Test(
    arguments: [
      (
        "UPDATE runs SET file = 'x' WHERE id = 'RUN'",
        "the record of run RUN is damaged:\n  its line in the list of runs was altered — "
          + "`privirun show RUN` shows what stands before the first flaw; a backup may hold the whole"
      ),
      (
        "DELETE FROM commits WHERE run = 1 AND first = 1",
        "the record of run RUN is damaged:\n  3 events were recorded and only the first 1 are there — "
          + "`privirun show RUN` shows what stands before the first flaw; a backup may hold the whole"
      ),
      (
        "PRAGMA foreign_keys = OFF; DELETE FROM runs WHERE number = 1",
        "2 rows of the table `commits` belong to no record — \(restore)"
      ),
      (
        "DROP TRIGGER commits_are_not_deleted",
        "`commits_are_not_deleted` is missing in the file, or was changed by another program — \(restore)"
      ),
      (
        """
        DROP TRIGGER events_are_not_edited;
        CREATE TRIGGER events_are_not_edited BEFORE UPDATE ON events BEGIN SELECT 1; END
        """,
        "`events_are_not_edited` is missing in the file, or was changed by another program — \(restore)"
      ),
      (
        "DROP INDEX runs_by_start",
        "`runs_by_start` is missing in the file, or was changed by another program — \(restore)"
      ),
      (
        "UPDATE ticks SET verdict = 'paused' WHERE number = 2",
        "the ledger of the schedule `nightly` is damaged:\n  tick 2 was altered — \(forget)"
      ),
      (
        "DELETE FROM ticks WHERE number = 3",
        "the ledger of the schedule `nightly` is damaged:\n  3 ticks were recorded and only the first 2 "
          + "are there — \(forget)"
      ),
      (
        "UPDATE notices SET form = zeroblob(60)",
        "1 row of the table `notices` cannot be read, and is ignored — somebody without the journal's key "
          + "made or altered them"
      ),
      (
        "INSERT INTO requests (run, form) VALUES (2, zeroblob(60)), (2, zeroblob(60))",
        "2 requests to OTHER cannot be read, and are ignored — leave the request again"
      ),
      (
        "UPDATE runs SET outcome = 'moon' WHERE id = 'RUN'",
        "the line of `RUN` in the list of runs cannot be read — \(restore)"
      ),
    ] as [(String, String)])
  mutating func `what is wrong is named, and what to do`(sql: String, line: String) throws {
    try fill()
    func named(_ text: String) -> String {
      text.replacing("RUN", with: KeptJournal.id(1).text)
        .replacing("OTHER", with: KeptJournal.id(2).text)
    }
    try DatabaseQueue(path: kept.path).writeWithoutTransaction { database in
      let isSchema = sql.hasPrefix("DROP")
      if isSchema { return try database.execute(sql: sql) }
      try database.execute(sql: "PRAGMA foreign_keys = OFF")
      try AppendOnly.lifting(in: database) { try database.execute(sql: named(sql)) }
    }
    let report = try check()
    #expect(Self.lines(report) == [named(line)])
    #expect(!report.isIntact)
  }

  @Test mutating func `a text that was altered is named, and by each record that needs it`() throws
  {
    try fill()
    let digest = try TextDigest(of: KeptJournal.text("onboard"))
    try DatabaseQueue(path: kept.path).write { database in
      try database.execute(
        sql: "UPDATE texts SET form = zeroblob(60) WHERE digest = ?",
        arguments: [digest.bytes.data])
    }
    let flaw = "the text of the playbooks that the run was planned from was altered"
    let runs = [1, 2].map { KeptJournal.id($0).text }.sorted()
    #expect(
      try CheckReport.problems(kept.path)
        == ["the stored text \(Hexadecimal.encode(digest.bytes)) was altered"]
        + runs.map { "the record of run \($0) is damaged:\n  \(flaw)" })
  }

  @Test mutating func `a seal that somebody exchanged is found although the chain is not`() throws {
    // Who has the key of the tags alone cannot make a seal.
    try fill()
    let key = try KeyFile(named: kept.path + ".key").load()
    let run = KeptJournal.id(2)
    try DatabaseQueue(path: kept.path).write { database in
      let form = try #require(
        try Data.fetchOne(database, sql: "SELECT form FROM commits WHERE run = 2"))
      let broken = Resealing(
        old: key, new: Sealing(key: try KeyFile.drawn(), random: .system))
      let other = try broken.commit(Array(form), of: run, from: 0)
      let tag = try Authentication(key).tag(
        after: [], EventAddress(run: run, sequence: 0), form: other)
      try AppendOnly.lifting(in: database) {
        try database.execute(
          sql: "UPDATE commits SET form = ?, tag = ? WHERE run = 2",
          arguments: [other.data, tag.data])
        try database.execute(
          sql: "UPDATE runs SET head = ? WHERE number = 2", arguments: [tag.data])
      }
    }
    #expect(
      try CheckReport.problems(kept.path) == [
        "the record of run \(run) is damaged:\n  event 0 cannot be read: its secrets were sealed with "
          + "another key"
      ])
  }

  @Test mutating func `without the key what can be seen is still checked`() throws {
    try fill()
    try FileManager.default.removeItem(atPath: kept.path + ".key")
    let gone =
      "the journal's key \(kept.path).key is gone, so its secrets cannot be read: no record could be "
      + "verified"
    #expect(try CheckReport.problems(kept.path) == [gone])
    try kept.tamper("DELETE FROM commits WHERE run = 1 AND first = 1")
    #expect(
      try CheckReport.problems(kept.path) == [
        gone,
        "the record of run \(KeptJournal.id(1)) is damaged:\n  3 events were recorded and only the first "
          + "1 are there",
      ])
  }

  @Test mutating func `damaged pages are reported, and the rest is checked`() throws {
    try fill()
    let (page, size) = try DatabaseQueue(path: kept.path).read { database in
      let page = try Int.fetchOne(
        database, sql: "SELECT rootpage FROM sqlite_master WHERE name = 'commits'")
      return (page ?? 0, try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 0)
    }
    let handle = try FileHandle(forUpdating: URL(filePath: kept.path))
    try handle.seek(toOffset: UInt64((page - 1) * size))
    try handle.write(contentsOf: Data(repeating: 0xAB, count: size))
    try handle.close()
    let report = try check()
    #expect(!report.isIntact)
    #expect(report.problems.contains { if case .structure = $0 { true } else { false } })
  }

  @Test mutating func `what an interruption left behind is no damage`() async throws {
    try fill()
    // A process ended that drove nothing; those that drove a run are known by the run.
    try await DatabaseQueue(path: kept.path).write { database in
      try database.execute(
        sql: """
          INSERT INTO owners (process, host, since) VALUES (1, 'gone', 0);
          INSERT INTO locks (key, run) VALUES ('https://a', 1), ('https://b', 1);
          INSERT INTO texts SELECT zeroblob(32), zeroblob(4), form FROM texts LIMIT 1
          """)
    }
    let run = KeptJournal.id(1)
    let key = try KeyFile(named: kept.path + ".key").load()
    let request = try StoredRequest.seal(
      RunRequest(run: run, .cancel), Sealing(key: key, random: .system))
    let stray = try StoredText(Array("no record names it".utf8))
    let form = try SealedText.seal(stray, Sealing(key: key, random: .system))
    try await DatabaseQueue(path: kept.path).write { database in
      try database.execute(
        sql: "INSERT INTO requests (run, form) VALUES (1, ?)", arguments: [request.data])
      try database.execute(
        sql: "INSERT INTO texts (digest, key, form) VALUES (?, ?, ?)",
        arguments: [stray.digest.bytes.data, key.id.data, form.data])
    }
    try Data([1]).write(to: URL(filePath: kept.path + ".key.next"))
    let report = try check()
    #expect(report.problems == [])
    #expect(
      report.leftovers.map { "\($0.description) — \($0.hint)" } == [
        "a rotation of the key was interrupted and left \(kept.path).key.next — the next `privirun journal "
          + "key rotate` uses the key in it",
        "run \(run) is over and holds 2 locks: `https://a`, `https://b` — it keeps no other run from "
          + "starting: the next run that needs the lock takes it",
        "1 request waits for \(run), which is over — whoever resumes the run handles it",
        "1 process that drove runs ended, and drives none any more — the next process that records "
          + "something removes them",
        "no record names 1 stored text — `privirun journal archive` removes those that its archive holds",
      ])
  }

  @Test(arguments: [1, 2, 3]) func `a journal of an older program is checked as it is`(
    version: Int
  ) throws {
    try OldJournalTests.place(version, at: kept.path)
    let report = try check()
    #expect(report.problems == [])
    #expect(report.counts.runs == (version == 3 ? 3 : 5))
  }

  @Test func `of many problems the first are listed, and the others counted`() throws {
    var report = CheckReport()
    for number in 0..<CheckReport.mostProblems + 7 { report.add(.text("\(number)")) }
    #expect(report.problems.count == CheckReport.mostProblems)
    #expect(report.furtherProblems == 7)
  }
}

extension KeyFile {
  /// Another key.
  static func drawn() throws -> JournalKey {
    try #require(try JournalKey((0..<32).map { UInt8($0) }))
  }
}
