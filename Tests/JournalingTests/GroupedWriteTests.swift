import Dispatch
import EventSamples
import Events
import Expressions
import FaultyFiles
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

/// Holds the journal's connection, as a transaction that is being written does.
private struct HeldConnection: Sendable {
  private let end = DispatchSemaphore(value: 0)

  /// Returns once it is held.
  init(of journal: SQLiteJournal) async {
    let end = end
    await withCheckedContinuation { continuation in
      journal.file.runInBackground { _ in
        continuation.resume()
        end.wait()
      }
    }
  }

  func release() { end.signal() }
}

@Suite("Writes that come together") struct GroupedWriteTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The start of a run.
  static func start(_ number: UInt64, sequence: Int = 0) -> JournalCommit {
    let run = SampleRun.drawn(number)
    let event = RunEvent(
      sequence: sequence, at: SampleRun.beginning,
      kind: .runStarted(
        RunStart(
          run: run, playbook: "p", file: "p.yaml", planDigest: "d", inputs: [:], seed: 1,
          version: "1")))
    return JournalCommit([
      JournalCommit.Part(run: run, expected: .empty, epoch: 0, events: [event])
    ])
  }

  /// The runs that are recorded, in the order in which they were.
  private static func runs(in journal: SQLiteJournal, of numbers: [UInt64]) throws -> [UInt64] {
    let names = Dictionary(
      uniqueKeysWithValues: numbers.map { (SampleRun.drawn($0).text, $0) })
    return try journal.file.read { database in
      try String.fetchAll(database, sql: "SELECT id FROM runs ORDER BY number")
    }.compactMap { names[$0] }
  }

  /// Lets `commits` come in their order while the connection is held; returns how each ended.
  private static func commitTogether(
    _ commits: [JournalCommit], to journal: SQLiteJournal,
    meanwhile: () async throws -> Void = {}
  ) async throws -> [CommitOutcome] {
    let held = await HeldConnection(of: journal)
    return try await withThrowingTaskGroup(of: (Int, CommitOutcome).self) { group in
      for (index, commit) in commits.enumerated() {
        group.addTask { (index, await journal.commit(commit)) }
        // The next one comes after it.
        while journal.writes.waitingCount <= index { await Task.yield() }
      }
      try await meanwhile()
      held.release()
      var outcomes: [Int: CommitOutcome] = [:]
      for try await (index, outcome) in group { outcomes[index] = outcome }
      return outcomes.sorted { $0.key < $1.key }.map(\.value)
    }
  }

  @Test func `commits that come while another is written share a transaction and a sync`()
    async throws
  {
    let files = FaultyFiles(in: folder.path)
    let journal = try SQLiteJournal.open(at: folder.journal)
    // So that this process is an owner.
    #expect(journal.commitWaiting(Self.start(1000)).isCommitted)
    let before = files.syncCount
    #expect(journal.commitWaiting(Self.start(1001)).isCommitted)
    #expect(files.syncCount == before + 1)
    let numbers = (0..<40).map { UInt64($0) }
    let outcomes = try await Self.commitTogether(numbers.map { Self.start($0) }, to: journal)
    #expect(outcomes.allSatisfy { $0.isCommitted })
    #expect(files.syncCount == before + 2)
    #expect(try Self.runs(in: journal, of: numbers) == numbers)
    for number in numbers {
      #expect(try journal.reader.verify(SampleRun.drawn(number)) == nil)
    }
    withExtendedLifetime(journal) {}
  }

  @Test func `so many as may share a transaction do, and the rest shares the next`() async throws {
    let files = FaultyFiles(in: folder.path)
    let journal = try SQLiteJournal.open(at: folder.journal)
    #expect(journal.commitWaiting(Self.start(1000)).isCommitted)
    let before = files.syncCount
    let numbers = (0..<600).map { UInt64($0) }
    let outcomes = try await Self.commitTogether(numbers.map { Self.start($0) }, to: journal)
    #expect(outcomes.count == 600 && outcomes.allSatisfy { $0.isCommitted })
    #expect(files.syncCount == before + 3)
    #expect(try Self.runs(in: journal, of: numbers) == numbers)
    withExtendedLifetime(journal) {}
  }

  @Test func `the first write makes this process an owner, and one that is refused does not`()
    throws
  {
    let files = FaultyFiles(in: folder.path)
    let journal = try SQLiteJournal.open(at: folder.journal)
    let owners = { () throws -> Int? in
      try journal.file.read { database in
        try Int.fetchOne(database, sql: "SELECT count(*) FROM owners")
      }
    }
    #expect(!journal.commitWaiting(Self.start(1, sequence: 3)).isCommitted)
    #expect(try owners() == 0)
    #expect(journal.ownership.number == 0)
    let before = files.syncCount
    #expect(journal.commitWaiting(Self.start(1)).isCommitted)
    #expect(files.syncCount == before + 1)
    #expect(try owners() == 1)
    #expect(try OwnerLocks.isHeld(journal.ownership.number, beside: folder.journal))
    withExtendedLifetime(journal) {}
  }

  @Test func `one that is refused or fails takes nothing else with it`() async throws {
    let other = try SQLiteJournal.open(at: folder.journal)
    #expect(other.commitWaiting(Self.start(9)).isCommitted)
    let journal = try SQLiteJournal.open(at: folder.journal)
    var broken = Self.start(4)
    // What is recorded of it before it is refused is gone, too.
    broken.parts += Self.start(5, sequence: 3).parts
    var moved = Self.start(6)
    moved.ledger = [
      LedgerChange(
        by: .daemon(epoch: 7), to: LedgerRecords.nightly, rollout: SampleRollout.rollout)
    ]
    moved.notices = [StoredNotice(id: SampleRun.drawn(70), form: [], due: SampleRun.beginning)]
    var foreign = Self.start(9)
    foreign.parts[0].expected = try #require(try journal.reader.head(of: SampleRun.drawn(9)))
    foreign.parts[0].events = [
      RunEvent(sequence: 1, at: SampleRun.beginning, kind: .cancelRequested())
    ]
    let commits = [Self.start(1), broken, Self.start(2), moved, foreign, Self.start(3)]
    let outcomes = try await Self.commitTogether(commits, to: journal)
    #expect(outcomes.map(\.isCommitted) == [true, false, true, false, false, true])
    #expect(outcomes[1] == .conflict(.misplaced(run: SampleRun.drawn(5), sequence: 3)))
    #expect(
      outcomes[3] == .conflict(.leaseLost(rollout: SampleRollout.rollout, to: nil)))
    guard case .fenced(SampleRun.drawn(9), _) = outcomes[4] else {
      Issue.record("another process's run was recorded: \(outcomes[4])")
      return
    }
    #expect(try Self.runs(in: journal, of: [1, 2, 3, 4, 5, 6]) == [1, 2, 3])
    #expect(try journal.reader.noticeCount() == 0 && journal.reader.schedules() == [])
    #expect(try journal.reader.holdsUnfinished())
  }

  @Test func `when all are refused nothing is written`() async throws {
    let files = FaultyFiles(in: folder.path)
    let journal = try SQLiteJournal.open(at: folder.journal)
    #expect(journal.commitWaiting(Self.start(1)).isCommitted)
    let before = files.syncCount
    let refused = (2...4).map { Self.start($0, sequence: 1) }
    let outcomes = try await Self.commitTogether(refused, to: journal)
    #expect(
      outcomes == (2...4).map { .conflict(.misplaced(run: SampleRun.drawn($0), sequence: 1)) })
    #expect(files.syncCount == before)
    withExtendedLifetime(journal) {}
  }

  @Test func `all kinds of writes are performed in the order in which they came`() async throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    let run = SampleRun.drawn(1)
    let held = await HeldConnection(of: journal)
    async let started = journal.commit(Self.start(1))
    while journal.writes.waitingCount < 1 { await Task.yield() }
    async let posted: Void = journal.post(RunRequest(run: run, .cancel))
    while journal.writes.waitingCount < 2 { await Task.yield() }
    async let released: Void = journal.release(run, epoch: 0)
    while journal.writes.waitingCount < 3 { await Task.yield() }
    async let claim = journal.claim(run)
    while journal.writes.waitingCount < 4 { await Task.yield() }
    held.release()
    #expect(await started.isCommitted)
    _ = try await (posted, released)
    #expect(try await claim.epoch == 1)
    #expect(try await journal.requests(after: .start).requests.count == 1)
  }

  @Test func `a commit whose task is cancelled is recorded all the same`() async throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    let held = await HeldConnection(of: journal)
    let outcome = try await withThrowingTaskGroup(of: CommitOutcome.self) { group in
      group.addTask { await journal.commit(Self.start(1)) }
      while journal.writes.waitingCount < 1 { await Task.yield() }
      group.cancelAll()
      held.release()
      return try await group.next()
    }
    #expect(outcome?.isCommitted == true)
    #expect(try Self.runs(in: journal, of: [1]) == [1])
  }

  @Test func `when the sync fails none of them is known to be recorded, and none is`()
    async throws
  {
    let files = FaultyFiles(in: folder.path)
    do {
      let journal = try SQLiteJournal.open(at: folder.journal)
      #expect(journal.commitWaiting(Self.start(1000)).isCommitted)
      files.fail(FaultyFiles.Fault(.sync, .error), at: 1)
      let outcomes = try await Self.commitTogether((0..<5).map { Self.start($0) }, to: journal)
      let failure = CommitOutcome.unknown(
        .failingDisk(path: folder.journal, reason: "the disk reports an error (disk I/O error)"))
      #expect(outcomes == Array(repeating: failure, count: 5))
      files.die()
      withExtendedLifetime(journal) {}
    }
    files.mend()
    #expect(files.losePower() != nil)
    files.revive()
    let journal = try SQLiteJournal.open(at: folder.journal)
    #expect(try Self.runs(in: journal, of: [0, 1, 2, 3, 4, 1000]) == [1000])
  }
}

