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
    let word: String? = try row.value("outcome")
    let outcome = word.flatMap(Outcome.init)
    guard let run = RunID(try row.value("id")), (word == nil) == (outcome == nil) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a line of the list of runs")
    }
    let start = try Self.start(in: row, of: run)
    summary = RunSummary(
      run: run, playbook: try row.value("playbook"), file: try row.value("file"),
      startedAt: Moment(nanoseconds: try row.value("started")),
      lastEventAt: Moment(nanoseconds: try row.value("latest")),
      eventCount: try row.count("events"), outcome: outcome,
      labels: start?.labels ?? [])
    summary.environment = start?.environment
    number = try row.value("number")
    owner = try row.value("owner")
    key = try row.bytesIfPresent("key")
    head = try row.bytes("head")
  }

  /// The first event of the run; nil when it cannot be read.
  private static func start(in row: Row, of run: RunID) throws -> RunStart? {
    var kind: RunEvent.Kind?
    if let form = try row.bytesIfPresent("commit_form") {
      kind = try? CommitForm.decode(form, of: run, from: 0, nil).first?.kind
    } else if let form = try row.bytesIfPresent("event_form") {
      kind = try? StoredEvent.decodeRow(form, opening: nil)
    }
    guard case .runStarted(let start)? = kind else { return nil }
    return start
  }
}
