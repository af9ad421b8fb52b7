import Cryptography
import EventSamples
import Events
import Expressions
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

@Suite("Rotating the key of a journal")
struct KeyRotationTests {
  private typealias Records = ArchiveReport.Records

  private var kept: KeptJournal

  init() throws { kept = try KeptJournal() }

  private var order: KeyRotation.Order {
    KeyRotation.Order(journal: kept.path, key: nil, newKey: nil, as: .sample)
  }

  private func key(_ path: String) throws -> JournalKey { try KeyFile(named: path).load() }

  /// The path of a copy of the journal's key, which is the old one afterwards.
  private func copyOfKey() throws -> String {
    let copy = kept.folder.path + "/old.key"
    try FileManager.default.copyItem(atPath: kept.path + ".key", toPath: copy)
    return copy
  }

  /// Runs, a rollout, requests, a schedule and what waits for it, by a process that ended.
  private mutating func fill() async throws {
    let journal = try SQLiteJournal.open(at: kept.path)
    for event in SampleRun.everything { try journal.append([event], run: SampleRun.run) }
    try kept.add(run: 1, to: journal)
    try kept.add(run: 2, "onboard", nil, to: journal)
    try kept.add(rollout: 10, [.succeeded, .failed], to: journal)
    try await journal.post(RunRequest(run: KeptJournal.id(2), .cancel))
    try await journal.post(
      RunRequest(
        run: KeptJournal.id(2),
        .decide(
          StepPath(components: [.step("ask")]),
          ApprovalDecision(
            .approved, fields: ["pin": .secret(text: PlantedSecrets.token)], by: "ann"))))
    let state = ScheduleState(
      name: "nightly", definition: "daily", file: "/a.yaml", firstSeen: SampleRun.beginning)
    let tick = Tick(due: SampleRun.beginning, .missed, decidedAt: SampleRun.beginning)
    let notice = StoredNotice(id: KeptJournal.id(50), form: [1, 2], due: SampleRun.beginning)
    let change = LedgerChange(by: .person, to: state, ticks: [tick])
    _ = journal.commitWaiting(JournalCommit(change, notices: [notice]))
    try await journal.trigger("nightly", at: SampleRun.beginning, by: "ann")
  }

  @Test mutating func `everything is the same under the new key, and nothing under the old one`()
    async throws
  {
    try await fill()
    let before = try JournalImage(kept.path)
    let old = try copyOfKey()
    let report = try KeyRotation.perform(order)
    #expect(report.records == Records(rollouts: 1, runs: 5))
    #expect(report.schedules == 1)
    #expect(report.stays == [] && !report.leavesDamage)
    #expect(report.key == kept.path + ".key")
    #expect(try JournalImage(kept.path) == before)
    #expect(try CheckReport.problems(kept.path) == [])
    // The new key alone opens what there is.
    #expect(try key(report.oldKey).id == key(old).id)
    #expect(try key(report.key).id != key(old).id)
    #expect(try kept.folder.mode(of: report.key) == 0o600)
    #expect(try kept.folder.mode(of: report.oldKey) == 0o600)
    try await expectWaiting()
    try expectNoTrace(of: key(old))
  }

