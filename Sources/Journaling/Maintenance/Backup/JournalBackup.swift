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

  /// The journal is copied anew at most so often, where its key was rotated meanwhile.
  private static let mostCopies = 2
  /// What SQLite writes beside a database.
  private static let besides = ["-wal", "-shm", "-journal"]

  private let order: Order
  private let source: JournalFile

  /// The key of a copy.
  private struct CopiedKey {
    let key: JournalKey
    let bytes: [UInt8]
  }

  /// Copies and verifies; nothing is at the path of the copy before it is whole.
  ///
  /// `progress` receives how many records of how many of the copy were verified.
  package static func perform(
    _ order: Order, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(MaintenanceError) -> BackupReport {
    try perform(order, afterCopy: {}, progress)
  }

  /// The same; `afterCopy` is called each time the journal was copied, before its key is read.
  static func perform(
    _ order: Order, afterCopy: () -> Void, _ progress: (Int, Int) -> Void = { _, _ in }
  ) throws(MaintenanceError) -> BackupReport {
    let source = try MaintenanceError.translating { () throws(JournalError) in
      try JournalFile.open(forReadingAt: order.journal, key: order.key)
    }
    return try JournalBackup(order: order, source: source).perform(afterCopy, progress)
  }

  private func perform(
    _ afterCopy: () -> Void, _ progress: (Int, Int) -> Void
  ) throws(MaintenanceError) -> BackupReport {
    try refuseWrongTarget()
    if order.keyCopy == .copied { _ = try key() }
    let draft: AtomicFile
    do throws(FileError) {
      draft = try AtomicFile(order.target, protection)
    } catch {
      throw MaintenanceError(error)
    }
    removeBesides(draft)
    defer { removeBesides(draft) }
    let key = try copy(into: draft, afterCopy)
    let check = try verify(draft, key?.key, progress)
    try publish(draft, order.keyCopy == .copied ? key : nil)
    return BackupReport(
      byteCount: (try? FileStatus(of: order.target))?.size ?? 0,
      key: order.keyCopy == .copied ? keyPath : nil, journalKey: source.keyFile.path, check: check)
  }

  /// Puts the copy in its place, and its key.
  ///
  /// The key is beside it first, as a rotation leaves it: a copy that is in its place opens with the right key,
  /// whenever the process ends.
  private func publish(_ draft: AtomicFile, _ key: CopiedKey?) throws(MaintenanceError) {
    let file = KeyFile(named: keyPath)
    do throws(FileError) {
      if let key { try AtomicFile.write(key.bytes, to: file.next.path, .secret) }
      do throws(FileError) {
        try draft.commit()
      } catch {
        if key != nil { FileName.remove(file.next.path) }
        throw error
      }
    } catch {
      throw MaintenanceError(error)
    }
    guard key != nil else { return }
    try MaintenanceError.translating { () throws(JournalError) in try file.next.replace(file) }
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

  /// The key that everything is recorded under now.
  private func key() throws(MaintenanceError) -> CopiedKey {
    try MaintenanceError.translating { () throws(JournalError) in
      let file = try source.settledNext() == nil ? source.keyFile : source.keyFile.next
      let bytes = try file.bytes()
      return CopiedKey(key: try file.key(bytes), bytes: bytes)
    }
  }

  /// Copies the journal and returns the key of the copy; nil where it cannot be had and need not be copied.
  ///
  /// The key is read after the copy was made. Where it is another one, the key was rotated in between, and the
  /// journal is copied anew.
  private func copy(
    into draft: AtomicFile, _ afterCopy: () -> Void
  ) throws(MaintenanceError) -> CopiedKey? {
    var attempt = 1
    while true {
      try copy(into: draft)
      afterCopy()
      do throws(MaintenanceError) {
        let key = try key()
        if try isKey(key.key, of: draft) || attempt == Self.mostCopies { return key }
      } catch {
        guard order.keyCopy == .copied else { return nil }
        if attempt == Self.mostCopies { throw error }
      }
      attempt += 1
    }
  }

  /// Whether `key` is the one that the journal had when it was copied; a copy that is to have its key says which
  /// one that is from then on.
  private func isKey(_ key: JournalKey, of draft: AtomicFile) throws(MaintenanceError) -> Bool {
    let (source, names) = (source, order.keyCopy == .copied)
    return try MaintenanceError.translating { () throws(JournalError) in
      let rotated = try source.read { database in try CurrentKey.id(in: database) }
      do {
        let copy = try DatabaseQueue(path: draft.draftPath)
        let isKey = try copy.writeWithoutTransaction { database in
          guard let current = try CurrentKey.id(in: database) else {
            let isKey = try rotated == nil && !CurrentKey.isAnother(key, in: database)
            if isKey, names, CurrentKey.canBe(key) { try CurrentKey.set(key, in: database) }
            return isKey
          }
          return current == key.id
        }
        try copy.close()
        return isKey
      } catch {
        throw JournalError(error, path: draft.draftPath)
      }
    }
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
    _ draft: AtomicFile, _ key: JournalKey?, _ progress: (Int, Int) -> Void
  ) throws(MaintenanceError) -> CheckReport {
    let keyPath = source.keyFile.path
    let check = try MaintenanceError.translating { () throws(JournalError) in
      let copy = try JournalFile.open(forReadingAt: draft.draftPath, key: keyPath)
      return try JournalCheck.perform(on: copy, under: key, progress)
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