extension CommitOutcome {
  fileprivate var isCommitted: Bool { if case .committed = self { true } else { false } }
}

/// Each call of SQLite to its file layer fails once in turn, while several commits are performed together.
@Suite("Writes that come together, on a disk that fails") struct GroupFaultTests {
  private static let faults: [FaultyFiles.Fault] =
    [FaultyFiles.Call.read, .write, .sync, .mapLock].map {
      FaultyFiles.Fault($0, .error)
    } + [FaultyFiles.Fault(.write, .full), FaultyFiles.Fault(.write, .short)]

  private let made: TemporaryFolder

  init() throws {
    made = try TemporaryFolder()
    let journal = try SQLiteJournal.open(at: made.journal)
    guard case .committed = journal.commitWaiting(GroupedWriteTests.start(1000)) else {
      throw CancellationError()
    }
  }

  @Test(arguments: faults)
  func `each group is there or not, and what was reported as committed is`(
    fault: FaultyFiles.Fault
  ) throws {
    for losesPower in [false, true] {
      var number = 1
      while try wasReached(fault, at: number, losesPower) { number += 1 }
      #expect(number > 1, "no call failed")
    }
  }

  /// Two groups, each of three commits of which the second is refused; false where no call failed.
  private func wasReached(
    _ fault: FaultyFiles.Fault, at number: Int, _ losesPower: Bool
  ) throws -> Bool {
    let folder = try TemporaryFolder(in: TemporaryFolder.memory)
    try folder.place(try made.files(), keyFrom: made)
    let files = FaultyFiles(in: folder.path)
    var outcomes: [[CommitOutcome]] = []
    if let journal = try? SQLiteJournal.open(at: folder.journal) {
      // So that pages are read and written in the middle of a transaction, too.
      try journal.file.write { try $0.execute(sql: "PRAGMA cache_size = 1") }
      files.fail(fault, at: number)
      for group in 0..<2 {
        let commits = (0..<3).map { index in
          GroupedWriteTests.start(UInt64(group * 3 + index), sequence: index == 1 ? 5 : 0)
        }
        outcomes.append(journal.commitWaiting(commits))
        guard outcomes.last?.first?.isCommitted == true else { break }
      }
      files.die()
      withExtendedLifetime(journal) {}
    }
    let hasFailed = files.hasFailed
    files.mend()
    if losesPower { #expect(files.losePower() != nil) }
    files.revive()
    try check(folder.journal, outcomes, "\(fault) at \(number)")
    return hasFailed
  }

  private func check(_ path: String, _ outcomes: [[CommitOutcome]], _ what: String) throws {
    let reader = try SQLiteJournal.open(at: path).reader
    for (group, ended) in outcomes.enumerated() {
      let isThere = try (0..<3).map { index in
        try reader.summary(of: SampleRun.drawn(UInt64(group * 3 + index))) != nil
      }
      #expect(isThere[0] == isThere[2] && !isThere[1], "\(what): a group is there in part")
      #expect(ended[0].isCommitted == ended[2].isCommitted, "\(what)")
      if ended[0].isCommitted { #expect(isThere[0], "\(what): a commit is missing") }
      guard case .conflict = ended[1] else {
        guard case .unknown = ended[1] else {
          Issue.record("\(what): a refused commit ended with \(ended[1])")
          continue
        }
        #expect(!ended[0].isCommitted, "\(what)")
        continue
      }
    }
  }
}
