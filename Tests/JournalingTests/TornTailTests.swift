import EventSamples
import Events
import Foundation
import GRDB
import Testing

@testable import Files
@testable import Journaling

@Suite("The torn tail of a journal")
struct TornTailTests {
  private let source: SmallJournal
  private let place: DamagedPlace
  private let log: Data
  private static let frameSize = 24 + 512

  init() throws {
    source = try SmallJournal()
    place = try DamagedPlace(source)
    log = try #require(source.files["-wal"])
  }

  private var end: Int { source.logEnds[source.logEnds.count - 1] }
  private var lastStart: Int { source.logEnds[source.logEnds.count - 2] }

  private func found() -> TornTail? { TornTail.find(atEndOf: place.journal) }

  @Test func `a log that is whole, empty or not there lost nothing`() throws {
    for bytes in [log, Data(), nil] {
      place.put(bytes, as: "-wal")
      place.put(nil, as: "-shm")
      #expect(found() == nil)
    }
  }

  @Test func `a log without its header, or with zeros behind its end, is torn`() {
    place.put(nil, as: "-shm")
    var headless = log
    headless[3] ^= 1
    let zeros = Data(count: 1000)
    let cases: [(Data, Int)] = [
      (headless, log.count), (log.prefix(31), 31), (Data(count: 4096), 4096), (log + zeros, 1000),
      (log.prefix(lastStart) + zeros, 1000),
    ]
    for (bytes, count) in cases {
      place.put(bytes, as: "-wal")
      #expect(found() == TornTail(discardedBytes: count, lacksCommits: false))
    }
  }

  @Test func `a log that was removed lost what its index knows, unless that is in the database`()
    throws
  {
    place.put(nil, as: "-wal")
    #expect(found() == TornTail(discardedBytes: 0, lacksCommits: true))
    let database = try DatabaseQueue(path: source.folder.journal)
    _ = try database.writeWithoutTransaction { try $0.checkpoint() }
    place.put(try source.folder.files()["-shm"], as: "-shm")
    #expect(found() == nil)
    try database.close()
  }

  /// A log begins anew over the one before, whose end stays in the file.
  @Test func `the rest of an earlier log is no torn tail`() throws {
    let folder = source.folder
    let journal = try SQLiteJournal.open(at: folder.journal)
    let claim = try journal.claimWaiting(source.run)
    for number in 0..<4 {
      if number == 3 {
        _ = try DatabaseQueue(path: folder.journal)
          .writeWithoutTransaction { try $0.checkpoint() }
      }
      let event = RunEvent(
        sequence: claim.head.count + number, at: SampleRun.beginning, kind: .cancelRequested())
      try journal.append([event], run: source.run, epoch: claim.epoch)
    }
    let files = try withExtendedLifetime(journal) { try folder.files() }
    let log = try #require(files["-wal"])
    let scan = try WriteAheadLog(of: folder.journal + "-wal")
    let end = 32 + scan.frameCount * Self.frameSize
    #expect(end < log.count)
    #expect(scan.tailCount == 0)
    place.put(files[""], as: "")
    place.put(nil, as: "-shm")
    for (cut, torn) in [(0, 0), (1, Self.frameSize), (Self.frameSize, Self.frameSize)] {
      var bytes = log
      if cut > 0 { bytes[end - cut] ^= 1 }
      place.put(bytes, as: "-wal")
      let lost = found()?.discardedBytes ?? 0
      // The frames of the commit that are whole have no end any more.
      #expect(torn == 0 ? lost == 0 : lost >= torn && lost < log.count - 32)
    }
  }

  @Test func `whoever opens the journal sees it, and nobody once it is written again`()
    throws
  {
    let torn = TornTail(discardedBytes: end - 5 - lastStart, lacksCommits: true)
    place.put(log.prefix(end - 5), as: "-wal")
    #expect(try JournalReader.open(at: place.journal).tornTail == torn)
    // A look leaves the index as it is.
    #expect(try JournalReader.open(at: place.journal).tornTail == torn)
    #expect(try SQLiteJournal.open(at: place.journal).reader.tornTail == torn)
    #expect(try JournalReader.open(at: place.journal).tornTail == nil)
    #expect(try SQLiteJournal.open(at: place.journal).reader.tornTail == nil)
    let record = try JournalReader.open(at: place.journal)
      .record(of: source.run, secrets: .unsealed)
    #expect(record == source.record(commits: source.commits.count - 1))
  }

  @Test func `what a living owner or a writer has not finished is not torn`() throws {
    place.put(log.prefix(end - 5), as: "-wal")
    #expect(found() != nil)
    do {
      let owner = try ByteLocks(of: try lockFile())
      try owner.take(7)
      #expect(found() == nil)
      withExtendedLifetime(owner) {}
    }
    #expect(found() != nil)
    let writer = try ByteLocks(of: place.journal + "-shm")
    try writer.take(LogIndex.writeLock)
    #expect(found() == nil)
    withExtendedLifetime(writer) {}
  }

  private func lockFile() throws -> String {
    let path = place.journal + ".lock"
    try OpenFile.makeIfMissing(path)
    return path
  }

  @Test(arguments: [
    (
      TornTail(discardedBytes: 12, lacksCommits: false),
      "the journal's tail was torn: 12 bytes after the last complete commit were discarded", false
    ),
    (
      TornTail(discardedBytes: 12, lacksCommits: true),
      "the journal's tail was torn: 12 bytes after the last complete commit were discarded, and "
        + "complete commits are lost with them", true
    ),
    (
      TornTail(discardedBytes: 0, lacksCommits: true),
      "the journal's tail is missing: complete commits are not in its log any more", true
    ),
  ])
  func `it is said what was lost`(tail: TornTail, text: String, hasHint: Bool) {
    #expect("\(tail)" == text)
    #expect((tail.hint != nil) == hasHint)
  }
}
