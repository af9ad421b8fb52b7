import Events
import GRDB
import Operations

/// What is moved together: a rollout with the runs of its tenants, or a run of its own.
struct ArchiveUnit: Sendable, Hashable {
  /// The id of the rollout, or of the run.
  let id: String
  /// How many records it has.
  var records = ArchiveReport.Records()
  var events = 0
  /// Why it stays; nil for one that leaves.
  var stay: ArchiveStay?
  /// Whether something in it is not old enough.
  var isRecent = false

  init(_ id: String) {
    self.id = id
  }

  /// What a record belongs to.
  static func id(of row: RunRow) -> String {
    row.line.rollout ?? row.summary.run.text
  }

  mutating func add(_ row: RunRow) {
    switch row.line.kind {
    case .run: records.runs += 1
    case .rollout: records.rollouts += 1
    }
    events += row.summary.eventCount
  }

  mutating func keep(_ reason: ArchiveStay) {
    stay = min(stay ?? reason, reason)
  }

  /// Visits its records in the order in which they were begun.
  func visit(_ database: Database, _ visitor: (RunRow) throws -> Void) throws {
    try RunRow.visit(
      database, "WHERE id = ?1 OR rollout = ?1 ORDER BY number", [id], visitor)
  }
}
