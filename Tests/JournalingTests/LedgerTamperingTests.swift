import EventSamples
import Events
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

@Suite struct LedgerTamperingTests {
  private let folder: TemporaryFolder
  private static let count = LedgerRecords.ticks.count

  init() async throws {
    folder = try TemporaryFolder()
    let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    var state = try records.add([], to: nil)
    for tick in LedgerRecords.ticks { state = try records.add([tick], to: state) }
    try records.add([LedgerRecords.tick(1)], to: nil, named: "weekly")
  }

  private func tamper(_ sql: String) throws {
    var configuration = Configuration()
    configuration.foreignKeysEnabled = false
    try DatabaseQueue(path: folder.journal, configuration: configuration).write { database in
      let triggers = ["ticks_are_not_edited", "ticks_are_not_deleted"]
      let definitions = try triggers.compactMap { name in
        try String.fetchOne(
          database, sql: "SELECT sql FROM sqlite_master WHERE name = ?", arguments: [name])
      }
      for name in triggers { try database.execute(sql: "DROP TRIGGER \(name)") }
      try database.execute(sql: sql)
      for definition in definitions { try database.execute(sql: definition) }
    }
  }

  private static let edits: [(String, [LedgerFlaw])] = [
    (
      "UPDATE ticks SET form = zeroblob(length(form)) WHERE number = 4 AND schedule = 1",
      [.altered(tick: 4)]
    ),
    (
      "UPDATE ticks SET tag = zeroblob(16) WHERE number = 4 AND schedule = 1",
      [.altered(tick: 4), .altered(tick: 5)]
    ),
    ("UPDATE ticks SET due = due + 1 WHERE number = 4 AND schedule = 1", [.altered(tick: 4)]),
    ("UPDATE ticks SET verdict = 'missed' WHERE number = 9 AND schedule = 1", [.altered(tick: 9)]),
    ("UPDATE ticks SET rollout = NULL WHERE number = 2 AND schedule = 1", [.altered(tick: 2)]),
    ("UPDATE ticks SET person = 'bob' WHERE number = 6 AND schedule = 1", [.altered(tick: 6)]),
    ("UPDATE ticks SET count = 7 WHERE number = 1 AND schedule = 1", [.altered(tick: 1)]),
    ("DELETE FROM ticks WHERE number = 5 AND schedule = 1", [.gap(tick: 5)]),
    ("DELETE FROM ticks WHERE number = 1 AND schedule = 1", [.gap(tick: 1)]),
    (
      "DELETE FROM ticks WHERE number >= 10 AND schedule = 1",
      [.cut(recorded: count, present: 9)]
    ),
    ("DELETE FROM ticks WHERE schedule = 1", [.cut(recorded: count, present: 0)]),
    (
      """
      UPDATE ticks SET number = 99 WHERE number = 5 AND schedule = 1;
      UPDATE ticks SET number = 5 WHERE number = 6 AND schedule = 1;
      UPDATE ticks SET number = 6 WHERE number = 99 AND schedule = 1
      """, [.altered(tick: 5), .altered(tick: 6), .altered(tick: 7)]
    ),
    (
      """
      INSERT INTO ticks SELECT 1, 15, due + 1, through + 1, count, verdict, rollout, person, form, tag
      FROM ticks WHERE schedule = 2
      """, [.altered(tick: 15), .unknownTail(tick: 15)]
    ),
    (
      """
      UPDATE ticks SET form = (SELECT form FROM ticks WHERE schedule = 2 AND number = 1),
        tag = (SELECT tag FROM ticks WHERE schedule = 2 AND number = 1),
        verdict = 'missed', rollout = NULL
      WHERE schedule = 1 AND number = 2
      """, [.altered(tick: 2), .altered(tick: 3)]
    ),
    ("UPDATE schedules SET form = zeroblob(length(form)) WHERE number = 1", [.alteredState]),
    ("UPDATE schedules SET version = version + 1 WHERE number = 1", [.alteredState]),
    ("UPDATE schedules SET epoch = 9 WHERE number = 1", [.alteredState]),
    ("UPDATE schedules SET name = 'other' WHERE number = 1", [.altered(tick: 1), .alteredState]),
    ("UPDATE schedules SET version = -1 WHERE number = 1", [.alteredState]),
    ("UPDATE schedules SET epoch = 1 << 60 WHERE number = 1", [.alteredState]),
    ("UPDATE schedules SET first = 0 WHERE number = 1", [.alteredState]),
    (
      "UPDATE schedules SET ticks = -1 WHERE number = 1",
      [.unknownTail(tick: 1), .alteredState]
    ),
    (
      "UPDATE schedules SET ticks = 3 WHERE number = 1",
      [.unknownTail(tick: 4), .alteredState]
    ),
    (
      "UPDATE schedules SET head = zeroblob(16) WHERE number = 1",
      [.altered(tick: count), .alteredState]
    ),
    ("UPDATE schedules SET tag = zeroblob(16) WHERE number = 1", [.alteredState]),
    (
      """
      UPDATE schedules SET form = (SELECT form FROM schedules WHERE number = 2),
        tag = (SELECT tag FROM schedules WHERE number = 2) WHERE number = 1
      """, [.alteredState]
    ),
  ]

