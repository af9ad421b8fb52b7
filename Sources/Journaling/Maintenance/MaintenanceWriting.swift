import GRDB

extension JournalFile {
  /// How often a transaction is tried that another process holds up, each time for as long as a journal waits.
  private static let mostAttempts = 12

  /// Performs `body` in one transaction, for which it waits up to a minute; what it throws undoes all of it.
  func maintain<Result>(
    _ body: (Database) throws -> Result
  ) throws(MaintenanceError) -> Result {
    var attempt = 1
    while true {
      do throws(MaintenanceError) {
        return try maintainOnce(body)
      } catch .journal(.locked) where attempt < Self.mostAttempts {
        attempt += 1
      }
    }
  }

  private func maintainOnce<Result>(
    _ body: (Database) throws -> Result
  ) throws(MaintenanceError) -> Result {
    var result: Swift.Result<Result, MaintenanceError>?
    try MaintenanceError.translating { () throws(JournalError) in
      try write { database in
        try inTransaction(database) { database in
          do {
            result = .success(try body(database))
            return .commit
          } catch let error as MaintenanceError {
            result = .failure(error)
            return .rollback
          }
        }
      }
    }
    guard let result else { throw .journal(.locked(path: path)) }
    return try result.get()
  }

  /// Reads, at one point in time.
  func look<Result>(_ body: (Database) throws -> Result) throws(MaintenanceError) -> Result {
    try MaintenanceError.translating { () throws(JournalError) in try read(body) }
  }

  /// Moves the log into the database as far as others let it, so that the database file is whole.
  func clearLogIfPossible() {
    _ = try? write { database in try database.checkpoint(.truncate) }
  }
}
