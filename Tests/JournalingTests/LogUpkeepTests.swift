import EventSamples
import Events
import Foundation
import Testing

@testable import Journaling

@Suite("The log of a journal", .timeLimit(.minutes(2)))
struct LogUpkeepTests {
  private static let pageSize = 4096

  private let folder: TemporaryFolder
  private let journal: SQLiteJournal

  init() throws {
    folder = try TemporaryFolder(in: TemporaryFolder.memory)
    journal = try SQLiteJournal.open(at: folder.journal)
  }

  /// Records a text that takes so many pages and cannot be compressed.
  private func commit(_ number: UInt64, pages: Int) throws {
    var generator = SystemRandomNumberGenerator()
    let text = (0..<pages * Self.pageSize / 8).flatMap { _ in
      withUnsafeBytes(of: generator.next() as UInt64, Array.init)
    }
    var commit = GroupedWriteTests.start(number)
    commit.texts = [try StoredText(text)]
    guard case .committed = journal.commitWaiting(commit) else {
      Issue.record("it is not recorded")
      return
    }
  }

  @Test func `it is moved into the database beside the commits`() async throws {
    let before = try folder.size("")
    try commit(0, pages: Int(LogUpkeep.usualLength))
    while try folder.size("") < before + Int(LogUpkeep.usualLength) * Self.pageSize {
      await Task.yield()
    }
    #expect(try journal.reader.verify(SampleRun.drawn(0)) == nil)
  }

  @Test func `one that grows faster than that is moved within a commit`() throws {
    let (count, pages) = (UInt64(30), 500)
    for number in 0..<count { try commit(number, pages: pages) }
    let most = (Int(LogUpkeep.largestLength) + 8 * pages) * (Self.pageSize + 24)
    #expect(try folder.size("-wal") < most)
    for number in 0..<count {
      #expect(try journal.reader.verify(SampleRun.drawn(number)) == nil)
    }
  }

  @Test func `what moves it makes no file where the journal is gone`() {
    #expect(JournalName.existing("/a b/journal") == "file:/a%20b/journal?mode=rw")
  }
}