  @Test(arguments: edits)
  func `every edit, gap, swap and cut is found`(sql: String, flaws: [LedgerFlaw]) async throws {
    try tamper(sql)
    let reader = try JournalReader.open(at: folder.journal)
    let checks = try reader.ledgerChecks()
    let name = sql.contains("'other'") ? "other" : "nightly"
    let check = try #require(checks.first { $0.schedule == name })
    // Who changes the name changes what every tag covers.
    let found = name == "other" ? check.flaws.filter { flaws.contains($0) } : check.flaws
    #expect(found == flaws && check.isVerified)
    #expect(checks.first { $0.schedule == "weekly" }?.flaws == [])
    if flaws.contains(.unknownTail(tick: Self.count + 1)) {
      // What the state does not know is never shown.
      #expect(try reader.ticks(of: name, limit: 99).map(\.number).first == Self.count)
    } else {
      #expect(throws: JournalError.self) { try reader.ticks(of: name, limit: 99) }
    }
    guard flaws.contains(.alteredState) else { return }
    let error = JournalError.flawedLedger(schedule: name, .alteredState)
    #expect(throws: error) { try reader.schedule(named: name) }
    #expect(
      error.hint == "`privirun journal check` says what is intact, and `privirun schedule forget` "
        + "lets the schedule begin anew")
    // The others are there.
    #expect(try reader.schedules().map(\.name) == ["weekly"])
    #expect(try reader.flawedSchedules() == [FlawedSchedule(name, error)])
    let page = try await SQLiteJournal.open(at: folder.journal).schedules(after: .start)
    #expect(page.states.map(\.name) == ["weekly"])
    #expect(page.flawed == [FlawedSchedule(name, error)])
  }

  @Test func `a ledger that cannot be used is known until it is mended, whatever else changes`()
    async throws
  {
    let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    let start = try await records.journal.schedules(after: .start)
    try tamper("UPDATE schedules SET epoch = 9 WHERE number = 1")
    // What is not looked at again is not found.
    let weekly = try #require(start.states.first { $0.name == "weekly" })
    _ = try records.add([LedgerRecords.tick(2)], to: weekly, named: "weekly")
    let news = try await records.journal.schedules(after: start.next)
    #expect(news.states.map(\.version) == [2] && news.flawed == [])
    let flawed = [
      FlawedSchedule("nightly", .flawedLedger(schedule: "nightly", .alteredState))
    ]
    #expect(try await records.journal.schedules(after: .start).flawed == flawed)
    _ = try records.add([LedgerRecords.tick(3)], to: news.states[0], named: "weekly")
    for _ in 1...2 {
      #expect(try await records.journal.schedules(after: news.next).flawed == flawed)
    }
    try tamper("UPDATE schedules SET epoch = 1 WHERE number = 1")
    let mended = try await records.journal.schedules(after: news.next)
    #expect(mended.flawed == [] && mended.states.map(\.name) == ["nightly", "weekly"])
  }

  @Test func `a ledger that cannot be used begins anew, and the others stay as they are`()
    async throws
  {
    try tamper("UPDATE schedules SET tag = zeroblob(16) WHERE number = 1")
    let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    let page = try await records.journal.schedules(after: .start)
    let now = LedgerRecords.minute(99)
    #expect(try await records.journal.forget("weekly", at: now) == nil)
    let forgotten = try await records.journal.forget("nightly", at: now)
    #expect(forgotten == ForgottenSchedule(ticks: Self.count, triggers: 0))
    #expect(try await records.journal.forget("nightly", at: now) == nil)
    let reader = records.journal.reader
    #expect(try reader.ledgerChecks().allSatisfy { $0.flaws.isEmpty && $0.isVerified })
    // Whoever read on before finds it.
    let news = try await records.journal.schedules(after: page.next)
    #expect(news.flawed == [])
    let state = try #require(news.states.first)
    #expect(news.states.map(\.name) == ["nightly"])
    #expect(!state.isActive && state.firstSeen == now && state.decidedThrough == now)
    #expect(try reader.ticks(of: "nightly", limit: 9) == [])
    #expect(try reader.ticks(of: "weekly", limit: 9).count == 1)
    _ = try records.add([LedgerRecords.tick(100)], to: state)
    #expect(try reader.ticks(of: "nightly", limit: 9).map(\.number) == [1])
    let unknown = JournalError.unknownSchedule(name: "x", known: ["nightly", "weekly"])
    await #expect(throws: unknown) { try await records.journal.forget("x", at: now) }
  }

  @Test(arguments: [
    "tag = zeroblob(16)", "version = -1", "version = 1, form = x'00'",
    "version = 1 << 46, form = x'00'", "version = 1 << 46, change = -9223372036854775807",
  ])
  func `whoever knew a schedule before it was forgotten follows it and records nothing on the old`(
    edit: String
  ) async throws {
    let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    let page = try await records.journal.schedules(after: .start)
    // One after many changes, and one after its first.
    #expect(page.states.map(\.version) == [1 + Self.count, 1])
    for before in page.states {
      var known = before
      for minute in [100, 200] {
        try tamper("UPDATE schedules SET \(edit) WHERE name = '\(before.name)'")
        let moment = LedgerRecords.minute(minute)
        try #require(try await records.journal.forget(before.name, at: moment) != nil)
        #expect(throws: JournalError.ledgerMoved(schedule: before.name, rollout: nil)) {
          try records.add([LedgerRecords.tick(minute - 1)], to: known, named: before.name)
        }
        let state = try records.journal.reader.schedule(named: before.name)
        #expect(state.version > known.version + 1_000)
        known = try records.add([LedgerRecords.tick(minute + 1)], to: state, named: before.name)
      }
    }
  }

  @Test func `a ledger that a rotation left under the old key begins anew`() async throws {
    try tamper("UPDATE schedules SET epoch = 9 WHERE number = 1")
    _ = try KeyRotation.perform(
      KeyRotation.Order(journal: folder.journal, key: nil, newKey: nil, as: .sample))
    let journal = try SQLiteJournal.open(at: folder.journal)
    let left = FlawedSchedule("nightly", .flawedLedger(schedule: "nightly", .earlierKey))
    #expect(try journal.reader.flawedSchedules() == [left] && left.hint == nil)
    let now = LedgerRecords.minute(99)
    #expect(try await journal.forget("nightly", at: now)?.ticks == Self.count)
    #expect(try journal.reader.flawedSchedules() == [])
  }

  @Test func `nothing follows on a state that was altered`() async throws {
    // The expected version, without its tag.
    try tamper("UPDATE schedules SET form = zeroblob(9) WHERE number = 1")
    let records = try await LedgerRecords(SQLiteJournal.open(at: folder.journal))
    var state = LedgerRecords.nightly
    state.version = 1 + Self.count
    #expect(throws: JournalError.flawedLedger(schedule: "nightly", .alteredState)) {
      try records.add([], to: state)
    }
    #expect(
      JournalError.flawedLedger(schedule: "nightly", .alteredState).description
        == "the ledger of the schedule `nightly` is not intact: its state was altered")
  }

  @Test func `ticks whose schedule is gone are found`() throws {
    try tamper("DELETE FROM schedules WHERE number = 1")
    let checks = try JournalReader.open(at: folder.journal).ledgerChecks()
    #expect(
      checks == [
        LedgerCheck(schedule: "weekly", tickCount: 1, isVerified: true),
        LedgerCheck(
          schedule: "number 1", tickCount: Self.count, flaws: [.missingState], isVerified: false),
      ])
  }

  @Test func `ticks are neither edited nor deleted by accident`() throws {
    let queue = try DatabaseQueue(path: folder.journal)
    for sql in ["UPDATE ticks SET due = 0 WHERE number = 2", "DELETE FROM ticks"] {
      #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
    }
  }

  @Test
  func `of what nobody with the key made, a trigger is passed over, and a notification is empty`()
    async throws
  {
    try tamper(
      """
      INSERT INTO triggers (schedule, form) VALUES (1, x'00010203');
      INSERT INTO notices (id, due, attempts, form) VALUES ('0123456789ab', 0, 0, x'0001')
      """)
    let journal = try SQLiteJournal.open(at: folder.journal)
    try await journal.trigger("nightly", at: LedgerRecords.minute(5), by: "ann")
    #expect(try await journal.schedules(after: .start).triggers.map(\.by) == ["ann"])
    #expect(try journal.reader.noticeCount() == 1)
    let notices = try await journal.takeNotices(
      due: LedgerRecords.minute(0), limit: 9, hold: .seconds(60))
    #expect(notices.map(\.id.text) == ["0123456789ab"])
    #expect(notices.map(\.form) == [[]])
    #expect(notices.map(\.attempts) == [1])
  }

  @Test func `each flaw is named in a few words`() {
    let flaws: [LedgerFlaw] = [
      .altered(tick: 7), .gap(tick: 7), .cut(recorded: 9, present: 7), .unknownTail(tick: 8),
      .unreadable(tick: 7, .unsupportedVersion(2)), .alteredState,
      .unreadableState(.unsupportedVersion(2)), .missingState, .earlierKey,
    ]
    #expect(
      flaws.map(\.description) == [
        "tick 7 was altered", "tick 7 is missing",
        "9 ticks were recorded and only the first 7 are there",
        "the ticks from 8 on were added from outside",
        "tick 7 cannot be read: its form has version 2; update privirun",
        "its state was altered",
        "its state cannot be read: its form has version 2; update privirun",
        "its state is missing", "it stayed under the old key when the key was rotated",
      ])
  }
}
