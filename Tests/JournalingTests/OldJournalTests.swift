import EventSamples
import Events
import Expressions
import Foundation
import Testing

@testable import Journaling

/// A journal of an older program, with runs that succeeded, failed and were cancelled.
@Suite struct OldJournalTests {
  static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Puts the journal that a program of this version wrote where the tests expect one; its key is
  /// that of version 1.
  private func place(_ version: Int) throws {
    try FileManager.default.createDirectory(
      atPath: NSString(string: folder.journal).deletingLastPathComponent,
      withIntermediateDirectories: true)
    let files = [
      ("version-\(version).sqlite", folder.journal),
      ("version-1.sqlite.key", folder.journal + ".key"),
    ]
    for (name, path) in files {
      let data = try Data(contentsOf: Self.fixtures.appending(path: name))
      try data.write(to: URL(filePath: path))
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }
  }

  private static func oldestFirst(_ reader: JournalReader) throws -> [RunSummary] {
    try reader.runs(limit: 10).reversed()
  }

  @Test(arguments: [1, 2])
  func `every event of an older version has the JSON form that it had then`(version: Int) throws {
    try place(version)
    let reader = try JournalReader.open(at: folder.journal)
    let lines = try Self.oldestFirst(reader).flatMap { summary in
      try reader.events(of: summary.run).map { EncodedEvent($0, of: summary.run).line + "\n" }
    }
    let printed = try String(
      contentsOf: Self.fixtures.appending(path: "version-1.jsonl"), encoding: .utf8)
    #expect(lines.joined() == printed)
  }

  @Test(arguments: [1, 2])
  func `runs of an older version are listed, verified and keep their labels`(version: Int) throws {
    try place(version)
    let reader = try JournalReader.open(at: folder.journal)
    let runs = try Self.oldestFirst(reader)
    #expect(runs.map(\.outcome) == [.succeeded, .failed, .succeeded, .succeeded, .cancelled])
    #expect(
      runs.map(\.labels.first) == [
        RunLabel(name: "tenant", value: "acme"), nil, nil, RunLabel(name: "tenant", value: "acme"),
        nil,
      ])
    for run in runs { #expect(try reader.verify(run.run) == nil) }
  }

  @Test(arguments: [1, 2])
  func `secrets of an older version are unsealed with the key`(version: Int) throws {
    try place(version)
    let reader = try JournalReader.open(at: folder.journal)
    let run = try #require(try Self.oldestFirst(reader).first).run
    let first = try #require(try reader.events(of: run, secrets: .unsealed).first)
    guard case .runStarted(let start) = first.kind else {
      Issue.record("the first event is no start")
      return
    }
    #expect(start.inputs["password"] == .secret(text: PlantedSecrets.password))
  }

  @Test(arguments: [1, 2])
  func `a run of an older version goes on in the current version`(version: Int) throws {
    try place(version)
    let journal = try SQLiteJournal.open(at: folder.journal)
    let run = try #require(try Self.oldestFirst(journal.reader).last)
    let resumption = RunEvent(
      sequence: run.eventCount, at: run.lastEventAt,
      kind: .runResumed(RunResumption(owner: "a", epoch: 2, seed: 1, version: "1")))
    let epoch = try journal.claimWaiting(run.run).epoch
    try journal.append([resumption], run: run.run, epoch: epoch)
    #expect(try journal.reader.events(of: run.run).last == resumption)
    #expect(try journal.reader.verify(run.run) == nil)
  }
}