  /// What waits for the next process is the same as before.
  private func expectWaiting() async throws {
    let journal = try SQLiteJournal.open(at: kept.path)
    _ = try journal.claimWaiting(KeptJournal.id(2))
    let requests = try await journal.requests(after: .start).requests.map(\.request.kind)
    #expect(
      requests == [
        .cancel,
        .decide(
          StepPath(components: [.step("ask")]),
          ApprovalDecision(
            .approved, fields: ["pin": .secret(text: PlantedSecrets.token)], by: "ann")),
      ])
    let page = try await journal.schedules(after: .start)
    #expect(page.states.map(\.name) == ["nightly"])
    #expect(page.triggers.map(\.by) == ["ann"])
    #expect(try journal.reader.ticks(of: "nightly", limit: 9).map(\.number) == [1])
    let notices = try await journal.takeNotices(
      due: SampleRun.beginning, limit: 9, hold: .seconds(1))
    #expect(notices.map(\.form) == [[1, 2]])
  }

  /// No file of the journal holds the id of `key`, with which everything that it sealed begins.
  private func expectNoTrace(of key: JournalKey) throws {
    for (suffix, data) in try kept.folder.files() {
      #expect(data.firstRange(of: Data(key.id)) == nil, "\(suffix)")
    }
  }

  @Test mutating func `a run goes on under the new key`() async throws {
    try await fill()
    _ = try KeyRotation.perform(order)
    let journal = try SQLiteJournal.open(at: kept.path)
    let claim = try journal.claimWaiting(KeptJournal.id(2))
    try journal.append(
      [RunEvent(sequence: 1, at: KeptJournal.end, kind: .cancelRequested())],
      run: KeptJournal.id(2), epoch: claim.epoch)
    #expect(try journal.reader.verify(KeptJournal.id(2)) == nil)
  }

  @Test mutating func `a process that has the old key can record nothing more`() async throws {
    let journal = try SQLiteJournal.open(at: kept.path)
    try await fill()
    _ = try KeyRotation.perform(order)
    let replaced = JournalError.replaced(path: kept.path)
    #expect(throws: replaced) { try kept.add(run: 90, to: journal) }
    await #expect(throws: replaced) {
      try await journal.post(RunRequest(run: KeptJournal.id(2), .cancel))
    }
    #expect(try CheckReport.problems(kept.path) == [])
  }

  @Test mutating func `a key that was named is not replaced: the new one has its own file`()
    async throws
  {
    try await fill()
    let named = kept.folder.path + "/named.key"
    try FileManager.default.moveItem(atPath: kept.path + ".key", toPath: named)
    var order = order
    order.key = named
    #expect(throws: MaintenanceError.newKeyNeeded(keyPath: named)) {
      try KeyRotation.perform(order)
    }
    let journal = try SQLiteJournal.open(at: kept.path, key: named, as: .sample)
    let (before, bytes) = (
      try JournalImage(kept.path, key: named), FileManager.default.contents(atPath: named)
    )
    order.newKey = kept.folder.path + "/new.key"
    let report = try KeyRotation.perform(order)
    #expect(report.oldKey == named && report.key == order.newKey)
    #expect(FileManager.default.contents(atPath: named) == bytes)
    #expect(try JournalImage(kept.path, key: order.newKey) == before)
    #expect(try CheckReport.problems(kept.path, key: order.newKey) == [])
    // Nothing shows whoever has the old key open that there is another one but the journal itself.
    #expect(throws: JournalError.otherKey(path: named)) { try kept.add(run: 90, to: journal) }
    #expect(throws: JournalError.otherKey(path: named)) {
      try SQLiteJournal.open(at: kept.path, key: named, as: .sample)
        .claimWaiting(KeptJournal.id(2))
    }
    order.newKey = kept.folder.path + "/third.key"
    #expect(throws: MaintenanceError.journal(.otherKey(path: named))) {
      try KeyRotation.perform(order)
    }
  }

  @Test mutating func `a given key takes the place of the one beside the journal`() async throws {
    try await fill()
    var order = order
    order.newKey = kept.folder.path + "/given.key"
    let hex = String(repeating: "0a1b2c3d", count: 8)
    try Data("\(hex)\n".utf8).write(to: URL(filePath: kept.folder.path + "/given.key"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: kept.folder.path + "/given.key")
    let before = try JournalImage(kept.path)
    let report = try KeyRotation.perform(order)
    #expect(report.key == kept.path + ".key")
    #expect(
      FileManager.default.contents(atPath: report.key) == Hexadecimal.decode(hex).map { Data($0) })
    #expect(try JournalImage(kept.path) == before)
    #expect(
      throws: MaintenanceError.unusableNewKey(
        path: kept.folder.path + "/given.key", reason: "it is the key that the journal has")
    ) { try KeyRotation.perform(order) }
    #expect(try JournalImage(kept.path) == before)
  }

  @Test mutating func `while a process drives runs the key stays`() async throws {
    let journal = try SQLiteJournal.open(at: kept.path)
    try kept.add(run: 1, "onboard", nil, to: journal)
    let bytes = FileManager.default.contents(atPath: kept.path + ".key")
    #expect {
      try KeyRotation.perform(order)
    } throws: { error in
      let error = error as? MaintenanceError
      return error?.description
        == "the journal \(kept.path) is in use by process 4711 on build-3"
        && error?.hint == "wait until it ends, or stop it; then try again"
    }
    #expect(FileManager.default.contents(atPath: kept.path + ".key") == bytes)
    #expect(!FileManager.default.fileExists(atPath: kept.path + ".key.next"))
    #expect(try journal.reader.verify(KeptJournal.id(1)) == nil)
  }

  @Test mutating func `what was made under another key stays as it is, and is named`() async throws
  {
    try await fill()
    let other = kept.folder.path + "/other.key"
    _ = try KeyFile(named: other).loadOrCreate(random: .system)
    try kept.add(
      run: 70, "elsewhere", to: SQLiteJournal.open(at: kept.path, key: other, as: .sample))
    let report = try KeyRotation.perform(order)
    let id = Hexadecimal.encode(try key(other).id)
    #expect(
      report.stays.map(\.description) == [
        "run \(KeptJournal.id(70)): made under another key (\(id))"
      ])
    #expect(!report.leavesDamage)
    #expect(
      try JournalReader.open(at: kept.path, key: other).verifiedRecord(of: KeptJournal.id(70))
        == RunRecord(
          events: JournalReader.open(at: kept.path).record(of: KeptJournal.id(70)).events,
          isVerified: true))
    #expect(
      try CheckReport.problems(kept.path) == [
        "1 record was made under another key (\(id)) and could not be verified: \(KeptJournal.id(70))"
      ])
  }

  @Test mutating func `what is damaged is not made authentic`() async throws {
    try await fill()
    try kept.tamper(
      "UPDATE commits SET form = zeroblob(9) WHERE first = 1 AND run = 2")
    let before = try CheckReport.problems(kept.path)
    let old = try copyOfKey()
    let report = try KeyRotation.perform(order)
    #expect(report.leavesDamage)
    #expect(
      report.stays.map(\.description) == [
        "run \(KeptJournal.id(1)): damaged\n    event 1 was altered"
          + "\n    3 events were recorded and only the first 2 are there"
      ])
    #expect(try CheckReport.problems(kept.path, key: old).contains(before[0]))
  }

  @Test(arguments: [1, 2]) func `runs of older programs are put under the new key, too`(
    version: Int
  ) throws {
    try OldJournalTests.place(version, at: kept.path)
    let before = try JournalImage(kept.path)
    let old = try key(kept.path + ".key")
    let report = try KeyRotation.perform(order)
    #expect(report.records == Records(runs: 5))
    #expect(report.stays == [])
    #expect(try JournalImage(kept.path) == before)
    #expect(try CheckReport.problems(kept.path) == [])
    try expectNoTrace(of: old)
  }

  @Test mutating func `a run keeps to its saved plan under the new key`() async throws {
    let path = kept.folder.path + "/a.plan"
    let run = KeptJournal.id(1)
    _ = try SQLiteJournal.open(at: kept.path)
    var start = try KeptJournal.start(run, "planned")
    let events = [RunEvent(sequence: 0, at: SampleRun.beginning, kind: .runStarted(start))]
    try PlanFile.write(events, to: path, sealedFor: kept.path)
    let plan = try PlanFile(at: path, sealedFor: kept.path)
    start.pinned?.savedPlan = Hexadecimal.encode(plan.text.digest.bytes)
    let texts = [KeptJournal.text("planned"), KeptJournal.description, plan.text.bytes]
    try kept.add(start, nil, texts: texts, to: SQLiteJournal.open(at: kept.path))
    _ = try KeyRotation.perform(order)
    #expect(throws: JournalError.self) { try PlanFile(at: path, sealedFor: kept.path) }
    let reader = try JournalReader.open(at: kept.path)
    let record = try reader.verifiedRecord(of: run)
    #expect(record.flaws == [])
    guard case .runStarted(let found)? = record.events.first?.kind,
      let digest = found.pinned?.savedPlan.flatMap(Hexadecimal.decode).flatMap({ TextDigest($0) })
    else {
      Issue.record("the run names no plan")
      return
    }
    let bytes = try #require(try reader.text(digest))
    #expect(
      try PlanFile(bytes, named: "of the run", sealedFor: kept.path, key: reader.keyPath).events
        == events)
    #expect(try CheckReport.problems(kept.path) == [])
  }
}
