import GRDB

/// The row of `lease`: which process acts on schedules.
struct Lease: Sendable {
  /// Nil while nobody acts.
  var owner: Int64?
  /// Higher with each process that acts.
  var epoch: Int
  /// Grows with each renewal: the second of it since 1970, or one more where that is no growth.
  var beat: Int

  /// The beat that follows on that of the expression `beat`.
  static func next(after beat: String) -> String {
    "max(\(beat) + 1, CAST(strftime('%s', 'now') AS INTEGER))"
  }

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
