import Events
import FoundationEssentials
import GRDB
import Operations

/// A row of `runs`.
struct RunRow: Sendable {
  var summary: RunSummary
  /// The digest of the last event.
  var head: [UInt8]

  /// The rows that `clause` selects and orders.
  ///
  /// Throws the error of a damaged database for a row that cannot be one of ours.
  static func fetch(
    _ database: Database, _ clause: String, _ arguments: StatementArguments
  ) throws -> [RunRow] {
    try Row.fetchAll(
      database,
      sql: """
        SELECT id, playbook, file, started, latest, events, head, outcome,
          (SELECT form FROM events WHERE run = runs.id AND sequence = 0) AS first
        FROM runs \(clause)
        """,
      arguments: arguments
    ).map(RunRow.init)
  }

  private init(_ row: Row) throws {
    let word: String? = row["outcome"]
    let outcome = word.flatMap(Outcome.init)
    guard let run = RunID(row["id"] as String), (word == nil) == (outcome == nil) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a line of the list of runs")
    }
    summary = RunSummary(
      run: run, playbook: row["playbook"], file: row["file"],
      startedAt: Moment(nanoseconds: row["started"]),
      lastEventAt: Moment(nanoseconds: row["latest"]), eventCount: row["events"],
      outcome: outcome, labels: Self.labels(in: row["first"] as Data?))
    head = Array(row["head"] as Data)
  }

  /// The labels that the first event of the run holds; none when it cannot be read.
  private static func labels(in form: Data?) -> [RunLabel] {
    guard let form, let kind = try? StoredEvent.decode(Array(form), opening: nil),
      case .runStarted(let start) = kind
    else { return [] }
    return start.labels
  }
}
