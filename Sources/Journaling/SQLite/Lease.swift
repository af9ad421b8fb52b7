import GRDB

/// The row of `lease`: which process acts on schedules.
struct Lease: Sendable {
  /// Nil while nobody acts.
  var owner: Int64?
  /// Higher with each process that acts.
  var epoch: Int
  /// Counts the renewals of all of them.
  var beat: Int

  /// The lease; nil before any process acted.
  static func read(_ database: Database) throws -> Lease? {
    let statement = try database.cachedStatement(sql: "SELECT owner, epoch, beat FROM lease")
    return try Row.fetchOne(statement).map { row in
      Lease(
        owner: try row.value("owner"), epoch: try row.count("epoch"), beat: try row.count("beat"))
    }
  }

  /// What others see of it.
  func sight(in database: Database) throws -> LeaseSight {
    LeaseSight(
      owner: try owner.flatMap { try Ownership.owner($0, in: database) }, epoch: epoch, beat: beat)
  }
}
