import EventSamples
import Events
import Expressions
import FaultyFiles
import Foundation
import Operations
import Testing

@testable import Journaling

/// Each call of SQLite to its file layer fails once in turn while a journal is archived or its key rotated,
/// and the process ends, is killed or loses its power then.
///
/// Afterwards nothing is lost, and a repetition completes it.
@Suite("The upkeep of a journal on a disk that fails")
struct MaintenanceFaultTests {
  enum Aftermath: CaseIterable {
    case end
    case kill
    case powerLoss
  }

  private static let faults =
    FaultyFiles.Call.allCases.map { FaultyFiles.Fault($0, .error) } + [
      FaultyFiles.Fault(.write, .full, isLasting: true), FaultyFiles.Fault(.write, .short),
      FaultyFiles.Fault(.sync, .error, isLasting: true),
    ]

  /// A small journal of a process that ended, and what is recorded in it.
  private let made: KeptJournal
  private let image: JournalImage

  init() throws {
    var kept = try KeptJournal(in: TemporaryFolder.memory)
    do {
      let journal = try SQLiteJournal.open(at: kept.path)
      try kept.add(run: 1, "other", .failed, to: journal)
      try kept.add(rollout: 10, [.succeeded, .failed], to: journal)
      try kept.add(rollout: 20, [.succeeded], to: journal)
    }
    made = kept
    image = try JournalImage(kept.path)
    try FileManager.default.copyItem(atPath: kept.path + ".key", toPath: kept.archive + ".key")
    _ = try SQLiteJournal.open(at: kept.archive)
  }

  /// Lets the `number`th call fail, and calls `body` with a copy of the journal; false when there are not so
  /// many calls.
  private func wasReached(
    _ fault: FaultyFiles.Fault, at number: Int, _ aftermath: Aftermath,
    _ body: (KeptJournal) throws -> Void, _ check: (KeptJournal, String) throws -> Void
  ) throws -> Bool {
    let kept = try KeptJournal(in: TemporaryFolder.memory)
    try kept.folder.place(try made.folder.files(), keyFrom: made.folder)
    // For most faults the archive is there, so that fewer calls are the same.
    if fault.call != .sync || fault.isLasting {
      for suffix in ["", ".key"] {
        try FileManager.default.copyItem(
          atPath: made.archive + suffix, toPath: kept.archive + suffix)
      }
    }
    let files = FaultyFiles(in: kept.folder.path)
    files.fail(fault, at: number)
    // A fault shows as an error, or not at all where it is made good.
    do {
      defer { if aftermath != .end { files.die() } }
      try body(kept)
    } catch is MaintenanceError {}
    let hasFailed = files.hasFailed
    files.mend()
    if aftermath == .powerLoss { #expect(files.losePower() != nil) }
    files.revive()
    try check(kept, "\(fault) at \(number), then \(aftermath)")
    return hasFailed
  }

  private func forEach(
    _ fault: FaultyFiles.Fault, _ body: (KeptJournal) throws -> Void,
    _ check: (KeptJournal, String) throws -> Void
  ) throws {
    let isPlain = fault.result == .error && !fault.isLasting
    for aftermath in fault.call.changesFiles && isPlain ? Aftermath.allCases : [.kill] {
      // What changes no file is let fail at every ninth call: there are thousands, much alike.
      let step = fault.call.changesFiles ? 1 : 9
      var number = 1
      while try wasReached(fault, at: number, aftermath, body, check) { number += step }
    }
  }

  @Test(arguments: faults)
  func `an archive and its journal lose nothing, and a repetition moves the rest`(
    fault: FaultyFiles.Fault
  ) throws {
    try forEach(fault) { kept in
      // A transaction for the tenants of the rollout, and one for its own record.
      var order = JournalArchive.Order(kept)
      order.pageSize = 2
      _ = try JournalArchive.perform(order)
    } _: { kept, what in
      var left = try JournalImage(kept.path)
      if FileManager.default.fileExists(atPath: kept.archive) {
        left = left.joined(try JournalImage(kept.archive))
      }
      #expect(left == image, "\(what)")
      try refuseContinuation(in: kept, what)
      #expect(throws: Never.self) { try JournalArchive.perform(JournalArchive.Order(kept)) }
      let (rest, archived) = (try JournalImage(kept.path), try JournalImage(kept.archive))
      #expect(rest.joined(archived) == image, "\(what), then repeated")
      #expect(
        Set(archived.events.keys) == Set([1, 10, 11, 12].map { KeptJournal.id($0) }))
      #expect(Set(rest.events.keys).isDisjoint(with: archived.events.keys), "\(what)")
    }
  }

  /// A rollout that has left in part is continued by nobody.
  private func refuseContinuation(in kept: KeptJournal, _ what: String) throws {
    let (rollout, first) = (KeptJournal.id(10), KeptJournal.id(11))
    let left = Set(try JournalImage(kept.path).events.keys)
    guard left.contains(rollout), !left.contains(first) else { return }
    let journal = try SQLiteJournal.open(at: kept.path)
    for run in [rollout, KeptJournal.id(12)] where left.contains(run) {
      #expect(throws: JournalError.archiving(rollout: rollout), "\(what)") {
        try journal.claimWaiting(run)
      }
    }
  }

  @Test(arguments: faults)
  func `a journal opens with the key that is in its place, at whatever point a rotation ended`(
    fault: FaultyFiles.Fault
  ) throws {
    let old = try KeyFile(named: made.path + ".key").load().id
    try forEach(fault) { kept in
      _ = try KeyRotation.perform(
        KeyRotation.Order(journal: kept.path, key: nil, newKey: nil, as: .sample))
    } _: { kept, what in
      // Whoever only looks, and the next rotation.
      #expect(try JournalImage(kept.path) == image, "\(what)")
      let report = try KeyRotation.perform(
        KeyRotation.Order(journal: kept.path, key: nil, newKey: nil, as: .sample))
      #expect(report.stays == [] && report.records == .init(rollouts: 2, runs: 4), "\(what)")
      #expect(try JournalImage(kept.path) == image, "\(what), then repeated")
      #expect(try KeyFile(named: kept.path + ".key").load().id != old)
      #expect(!FileManager.default.fileExists(atPath: kept.path + ".key.next"))
    }
  }
}
