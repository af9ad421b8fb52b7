import EventSamples
import Events
import FaultyFiles
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

/// Each call of SQLite to its file layer fails once in turn, until there are no more.
///
/// What was reported as committed is there afterwards, whatever happens to the process, and what is
/// there is whole commits.
@Suite("A journal on a disk that fails")
struct JournalFaultTests {
  /// What happens after the fault.
  enum Aftermath: CaseIterable {
    /// The process ends cleanly.
    case end
    /// The process is killed.
    case kill
    /// The power fails, and what was not synced is lost.
    case powerLoss
  }

  private static let faults: [FaultyFiles.Fault] =
    FaultyFiles.Call.allCases.flatMap { call in
      [FaultyFiles.Fault(call, .error), FaultyFiles.Fault(call, .full)]
    } + [
      FaultyFiles.Fault(.write, .short), FaultyFiles.Fault(.write, .error, isLasting: true),
      FaultyFiles.Fault(.sync, .error, isLasting: true),
    ]

  /// A journal without runs.
  private let made: TemporaryFolder

  init() throws {
    made = try TemporaryFolder()
    _ = try SQLiteJournal.open(at: made.journal)
  }

  private static let run = SampleRun.drawn(1)
  private static let commits = SmallJournal.commits(of: run, count: 5)

  @Test(arguments: faults)
  func `what was committed survives a fault at any call, and nothing is there in part`(
    fault: FaultyFiles.Fault
  ) throws {
    for aftermath in Aftermath.allCases where aftermath != .powerLoss || fault.call.changesFiles {
      var number = 1
      while try wasReached(fault, at: number, aftermath) { number += 1 }
      // Only a journal that is closed removes and cuts files.
      let happens = aftermath == .end || fault.call != .truncate && fault.call != .delete
      #expect(number > 1 || !happens, "no call failed")
    }
  }

  /// Lets the `number`th call fail; false when there are not so many.
  private func wasReached(
    _ fault: FaultyFiles.Fault, at number: Int, _ aftermath: Aftermath
  ) throws -> Bool {
    let folder = try TemporaryFolder(in: TemporaryFolder.memory)
    // For most faults the journal is there, so that fewer calls are the same.
    if fault.result != .error || fault.isLasting {
      try folder.place(try made.files(), keyFrom: made)
    }
    let files = FaultyFiles(in: folder.path)
    files.fail(fault, at: number)
    let committed = try record(at: folder.journal, files, aftermath)
    let hasFailed = files.hasFailed
    files.mend()
    if aftermath == .powerLoss { #expect(files.losePower() != nil) }
    files.revive()
    try check(folder.journal, committed, "\(fault) at \(number), then \(aftermath)")
    return hasFailed
  }

  /// Opens the journal and commits until something fails, as a host does; returns how many commits
  /// were reported as recorded.
  private func record(
    at path: String, _ files: FaultyFiles, _ aftermath: Aftermath
  ) throws -> Int {
    let journal: SQLiteJournal
    do throws(JournalError) {
      journal = try SQLiteJournal.open(at: path)
    } catch {
      if aftermath != .end { files.die() }
      return 0
    }
    defer {
      if aftermath != .end { files.die() }
      withExtendedLifetime(journal) {}
    }
    var (head, count) = (JournalHead.empty, 0)
    for (index, events) in Self.commits.enumerated() {
      let part = JournalCommit.Part(run: Self.run, expected: head, epoch: 0, events: events)
      // The log begins anew in the middle of the run.
      if index == 2 { Self.copyLog(of: path) }
      switch journal.commitWaiting(JournalCommit([part])) {
      case .committed(let heads):
        head = try #require(heads.first)
        count += 1
      case .unknown(let error):
        #expect(error.isOfDisk, "\(error)")
        return count
      case .conflict(let error):
        Issue.record("a fault was taken for a conflict: \(error)")
        return count
      case .fenced:
        Issue.record("a fault was taken for another owner")
        return count
      case .blocked:
        Issue.record("a fault was taken for a lock")
        return count
      }
    }
    return count
  }

  /// Copies the log into the database, as SQLite does now and then.
  private static func copyLog(of path: String) {
    try? DatabaseQueue(path: path).writeWithoutTransaction { database in
      _ = try database.checkpoint()
    }
  }

  private func check(_ path: String, _ committed: Int, _ what: String) throws {
    do throws(JournalError) {
      let journal = try SQLiteJournal.open(at: path)
      #expect(
        journal.reader.tornTail?.lacksCommits != true, "\(what): commits are said to be lost")
      guard try journal.reader.summary(of: Self.run) != nil else {
        #expect(committed == 0, "\(what): the run is missing")
        return
      }
      let record = try journal.reader.record(of: Self.run, secrets: .unsealed)
      #expect(record.flaws == [], "\(what)")
      let count = Self.commits.indices.first { end in
        record.events == Self.commits[...end].flatMap(\.self)
      }
      guard let count else {
        Issue.record("\(what): the \(record.events.count) events are not whole commits")
        return
      }
      #expect(count + 1 >= committed, "\(what): \(count + 1) of \(committed) commits are there")
    } catch {
      Issue.record("\(what): the journal cannot be opened any more: \(error)")
    }
  }
}

extension JournalError {
  /// Whether it says that the disk fails, is full, or has no such file.
  fileprivate var isOfDisk: Bool {
    switch self {
    case .failingDisk, .noSpace, .unwritable: true
    case _: false
    }
  }
}

extension FaultyFiles.Call {
  /// Whether what is durable depends on it.
  var changesFiles: Bool {
    switch self {
    case .write, .sync, .truncate, .delete: true
    case .open, .read, .fileSize, .lock, .map, .mapLock: false
    }
  }
}
