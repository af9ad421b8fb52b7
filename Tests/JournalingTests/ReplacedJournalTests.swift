import EventSamples
import Events
import Foundation
import Testing

@testable import Journaling

@Suite("A journal that is not there any more")
struct ReplacedJournalTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path + "/journal.sqlite" }

  init() throws { folder = try TemporaryFolder() }

  private static func recordHalf(at path: String) throws -> SQLiteJournal {
    let journal = try SQLiteJournal.open(at: path)
    try journal.append(Array(SampleRun.events.prefix(5)), run: SampleRun.run)
    return journal
  }

  @Test(arguments: ["", "-wal", ".key"])
  func `a journal whose file was removed takes no more events`(suffix: String) async throws {
    let journal = try Self.recordHalf(at: path)
    try FileManager.default.removeItem(atPath: path + suffix)
    let next = Array(SampleRun.events[5..<6])
    #expect(throws: JournalError.replaced(path: path)) {
      try journal.append(next, run: SampleRun.run)
    }
    let head = try #require(try journal.reader.head(of: SampleRun.run))
    let part = JournalCommit.Part(run: SampleRun.run, expected: head, epoch: 0, events: next)
    #expect(await journal.commit(JournalCommit([part])) == .unknown(.replaced(path: path)))
  }

  @Test func `a journal that another file took the place of takes no more events`() throws {
    let journal = try Self.recordHalf(at: path)
    _ = try Self.recordHalf(at: folder.path + "/other.sqlite")
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: folder.path + "/other.sqlite", toPath: path)
    #expect(throws: JournalError.replaced(path: path)) {
      try journal.append(Array(SampleRun.events[5..<6]), run: SampleRun.run)
    }
  }

  @Test func `a journal behind a symbolic link is recorded in`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/inner", withIntermediateDirectories: true)
    try Data().write(to: URL(filePath: folder.path + "/inner/real.sqlite"))
    try FileManager.default.createSymbolicLink(
      atPath: path, withDestinationPath: "inner/real.sqlite")
    let journal = try Self.recordHalf(at: path)
    try journal.append(Array(SampleRun.events.dropFirst(5)), run: SampleRun.run)
    #expect(try JournalReader.open(at: path).verify(SampleRun.run) == nil)
  }

  @Test(arguments: [
    "", ":memory:", "file:x.sqlite", "file:x?mode=memory&cache=shared", "FILE:x", "a\0b",
  ])
  func `a name that stands for no file is refused`(name: String) {
    #expect(throws: JournalError.notAFile(path: name)) { try SQLiteJournal.open(at: name) }
    #expect(throws: JournalError.notAFile(path: name)) { try JournalReader.open(at: name) }
  }

  @Test func `a pipe is no journal`() throws {
    mkfifo(path, 0o600)
    for open in [
      { _ = try SQLiteJournal.open(at: path) }, { _ = try JournalReader.open(at: path) },
    ] as [() throws -> Void] {
      #expect {
        try open()
      } throws: { error in
        guard case .inaccessible(path, _) = error as? JournalError else { return false }
        return true
      }
    }
  }
}
