import EventSamples
import Events
import Expressions
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

@Suite struct JournalTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func start(
    _ run: RunID, at: Moment = SampleRun.beginning, labels: [RunLabel] = []
  ) -> RunEvent {
    let start = RunStart(
      run: run, playbook: "p", file: "p.yaml", planDigest: "d", inputs: [:], seed: 1, version: "1",
      labels: labels)
    return RunEvent(sequence: 0, at: at, kind: .runStarted(start))
  }

  private static func cancel(_ sequence: Int) -> RunEvent {
    RunEvent(sequence: sequence, at: SampleRun.beginning, kind: .cancelRequested())
  }

  @Test func `what is appended is read back, secrets only with the key`() throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    for event in SampleRun.events { try journal.append([event], run: SampleRun.run) }
    let read = try JournalReader.open(at: folder.journal)
    #expect(try read.events(of: SampleRun.run, secrets: .unsealed) == SampleRun.events)
    #expect(try read.events(of: SampleRun.run) != SampleRun.events)
    #expect(try read.verify(SampleRun.run) == nil)
  }

  @Test func `a run is listed by what its events say`() throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    try journal.append(SampleRun.events, run: SampleRun.run)
    let later = SampleRun.drawn(1)
    try journal.append([Self.start(later, at: SampleRun.beginning + .seconds(9))], run: later)
    let listed = [
      RunSummary(
        run: later, playbook: "p", file: "p.yaml",
        startedAt: SampleRun.beginning + .seconds(9),
        lastEventAt: SampleRun.beginning + .seconds(9), eventCount: 1),
      RunSummary(
        run: SampleRun.run, playbook: "onboard-tenant", file: "workflows/onboard-tenant.yaml",
        startedAt: SampleRun.beginning, lastEventAt: SampleRun.beginning + .milliseconds(1730),
        eventCount: SampleRun.events.count, outcome: .failed),
    ]
    #expect(try journal.reader.runs(limit: 10) == listed)
    #expect(try journal.reader.runs(limit: 1) == Array(listed.prefix(1)))
    #expect(try journal.reader.runs(limit: -1) == [])
  }

  @Test func `only a resumption may follow the end of a run`() throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    let run = SampleRun.drawn(1)
    func event(_ sequence: Int, _ kind: RunEvent.Kind) -> RunEvent {
      RunEvent(sequence: sequence, at: SampleRun.beginning, kind: kind)
    }
    let end = RunEvent.Kind.runFinished(RunResult(outcome: .cancelled))
    let resumption = RunEvent.Kind.runResumed(
      RunResumption(owner: "a", epoch: 2, seed: 1, version: "1"))
    #expect(throws: JournalError.misplaced(run: run, sequence: 0)) {
      try journal.append([event(0, resumption)], run: run)
    }
    try journal.append([Self.start(run), event(1, end)], run: run)
    let epoch = try journal.claimWaiting(run).epoch
    #expect(throws: JournalError.misplaced(run: run, sequence: 2)) {
      try journal.append([Self.cancel(2)], run: run, epoch: epoch)
    }
    try journal.append([event(2, resumption)], run: run, epoch: epoch)
    #expect(try journal.reader.runs(limit: 1).map(\.outcome) == [nil])
    try journal.append([Self.cancel(3), event(4, end)], run: run, epoch: epoch)
    #expect(try journal.reader.runs(limit: 1).map(\.outcome) == [.cancelled])
    #expect(try journal.reader.verify(run) == nil)
  }

  @Test func `runs are found by all of their labels, the newest first`() throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    let acme = RunLabel(name: "tenant", value: "acme")
    let stage = RunLabel(name: "stage", value: "test")
    let labels = [[acme], [acme, stage], [stage], [], [acme, stage]]
    for (number, labels) in labels.enumerated() {
      let run = SampleRun.drawn(UInt64(number))
      let at = SampleRun.beginning + .seconds(number)
      try journal.append([Self.start(run, at: at, labels: labels)], run: run)
      #expect(try journal.reader.verify(run) == nil)
    }
    func found(_ labels: [RunLabel], limit: Int = 10) throws -> [RunID] {
      try journal.reader.runs(limit: limit, labels: labels).map(\.run)
    }
    let runs = labels.indices.map { SampleRun.drawn(UInt64($0)) }
    #expect(try found([acme]) == [runs[4], runs[1], runs[0]])
    #expect(try found([acme, stage]) == [runs[4], runs[1]])
    #expect(try found([acme, stage], limit: 1) == [runs[4]])
    #expect(try found([RunLabel(name: "tenant", value: "ACME")]) == [])
    #expect(try journal.reader.runs(limit: 10).map(\.labels) == labels.reversed())
  }

  @Test func `the file, its key and its folder are the owner's alone`() throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    try journal.append(SampleRun.events, run: SampleRun.run)
    for suffix in ["", "-wal", "-shm", ".key", ".lock"] {
      #expect(try folder.mode(of: folder.journal + suffix) == 0o600)
    }
    #expect(try folder.mode(of: folder.path + "/inner") == 0o700)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/inner").count == 5)
  }

  @Test func `every commit is forced to the disk, and the log is written ahead`() throws {
    let file = try JournalFile.open(forWritingAt: folder.journal)
    let settings = try file.read { database in
      [
        try String.fetchOne(database, sql: "PRAGMA journal_mode"),
        try String.fetchOne(database, sql: "PRAGMA synchronous"),
      ]
    }
    #expect(settings == ["wal", "2"])
  }

  @Test func `an event out of its place is refused and nothing of its batch is kept`() throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    let (run, other) = (SampleRun.run, SampleRun.drawn(5))
    let misplaced: [([RunEvent], Int)] = [
      ([Self.cancel(0)], 0), ([Self.start(other)], 0),
      ([Self.start(run), Self.cancel(2)], 2), ([Self.cancel(4)], 4),
    ]
    for (events, sequence) in misplaced {
      #expect(throws: JournalError.misplaced(run: run, sequence: sequence)) {
        try journal.append(events, run: run)
      }
    }
    #expect(try journal.reader.runs(limit: 10) == [])
  }

  @Test func `nothing follows the end of a run`() throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    try journal.append(SampleRun.events, run: SampleRun.run)
    let next = SampleRun.events.count
    let epoch = try journal.claimWaiting(SampleRun.run).epoch
    #expect(throws: JournalError.misplaced(run: SampleRun.run, sequence: next)) {
      try journal.append([Self.cancel(next)], run: SampleRun.run, epoch: epoch)
    }
  }

  @Test func `a cancelled task's events are recorded all the same`() async throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    let part = JournalCommit.Part(
      run: SampleRun.run, expected: .empty, epoch: 0, events: SampleRun.events)
    await withTaskGroup(of: Void.self) { group in
      group.addTask {
        withUnsafeCurrentTask { $0?.cancel() }
        _ = await journal.commit(JournalCommit([part]))
      }
      await group.waitForAll()
    }
    #expect(try journal.reader.verify(SampleRun.run) == nil)
    #expect(try journal.reader.runs(limit: 1).first?.outcome == .failed)
  }

  @Test func `a reader sees what another process writes meanwhile`() throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    try journal.append([Self.start(SampleRun.run)], run: SampleRun.run)
    let reader = try JournalReader.open(at: folder.journal)
    #expect(try reader.events(of: SampleRun.run).count == 1)
    try journal.append([Self.cancel(1)], run: SampleRun.run)
    #expect(try reader.events(of: SampleRun.run).count == 2)
  }

  @Test func `reading needs no key to list and to show, and says when it is gone`() throws {
    try SQLiteJournal.open(at: folder.journal).append(SampleRun.events, run: SampleRun.run)
    try FileManager.default.removeItem(atPath: folder.journal + ".key")
    let reader = try JournalReader.open(at: folder.journal)
    #expect(try reader.runs(limit: 10).count == 1)
    #expect(try reader.events(of: SampleRun.run).count == SampleRun.events.count)
    #expect(throws: JournalError.missingKey(path: folder.journal + ".key")) {
      try reader.events(of: SampleRun.run, secrets: .unsealed)
    }
  }
}
