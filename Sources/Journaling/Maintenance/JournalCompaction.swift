import Files
import GRDB
import Operations

/// Shrinks the file of a journal to what it holds, while no process drives runs.
///
/// It is written anew in one transaction, for which there must be as much room once more.
package struct JournalCompaction: Sendable {
  private let journal: String
  private let key: String?
  private let identity: OwnerIdentity

  /// Shrinks the journal at `journal`, as this process.
  package init(journal: String, key: String?, as identity: OwnerIdentity) {
    self.journal = journal
    self.key = key
    self.identity = identity
  }

  /// Throws `inUse` while a process drives runs of the journal.
  package func refuseUse() throws(MaintenanceError) {
    try refuseUse(of: JournalArchive.writable(journal, key))
  }

  private func refuseUse(of file: JournalFile) throws(MaintenanceError) {
    try file.maintain { database in
      try LivingOwners.refuse(of: file, in: database, besides: identity)
    }
  }

  /// Shrinks it, and returns by how many bytes; throws `inUse`.
  package func perform() throws(MaintenanceError) -> Int {
    let file = try JournalArchive.writable(journal, key)
    try refuseUse(of: file)
    file.clearLogIfPossible()
    let before = (try? FileStatus(of: journal))?.size ?? 0
    try MaintenanceError.translating { () throws(JournalError) in
      try file.write { try $0.execute(sql: "VACUUM") }
    }
    file.clearLogIfPossible()
    return max(0, before - ((try? FileStatus(of: journal))?.size ?? 0))
  }
}
