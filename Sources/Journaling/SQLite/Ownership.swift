import Events
import Files
import FoundationEssentials
import GRDB
import Operations
import Synchronization

/// The owner that this process is in a journal: registered, with its lock, once it first needs to be.
final class Ownership: Sendable {
  private let identity: OwnerIdentity
  private let locks: OwnerLocks
  private let known = Mutex<JournalOwner?>(nil)

  init(_ identity: OwnerIdentity, _ locks: OwnerLocks) {
    self.identity = identity
    self.locks = locks
  }

  /// Registers this process as an owner when it is not yet, and returns whether it did; its lock is held before
  /// anybody can read of it.
  ///
  /// That is part of the transaction that `database` is in: where this is not committed, `forget` follows.
  func register(in database: Database) throws -> Bool {
    guard known.withLock({ $0 == nil }) else { return false }
    try forgetDead(in: database)
    try database.execute(
      sql: "INSERT INTO owners (process, host, since) VALUES (?, ?, ?)",
      arguments: [identity.process, identity.host, identity.since.nanoseconds])
    let owner = JournalOwner(number: database.lastInsertedRowID, identity: identity)
    try locks.take(owner.number)
    known.withLock { $0 = owner }
    return true
  }

  /// The transaction is rolled back in which this process was registered: it is not.
  func forget() {
    let owner = known.withLock { known in
      defer { known = nil }
      return known
    }
    // A lock that stays only keeps its number from others until this process ends.
    if let owner { try? locks.release(owner.number) }
  }

  /// This process as an owner; before it is registered, under the number 0, which is no owner's.
  var current: JournalOwner { known.withLock { $0 } ?? JournalOwner(number: 0, identity: identity) }

  /// The number of `current`.
  var number: Int64 { current.number }

  /// The owner of that number; nil when it is not known any more.
  static func owner(_ number: Int64, in database: Database) throws -> JournalOwner? {
    let row = try Row.fetchOne(
      database, sql: "SELECT process, host, since FROM owners WHERE number = ?",
      arguments: [number])
    return try row.map { row in
      JournalOwner(
        number: number,
        identity: OwnerIdentity(
          process: try row.value("process"), host: try row.value("host"),
          since: Moment(nanoseconds: try row.value("since"))))
    }
  }

  /// Whether the owner of that number is another one, and alive.
  ///
  /// Somebody may have removed the file of the locks: a process that still has the journal open lives,
  /// whatever its lock says.
  func isAlive(_ number: Int64, of journal: String, in database: Database) throws -> Bool {
    guard known.withLock({ $0?.number }) != number else { return false }
    if try locks.isHeld(number) { return true }
    guard let owner = try Self.owner(number, in: database)?.identity, owner.host == identity.host,
      owner.process != identity.process
    else { return false }
    return ProcessFiles.hasOpen(journal, in: owner.process)
  }

  /// Removes the owners that are dead and whose runs are over or belong to others; the last one that acted on
  /// schedules stays known.
  private func forgetDead(in database: Database) throws {
    let numbers = try Int64.fetchAll(
      database,
      sql: """
        SELECT number FROM owners WHERE number NOT IN (SELECT owner FROM runs WHERE owner > 0)
          AND number NOT IN (SELECT owner FROM lease WHERE owner > 0)
        """)
    for number in numbers where try !locks.isHeld(number) {
      try database.execute(sql: "DELETE FROM owners WHERE number = ?", arguments: [number])
    }
  }
}
