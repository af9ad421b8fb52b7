import EventSamples
import Events
import Foundation
import GRDB
import Testing

@testable import Journaling

#if canImport(Glibc)
  import Glibc
#endif

@Suite("A journal that may only be read")
struct ReadOnlyJournalTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Runs `body` as a user who may read everything in the folder and write nothing.
  ///
  /// For root, whom permissions do not stop, the calling thread gives up its rights meanwhile.
  private func asReader<Result>(
    ofFilesWithMode mode: mode_t = 0o444, _ body: () throws -> Result
  ) throws -> Result {
    let inner = folder.path + "/inner"
    chmod(folder.path, 0o755)
    for name in try FileManager.default.contentsOfDirectory(atPath: inner) {
      chmod("\(inner)/\(name)", mode)
    }
    chmod(inner, 0o555)
    let isRoot = geteuid() == 0
    if isRoot { try Self.setFileSystemUser(65534) }
    defer {
      if isRoot { try? Self.setFileSystemUser(0) }
      chmod(inner, 0o755)
    }
    return try body()
  }

  /// Lets the calling thread access files as another user (setfsuid, which Swift does not import).
  private static func setFileSystemUser(_ user: uid_t) throws {
    let symbol = try #require(dlsym(nil, "setfsuid"))
    _ = unsafeBitCast(symbol, to: (@convention(c) (uid_t) -> CInt).self)(user)
  }

  /// Reads what `runs`, `show` and `show --verify` read.
  private func read() throws -> [RunEvent] {
    try asReader {
      let reader = try JournalReader.open(at: folder.journal)
      #expect(try reader.runs(limit: 10).map(\.run) == [SampleRun.run])
      #expect(try reader.run(matching: String(SampleRun.run.text.prefix(3))) == SampleRun.run)
      #expect(try reader.verify(SampleRun.run) == nil)
      return try reader.events(of: SampleRun.run)
    }
  }

  private func masked(_ events: [RunEvent]) -> [String] {
    events.map { EncodedEvent($0, of: SampleRun.run).line }
  }

  private var names: [String] {
    get throws {
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/inner").sorted()
    }
  }

  @Test func `a journal without a log is read where it is`() throws {
    try SQLiteJournal.open(at: folder.journal).append(SampleRun.events, run: SampleRun.run)
    #expect(try names == ["journal.sqlite", "journal.sqlite.key", "journal.sqlite.lock"])
    #expect(masked(try read()) == masked(SampleRun.events))
    #expect(try names == ["journal.sqlite", "journal.sqlite.key", "journal.sqlite.lock"])
  }

  @Test(arguments: [true, false])
  func `a journal that a crash left with its log is read from a copy`(hasIndex: Bool) throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    try journal.append(SampleRun.events, run: SampleRun.run)
    let files = try folder.files()
    #expect(files["-wal"]?.isEmpty == false)
    let other = try TemporaryFolder()
    try other.place(
      files.filter { hasIndex || $0.key != "-shm" }, keyFrom: folder)
    let crashed = ReadOnlyJournalTests(folder: other)
    let before = try crashed.names
    #expect(masked(try crashed.read()) == masked(SampleRun.events))
    #expect(try crashed.names == before)
  }

  @Test func `a journal that is being written is read by others`() throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    try journal.append(Array(SampleRun.events.prefix(4)), run: SampleRun.run)
    #expect(try read().count == 4)
    try journal.append(Array(SampleRun.events.dropFirst(4)), run: SampleRun.run)
    #expect(masked(try read()) == masked(SampleRun.events))
  }

  @Test func `a journal that cannot be read is refused in words`() throws {
    try SQLiteJournal.open(at: folder.journal).append(SampleRun.events, run: SampleRun.run)
    _ = try asReader(ofFilesWithMode: 0) {
      #expect(
        throws: JournalError.inaccessible(
          path: folder.journal, reason: "permission denied")
      ) { try JournalReader.open(at: folder.journal) }
    }
  }

  @Test(arguments: [true, false])
  func `a glance makes no file, whether or not a process has the journal open`(
    isOpen: Bool
  ) throws {
    var journal: SQLiteJournal? = try SQLiteJournal.open(at: folder.journal)
    try journal?.append(SampleRun.events, run: SampleRun.run)
    if !isOpen { journal = nil }
    let before = try names
    let reader = try JournalReader.glance(at: folder.journal)
    #expect(try reader.runs(limit: 10).map(\.run) == [SampleRun.run])
    #expect(try names == before)
    withExtendedLifetime((reader, journal)) {}
  }

  @Test func `a glance leaves a log without its index alone, and waits for nobody`() throws {
    let journal = try SQLiteJournal.open(at: folder.journal)
    try journal.append(SampleRun.events, run: SampleRun.run)
    let other = try TemporaryFolder()
    try other.place(try folder.files().filter { $0.key != "-shm" }, keyFrom: folder)
    let crashed = ReadOnlyJournalTests(folder: other)
    let before = try crashed.names
    #expect(
      throws: JournalError.inaccessible(path: other.journal, reason: "its log has no index")
    ) { try JournalReader.glance(at: other.journal) }
    #expect(throws: JournalError.missing(path: "\(other.path)/none")) {
      try JournalReader.glance(at: "\(other.path)/none")
    }
    #expect(try crashed.names == before)
  }

  private init(folder: TemporaryFolder) { self.folder = folder }
}
