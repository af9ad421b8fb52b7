import Files
import GRDB
package import Operations

/// Copies a journal as it is at one point in time, also while other processes record in it.
package struct JournalBackup {
  /// What is copied, and where.
  package struct Order: Sendable, Hashable {
    /// Whether the key is copied, too.
    package enum Key: Sendable, Hashable {
      case left
      /// To the path of the copy and `.key`.
      case copied
    }

    /// What happens to a file that is there.
    package enum Existing: Sendable, Hashable {
      case refused
      case replaced
    }

    /// The path of the journal.
    package var journal: String
    /// The path of its key; nil where it is beside it.
    package var key: String?
    /// The path of the copy.
    package var target: String
    /// Whether the key is copied, too.
    package var keyCopy: Key
    /// What happens to a file that is there.
    package var existing: Existing
    /// The time of day.
    package var now: Moment

    /// Copies `journal` to `target`.
    package init(
      journal: String, key: String?, target: String, keyCopy: Key = .left,
      existing: Existing = .refused, at now: Moment
    ) {
      self.journal = journal
      self.key = key
      self.target = target
      self.keyCopy = keyCopy
      self.existing = existing
      self.now = now
    }
  }

  /// What SQLite writes beside a database.
  private static let besides = ["-wal", "-shm", "-journal"]

  private let order: Order
  private let source: JournalFile
  /// The file of the key that everything is recorded under.
  private let keyFile: KeyFile

  /// Copies and verifies; nothing is at the path of the copy before it is whole.
  ///
  /// `progress` receives how many records of how many of the copy were verified.
  package static func perform(
    _ order: Order, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(MaintenanceError) -> BackupReport {
    let (source, keyFile) = try MaintenanceError.translating { () throws(JournalError) in
      let source = try JournalFile.open(forReadingAt: order.journal, key: order.key)
      return (source, try source.settledNext() == nil ? source.keyFile : source.keyFile.next)
    }
    return try JournalBackup(order: order, source: source, keyFile: keyFile).perform(progress)
  }

  private func perform(
    _ progress: (Int, Int) -> Void
  ) throws(MaintenanceError) -> BackupReport {
    try refuseWrongTarget()
    let keyBytes = try keyToCopy()
    let draft: AtomicFile
    do throws(FileError) {
      draft = try AtomicFile(order.target, protection)
    } catch {
      throw MaintenanceError(error)
    }
    removeBesides(draft)
    defer { removeBesides(draft) }
    try copy(into: draft)
    let check = try verify(draft, progress)
    do throws(FileError) {
      try draft.commit()
      if let keyBytes { try AtomicFile.write(keyBytes, to: keyPath, protection) }
    } catch {
      throw MaintenanceError(error)
    }
    return BackupReport(
      byteCount: (try? FileStatus(of: order.target))?.size ?? 0,
      key: keyBytes == nil ? nil : keyPath, journalKey: source.keyFile.path, check: check)
  }

  private var protection: FileProtection { order.existing == .replaced ? .secret : .newSecret }

  private var keyPath: String { order.target + ".key" }

  private func refuseWrongTarget() throws(MaintenanceError) {
    let target = order.target
    if let own = try? FileStatus(of: order.journal).identity,
      let other = try? FileStatus(of: target).identity, own == other
    {
      throw .sameFile(path: target)
    }
    if order.existing == .refused {
      if FileStatus.exists(target) { throw .exists(path: target) }
      if order.keyCopy == .copied, FileStatus.exists(keyPath) { throw .exists(path: keyPath) }
    }
    // It would be taken for that of the copy.
    for suffix in Self.besides where FileStatus.exists(target + suffix) {
      throw .unwritable(
        path: target, reason: "\(target)\(suffix) belongs to another database",
        hint: "name another file with `--to FILE`, or remove what is left of an earlier one")
    }
  }

  private func keyToCopy() throws(MaintenanceError) -> [UInt8]? {
    guard order.keyCopy == .copied else { return nil }
    return try MaintenanceError.translating { () throws(JournalError) in try keyFile.bytes() }
  }

  private func copy(into draft: AtomicFile) throws(MaintenanceError) {
    let (source, now) = (source, order.now)
    try MaintenanceError.translating { () throws(JournalError) in
      do {
        let copy = try DatabaseQueue(path: draft.draftPath)
        try source.copy(into: copy)
        try copy.writeWithoutTransaction { database in
          // One file holds everything, wherever it is read.
          try database.execute(sql: "PRAGMA journal_mode = DELETE")
          try BackupMark.set(now, in: database)
        }
        try copy.close()
      } catch {
        throw JournalError(error, path: draft.draftPath)
      }
    }
  }

  private func verify(
    _ draft: AtomicFile, _ progress: (Int, Int) -> Void
  ) throws(MaintenanceError) -> CheckReport {
    let keyFile = keyFile
    let check = try MaintenanceError.translating { () throws(JournalError) in
      let copy = try JournalFile.open(forReadingAt: draft.draftPath, key: keyFile.path)
      return try JournalCheck.perform(on: copy, progress)
    }
    for problem in check.problems {
      if case .structure(let reason) = problem { throw .damagedCopy(reason: reason) }
    }
    return check
  }

  /// What a process left there that was killed would be taken for a part of the copy.
  private func removeBesides(_ draft: AtomicFile) {
    for suffix in Self.besides { FileName.remove(draft.draftPath + suffix) }
  }
}
