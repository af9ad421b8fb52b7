import EventSamples
import Events
import Expressions
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

/// A journal of few and small pages, with one run of several commits.
struct SmallJournal {
  let run = SampleRun.drawn(1)
  let folder: TemporaryFolder
  /// The files while the journal is open, nothing of its log copied.
  let files: [String: Data]
  /// How long the log was before the first commit, and after each.
  let logEnds: [Int]
  let commits: [[RunEvent]]
  /// The stored forms of the commits.
  private let forms: [[UInt8]]

  init(commitCount: Int = 6) throws {
    let folder = try TemporaryFolder()
    self.folder = folder
    commits = Self.commits(of: run, count: commitCount)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/inner", withIntermediateDirectories: true)
    try DatabaseQueue(path: folder.journal).writeWithoutTransaction { database in
      try database.execute(
        sql: """
          PRAGMA page_size = 512;
          CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)
          """)
    }
    let journal = try SQLiteJournal.open(at: folder.journal)
    // The log begins anew: what made the tables is in the database.
    _ = try DatabaseQueue(path: folder.journal).writeWithoutTransaction { database in
      try database.checkpoint(.truncate)
    }
    var ends = [try folder.size("-wal")]
    for commit in commits {
      try journal.append(commit, run: run)
      ends.append(try folder.size("-wal"))
    }
    logEnds = ends
    files = try folder.files()
    forms = try journal.reader.forms()
  }

  static func commits(of run: RunID, count: Int) -> [[RunEvent]] {
    (0..<count).map { number in
      let kind: RunEvent.Kind =
        number == 0
        ? .runStarted(
          RunStart(
            run: run, playbook: "p", file: "p.yaml", planDigest: "d",
            inputs: ["secret": .secret(text: "planted")], seed: 1, version: "1"))
        : .cancelRequested()
      return [RunEvent(sequence: number, at: SampleRun.beginning + .seconds(number), kind: kind)]
    }
  }

  /// What is recorded of the run after that many commits.
  func record(commits count: Int) -> RunRecord {
    RunRecord(events: commits.prefix(count).flatMap(\.self), isVerified: true)
  }

  /// The bytes of the rows of the last two commits and of the run in `file` from `start` on, with
  /// what stands before and behind them in the same page, and the heads of the pages in a log.
  func rowRanges(in file: Data, from start: Int) -> [Int] {
    var offsets = IndexSet()
    for form in forms.suffix(2) {
      for place in Self.ranges(of: Data(form), in: file, from: start) {
        offsets.insert(integersIn: place.lowerBound - 16..<place.upperBound + 20)
      }
    }
    for place in Self.ranges(of: Data(run.text.utf8), in: file, from: start) {
      offsets.insert(integersIn: place.lowerBound - 24..<place.upperBound + 60)
    }
    return offsets.filter { (start..<file.count).contains($0) }
  }

  private static func ranges(of part: Data, in file: Data, from start: Int) -> [Range<Int>] {
    var (ranges, rest) = ([Range<Int>](), start)
    while let range = file.range(of: part, in: rest..<file.count) {
      ranges.append(range)
      rest = range.upperBound
    }
    return ranges
  }

  /// The database file after the journal was closed.
  func closedFile() throws -> Data {
    let place = try DamagedPlace(self)
    for (suffix, data) in files { place.put(data, as: suffix) }
    _ = try SQLiteJournal.open(at: place.journal)
    return try #require(FileManager.default.contents(atPath: place.journal))
  }
}

/// Where the files of a journal are put, damaged.
struct DamagedPlace {
  private let folder: TemporaryFolder

  init(_ source: SmallJournal) throws {
    // Each file is written thousands of times.
    folder = try TemporaryFolder(in: TemporaryFolder.memory)
    try folder.place(source.files, keyFrom: source.folder)
  }

  var journal: String { folder.journal }

  /// Puts the database file down alone.
  func putAlone(_ data: Data) {
    for suffix in ["-wal", "-shm"] { put(nil, as: suffix) }
    put(data, as: "")
  }

  /// Puts a file down, or removes it.
  func put(_ data: Data?, as suffix: String) {
    if let data {
      #expect(FileManager.default.createFile(atPath: folder.journal + suffix, contents: data))
    } else {
      try? FileManager.default.removeItem(atPath: folder.journal + suffix)
    }
  }
}
