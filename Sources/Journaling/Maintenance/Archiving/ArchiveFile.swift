import Files
import GRDB

/// The archive of a journal: another journal under the same key.
struct ArchiveFile {
  private let path: String
  private let source: JournalFile
  private let key: JournalKey
  /// Where the archive's key is.
  private let keyFile: KeyFile
  /// The path of the key where one was named, which the archive has, too.
  private let named: String?

  init(for order: JournalArchive.Order, _ source: JournalFile, _ key: JournalKey) {
    path = order.archive
    self.source = source
    self.key = key
    named = order.key
    keyFile = KeyFile(order.key, beside: order.archive)
  }

  /// Opens the archive, and makes what is missing of it: the file, and beside it a copy of the journal's key,
  /// unless that is one that was named.
  ///
  /// Throws `sameFile`, and `otherArchiveKey` before anything is changed.
  func open() throws(MaintenanceError) -> JournalFile {
    let (isNew, path, named) = (!FileStatus.exists(path), path, named)
    if !isNew { try refuseSource() }
    try refuseOtherKey()
    // Before the file: one without a key was left without it by a person.
    if isNew, named == nil { try copyKey() }
    let file = try MaintenanceError.translating { () throws(JournalError) in
      try JournalFile.open(forWritingAt: path, key: named, isMaintained: true)
    }
    try refuseOtherRecords(in: file)
    Folder.synchronize(above: path)
    return file
  }

  private func refuseSource() throws(MaintenanceError) {
    guard let own = try? FileStatus(of: source.path).identity,
      let other = try? FileStatus(of: path).identity, own != other
    else { throw .sameFile(path: path) }
  }

  private func refuseOtherKey() throws(MaintenanceError) {
    guard keyFile.exists, named == nil else { return }
    let (keyFile, source) = (keyFile, source)
    let (found, own) = try MaintenanceError.translating { () throws(JournalError) in
      (try keyFile.bytes(), try source.keyFile.bytes())
    }
    guard found == own else { throw otherKey }
  }

  private func refuseOtherRecords(in file: JournalFile) throws(MaintenanceError) {
    let key = key.id
    let isOther = try file.look { database in
      if let current = try CurrentKey.id(in: database), current != key { return true }
      return try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (SELECT 1 FROM runs WHERE key <> ?1)
            OR EXISTS (SELECT 1 FROM texts WHERE key <> ?1)
          """,
        arguments: [key.data]) ?? false
    }
    guard !isOther else { throw otherKey }
  }

  private var otherKey: MaintenanceError {
    .otherArchiveKey(path: path, keyPath: source.keyFile.path)
  }

  private func copyKey() throws(MaintenanceError) {
    let (keyFile, source) = (keyFile, source)
    do throws(FileError) {
      try Folder.make(above: path, for: .owner)
    } catch {
      throw MaintenanceError(error)
    }
    try MaintenanceError.translating { () throws(JournalError) in
      try keyFile.publish(source.keyFile.bytes())
    }
  }
}
