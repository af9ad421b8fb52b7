import EventSamples
import Events
import Foundation
import GRDB
import Testing

@testable import Journaling

/// One bit of the last two rows is another, or the file ends there.
@Suite("A journal whose last two rows are damaged")
struct DamagedTailTests {
  /// A damage at one byte of a file.
  enum Damage: CaseIterable {
    case flip
    case cut

    /// `file` with this damage at `offset`.
    func done(to file: Data, at offset: Int) -> Data {
      switch self {
      case .cut: return file.prefix(offset)
      case .flip:
        var file = file
        file[offset] ^= 1 << (offset % 8)
        return file
      }
    }
  }

  private let source: SmallJournal
  private let place: DamagedPlace

  init() throws {
    source = try SmallJournal()
    place = try DamagedPlace(source)
  }

  /// Whether the index of the log survived, as it does when only the process was killed.
  enum Index: CaseIterable {
    case kept
    case lost
  }

  @Test(arguments: Damage.allCases, Index.allCases)
  func `what a damaged log lost is seen at every byte of its last two commits`(
    damage: Damage, index: Index
  ) throws {
    let log = try #require(source.files["-wal"])
    let ends = source.logEnds
    #expect(ends.last == log.count)
    place.put(index == .kept ? source.files["-shm"] : nil, as: "-shm")
    for offset in ends[ends.count - 3]..<log.count {
      place.put(damage.done(to: log, at: offset), as: "-wal")
      let rest = (damage == .cut ? offset : log.count) - ends[wholeCommits(at: offset)]
      let tail = TornTail(discardedBytes: rest, lacksCommits: index == .kept)
      // A log that ends with a commit looks whole without its index.
      #expect(TornTail.find(atEndOf: place.journal) == (tail.isNothing ? nil : tail), "\(offset)")
    }
    place.put(log, as: "-wal")
    #expect(TornTail.find(atEndOf: place.journal) == nil)
  }

  /// How many commits of the run end at or before `offset` of the log.
  private func wholeCommits(at offset: Int) -> Int {
    source.logEnds.count { $0 <= offset } - 1
  }

  @Test(arguments: Damage.allCases)
  func `a damaged log is cut to its last complete commit`(damage: Damage) throws {
    let log = try #require(source.files["-wal"])
    let rows = source.rowRanges(in: log, from: source.logEnds[source.logEnds.count - 3])
    #expect(rows.count > 200)
    for offset in rows {
      place.put(damage.done(to: log, at: offset), as: "-wal")
      place.put(nil, as: "-shm")
      let record = try JournalReader.open(at: place.journal)
        .record(of: source.run, secrets: .unsealed)
      #expect(record == source.record(commits: wholeCommits(at: offset)), "\(offset)")
    }
  }

  @Test(arguments: Damage.allCases)
  func `damaged rows of the database are reported or not read, and none before them is lost`(
    damage: Damage
  ) throws {
    let file = try source.closedFile()
    let rows = source.rowRanges(in: file, from: 0)
    #expect(rows.count > 200)
    var counts: [Finding: Int] = [:]
    for offset in rows {
      place.putAlone(damage.done(to: file, at: offset))
      counts[try find(), default: 0] += 1
      // To write there crashes no more than to read.
      if damage == .flip { _ = try? SQLiteJournal.open(at: place.journal).claimWaiting(source.run) }
    }
    #expect(counts.keys.contains(.damaged))
  }

  /// What comes of reading a damaged database.
  private enum Finding: Hashable {
    /// Nothing that is read was in the damaged byte.
    case intact
    case flawed
    case damaged
  }

  private func find() throws -> Finding {
    do throws(JournalError) {
      let reader = try JournalReader.open(at: place.journal)
      _ = try reader.runs(limit: 10)
      let record = try reader.record(of: source.run, secrets: .unsealed)
      let events = source.record(commits: source.commits.count).events
      #expect(events.starts(with: record.events))
      #expect(record.events.count >= source.commits.count - 2)
      if record.flaws.isEmpty { #expect(record.events == events) }
      return record.flaws.isEmpty ? .intact : .flawed
    } catch {
      return .damaged
    }
  }
}

extension TornTail {
  /// Whether nothing was lost, as far as can be seen.
  fileprivate var isNothing: Bool { discardedBytes == 0 && !lacksCommits }
}
