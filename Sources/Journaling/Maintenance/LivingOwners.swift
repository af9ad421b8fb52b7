import Files
import GRDB
import Operations

/// The processes that drive runs of a journal.
enum LivingOwners {
  /// Throws `inUse` while there is one besides this process, which is `identity`.
  ///
  /// In a transaction for writing nobody can become one meanwhile.
  static func refuse(
    of file: JournalFile, in database: Database, besides identity: OwnerIdentity
  ) throws {
    let numbers = try Int64.fetchAll(database, sql: "SELECT number FROM owners ORDER BY number")
    var living: [JournalOwner] = []
    for number in numbers {
      guard let owner = try Ownership.owner(number, in: database) else { continue }
      let isHeld = try OwnerLocks.isHeld(number, beside: file.path)
      // Somebody may have removed the file of the locks.
      let isOpen =
        owner.identity.host == identity.host && owner.identity.process != identity.process
        && ProcessFiles.hasOpen(file.path, in: owner.identity.process)
      if isHeld || isOpen { living.append(owner) }
    }
    guard try living.isEmpty && !OwnerLocks.isAnyHeld(beside: file.path) else {
      throw MaintenanceError.inUse(path: file.path, by: living)
    }
  }
}
