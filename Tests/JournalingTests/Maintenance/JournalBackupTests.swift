import EventSamples
import Events
import Foundation
import GRDB
import Operations
import Testing

@testable import Journaling

@Suite("Copying a journal")
struct JournalBackupTests {
  private var kept: KeptJournal

  init() throws { kept = try KeptJournal() }

  private var target: String { kept.folder.path + "/copies.sqlite" }

  private func order(
    _ key: JournalBackup.Order.Key = .left, _ existing: JournalBackup.Order.Existing = .refused
  ) -> JournalBackup.Order {
    JournalBackup.Order(
      journal: kept.path, key: nil, target: target, keyCopy: key, existing: existing,
      at: KeptJournal.end)
  }

  private mutating func fill() throws {
    let journal = try SQLiteJournal.open(at: kept.path)
    try kept.add(run: 1, to: journal)
    try kept.add(run: 2, "onboard", nil, to: journal)
    try kept.add(rollout: 10, [.succeeded, .failed], to: journal)
  }

  private func names() throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: kept.folder.path))
  }

  @Test mutating func `a copy is one file that only its owner may read, and holds everything`()
    throws
  {
    try fill()
    let report = try JournalBackup.perform(order())
    #expect(try names() == ["inner", "copies.sqlite"])
    #expect(try kept.folder.mode(of: target) == 0o600)
    #expect(report.check.problems == [])
    #expect(report.key == nil && report.journalKey == kept.path + ".key")
    #expect(
      report.byteCount
        == (try FileManager.default.attributesOfItem(atPath: target)[.size] as? Int))
    let key = kept.path + ".key"
    #expect(try JournalImage(target, key: key) == JournalImage(kept.path))
    #expect(
      try JournalReader.open(at: target, key: key).backupMoment() == KeptJournal.end)
    #expect(try JournalReader.open(at: kept.path).backupMoment() == nil)
    let bytes = try #require(FileManager.default.contents(atPath: target))
    for spelling in PlantedSecrets.spellings {
      #expect(bytes.firstRange(of: Data(spelling.utf8)) == nil)
    }
  }

  @Test mutating func `the key is copied only where that is asked for`() throws {
    try fill()
    let report = try JournalBackup.perform(order(.copied))
    #expect(report.key == target + ".key")
    #expect(try names() == ["inner", "copies.sqlite", "copies.sqlite.key"])
    #expect(try kept.folder.mode(of: target + ".key") == 0o600)
    #expect(try JournalImage(target) == JournalImage(kept.path))
  }

  @Test mutating func `a key that is rotated meanwhile is not put beside the old copy`() throws {
    try fill()
    let path = kept.path
    var copies = 0
    let report = try JournalBackup.perform(order(.copied)) {
      copies += 1
      guard copies == 1 else { return }
      #expect(throws: Never.self) {
        try KeyRotation.perform(
          KeyRotation.Order(journal: path, key: nil, newKey: nil, as: .sample))
      }
    }
    #expect(copies == 2)
    #expect(report.check.problems == [])
    #expect(try JournalImage(target) == JournalImage(path))
    #expect(try CheckReport.problems(target) == [])
  }

  /// A copy of another journal, with its key, is replaced; the process ends before the key has its place.
  @Test mutating func `a copy whose key is not in its place yet opens with the right key`() throws {
    var other = KeptJournal(sharing: kept.folder, path: kept.folder.path + "/other.sqlite")
    try other.add(run: 70, to: SQLiteJournal.open(at: other.path))
    var first = order(.copied)
    first.journal = other.path
    _ = try JournalBackup.perform(first)
    let old = try #require(FileManager.default.contents(atPath: target + ".key"))
    try fill()
    _ = try JournalBackup.perform(order(.copied, .replaced))
    let new = target + ".key.next"
    try FileManager.default.moveItem(atPath: target + ".key", toPath: new)
    try old.write(to: URL(filePath: target + ".key"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: target + ".key")
    #expect(try JournalImage(target) == JournalImage(kept.path))
    _ = try SQLiteJournal.open(at: target)
    #expect(!FileManager.default.fileExists(atPath: new))
    #expect(try JournalImage(target) == JournalImage(kept.path))
  }

  @Test mutating func `a file that is there is replaced only where that is asked for`() throws {
    try fill()
    try Data("important".utf8).write(to: URL(filePath: target))
    #expect(throws: MaintenanceError.exists(path: target)) { try JournalBackup.perform(order()) }
    #expect(FileManager.default.contents(atPath: target) == Data("important".utf8))
    _ = try JournalBackup.perform(order(.copied, .replaced))
    #expect(try JournalImage(target) == JournalImage(kept.path))
    #expect(try kept.folder.mode(of: target) == 0o600)
    try FileManager.default.removeItem(atPath: target)
    #expect(throws: MaintenanceError.exists(path: target + ".key")) {
      try JournalBackup.perform(order(.copied))
    }
    #expect(try !names().contains("copies.sqlite"))
  }

  @Test mutating func `the journal is not replaced by its copy, by whatever name`() throws {
    try fill()
    let image = try JournalImage(kept.path)
    for name in [kept.path, kept.folder.path + "/linked", kept.folder.path + "/hard"] {
      if name.hasSuffix("linked") {
        try FileManager.default.createSymbolicLink(
          atPath: name, withDestinationPath: kept.path)
      } else if name.hasSuffix("hard") {
        try FileManager.default.linkItem(atPath: kept.path, toPath: name)
      }
      var order = order(.left, .replaced)
      order.target = name
      #expect(throws: MaintenanceError.sameFile(path: name)) { try JournalBackup.perform(order) }
    }
    #expect(try JournalImage(kept.path) == image)
  }

  @Test(arguments: ["-wal", "-journal"])
  mutating func `what belongs to another database is not taken for a part of the copy`(
    suffix: String
  ) throws {
    try fill()
    try Data([1]).write(to: URL(filePath: target + suffix))
    #expect(
      throws: MaintenanceError.unwritable(
        path: target, reason: "\(target)\(suffix) belongs to another database",
        hint: "name another file with `--to FILE`, or remove what is left of an earlier one")
    ) { try JournalBackup.perform(order(.left, .replaced)) }
  }

  @Test
  mutating func `what a copy that was killed left beside its draft is not taken for a part of it`()
    throws
  {
    try fill()
    for suffix in ["", "-wal", "-shm", "-journal"] {
      try Data(repeating: 7, count: 5000).write(
        to: URL(filePath: target + ".privirun.part" + suffix))
    }
    _ = try JournalBackup.perform(order())
    #expect(try names() == ["inner", "copies.sqlite"])
    #expect(try JournalImage(target, key: kept.path + ".key") == JournalImage(kept.path))
  }

  @Test mutating func `a damaged record is copied as it is, and reported`() throws {
    try fill()
    try kept.tamper("UPDATE runs SET file = 'x' WHERE number = 1")
    let report = try JournalBackup.perform(order())
    #expect(
      report.check.problems.map(\.description) == [
        "the record of run \(KeptJournal.id(1)) is damaged:\n  its line in the list of runs was altered"
      ])
    #expect(try names().contains("copies.sqlite"))
  }

  @Test mutating func `each copy made while another process records is whole commits`() async throws
  {
    let journal = try SQLiteJournal.open(at: kept.path)
    try kept.add(run: 1, "onboard", nil, to: journal)
    let run = KeptJournal.id(1)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        var sequence = 1
        while !Task.isCancelled {
          try journal.append(
            [sequence, sequence + 1].map { number in
              RunEvent(
                sequence: number, at: SampleRun.beginning + .seconds(number),
                kind: .cancelRequested())
            }, run: run)
          sequence += 2
          await Task.yield()
        }
      }
      var counts: [Int] = []
      for _ in 0..<10 {
        let report = try JournalBackup.perform(order(.copied, .replaced))
        #expect(report.check.problems == [])
        counts.append(try JournalImage(target).events[run]?.count ?? 0)
      }
      #expect(counts == counts.sorted())
      #expect(counts.allSatisfy { $0 % 2 == 1 })
      group.cancelAll()
    }
  }

  @Test mutating func `a copy that is put in the journal's place goes on from there`() throws {
    try fill()
    _ = try JournalBackup.perform(order(.copied))
    let image = try JournalImage(kept.path)
    try kept.add(run: 60, to: SQLiteJournal.open(at: kept.path))
    try FileManager.default.removeItem(atPath: kept.folder.path + "/inner")
    try FileManager.default.createDirectory(
      atPath: kept.folder.path + "/inner", withIntermediateDirectories: true)
    for suffix in ["", ".key"] {
      try FileManager.default.copyItem(atPath: target + suffix, toPath: kept.path + suffix)
    }
    #expect(try JournalReader.open(at: kept.path).backupMoment() == KeptJournal.end)
    let journal = try SQLiteJournal.open(at: kept.path)
    #expect(try JournalImage(kept.path) == image)
    let claim = try journal.claimWaiting(KeptJournal.id(2))
    try journal.append(
      [RunEvent(sequence: 1, at: KeptJournal.end, kind: .cancelRequested())],
      run: KeptJournal.id(2), epoch: claim.epoch)
    try journal.forgetBackup()
    #expect(try journal.reader.backupMoment() == nil)
    #expect(try CheckReport.problems(kept.path) == [])
  }
}
