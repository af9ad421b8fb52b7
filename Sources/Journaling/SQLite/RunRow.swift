import Events
import FoundationEssentials
import GRDB
import Operations

/// A row of `runs`.
struct RunRow: Sendable {
  var summary: RunSummary
  /// Its number among the commits; 0 in a file of an older program.
  var number: Int64
  /// The tag of its last commit, or the digest of its last event.
  var head: [UInt8]
  /// The owner of a run that is not over.
  var owner: Int64?
  /// The id of the key that its commits are authenticated with; nil for a run of an older program.
  var key: [UInt8]?

  /// The rows that `clause` selects and orders.
  ///
  /// Throws the error of a damaged database for a row that cannot be one of ours.
  static func fetch(
    _ database: Database, _ clause: String, _ arguments: StatementArguments
  ) throws -> [RunRow] {
    let columns =
      try JournalSchema.hasCommits(database)
      ? """
      number, owner, key,
      (SELECT form FROM commits WHERE run = runs.number AND first = 0) AS commit_form
      """ : "0 AS number, NULL AS owner, NULL AS key, NULL AS commit_form"
    return try Row.fetchAll(
      database,
      sql: """
        SELECT id, playbook, file, started, latest, events, head, outcome, \(columns),
          (SELECT form FROM events WHERE run = runs.id AND sequence = 0) AS event_form
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
      outcome: outcome, labels: Self.start(in: row, of: run)?.labels ?? [])
    number = row["number"]
    owner = row["owner"]
    key = (row["key"] as Data?).map { Array($0) }
    head = Array(row["head"] as Data)
  }

  /// The first event of the run; nil when it cannot be read.
  private static func start(in row: Row, of run: RunID) -> RunStart? {
    var kind: RunEvent.Kind?
    if let form = row["commit_form"] as Data? {
      kind = try? CommitForm.decode(Array(form), of: run, from: 0, nil).first?.kind
    } else if let form = row["event_form"] as Data? {
      kind = try? StoredEvent.decodeRow(Array(form), opening: nil)
    }
    guard case .runStarted(let start)? = kind else { return nil }
    return start
  }
}
