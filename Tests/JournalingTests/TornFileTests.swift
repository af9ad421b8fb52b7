import EventSamples
import Events
import Foundation
import Testing

@testable import Journaling

@Suite struct TornFileTests {
  let source: TemporaryFolder
  /// The journal's files after many commits, the database not closed.
  let files: [String: Data]

  init() throws {
    let folder = try TemporaryFolder()
    let journal = try SQLiteJournal.open(at: folder.journal)
    for event in SampleRun.events { try journal.append([event], run: SampleRun.run) }
    files = try withExtendedLifetime(journal) { try folder.files() }
    source = folder
  }

  /// How many events are there, never others than were recorded.
  ///
  /// Throws when the journal reports damage.
  private func recovered(_ files: [String: Data]) throws -> Int {
    let folder = try TemporaryFolder()
    try folder.place(files.filter { $0.key != "-shm" }, keyFrom: source)
    let journal = try SQLiteJournal.open(at: folder.journal)
    let runs = try journal.reader.runs(limit: 10)
    guard runs.contains(where: { $0.run == SampleRun.run }) else { return 0 }
    let events = try journal.reader.events(of: SampleRun.run, secrets: .unsealed)
    #expect(events == Array(SampleRun.events.prefix(events.count)))
    return events.count
  }

  @Test func `a log whose end is lost gives the events before`() throws {
    let log = try #require(files["-wal"])
    var counts: [Int] = []
    for percent in stride(from: 100, through: 0, by: -4) {
      var torn = files
      torn["-wal"] = log.prefix(log.count * percent / 100)
      counts.append(try recovered(torn))
    }
    #expect(counts.first == SampleRun.events.count)
    #expect(counts.last == 0)
    #expect(counts == counts.sorted(by: >))
  }

  @Test func `a log whose end is zeroed or garbage gives the events before`() throws {
    let log = try #require(files["-wal"])
    for filler in [UInt8(0), 0xA5] {
      for percent in stride(from: 95, through: 5, by: -15) {
        let keep = log.count * percent / 100
        var torn = files
        torn["-wal"] = log.prefix(keep) + Data(repeating: filler, count: log.count - keep)
        #expect(try recovered(torn) < SampleRun.events.count)
      }
    }
  }

  @Test func `what a torn log lost can be appended again`() throws {
    let log = try #require(files["-wal"])
    let folder = try TemporaryFolder()
    var torn = files.filter { $0.key != "-shm" }
    torn["-wal"] = log.prefix(log.count * 3 / 5)
    try folder.place(torn, keyFrom: source)
    let journal = try SQLiteJournal.open(at: folder.journal)
    let count = try journal.reader.events(of: SampleRun.run).count
    let epoch = try journal.claimWaiting(SampleRun.run).epoch
    try journal.append(
      Array(SampleRun.events.dropFirst(count)), run: SampleRun.run, epoch: epoch)
    #expect(
      try journal.reader.events(of: SampleRun.run, secrets: .unsealed) == SampleRun.events)
  }

  /// The database file alone, after everything was moved into it.
  private func closedFile() throws -> Data {
    let folder = try TemporaryFolder()
    try SQLiteJournal.open(at: folder.journal).append(SampleRun.events, run: SampleRun.run)
    try FileManager.default.removeItem(atPath: source.journal + ".key")
    try FileManager.default.copyItem(
      atPath: folder.journal + ".key", toPath: source.journal + ".key")
    #expect(!FileManager.default.fileExists(atPath: folder.journal + "-wal"))
    return try #require(FileManager.default.contents(atPath: folder.journal))
  }

  @Test func `a database with a zeroed or altered part reports or is whole, never wrong`() throws {
    let file = try closedFile()
    var reports = 0
    for start in stride(from: 0, to: file.count, by: 509) {
      for length in [1, 64, 4096] {
        var torn = file
        let range = start..<min(file.count, start + length)
        torn.replaceSubrange(range, with: file[range].map { length == 1 ? $0 ^ 0x10 : 0 })
        do {
          _ = try recovered(["": torn])
        } catch is JournalError {
          reports += 1
        }
      }
    }
    #expect(reports > 0)
  }

  @Test func `a database cut short reports`() throws {
    let file = try closedFile()
    for percent in stride(from: 90, through: 10, by: -20) {
      #expect(throws: JournalError.self) {
        try recovered(["": file.prefix(file.count * percent / 100)])
      }
    }
  }
}
