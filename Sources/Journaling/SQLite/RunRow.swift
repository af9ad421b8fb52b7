import Events
import FoundationEssentials
import GRDB
import Operations

/// A row of `runs`, with the first event of the record.
struct RunRow: Sendable {
  /// What it says of a run; of a rollout, its playbook, times, counts and labels.
  var summary: RunSummary
  var line: RunLine
  /// The state of a tenant whose run ended.
  var state: TenantState?
  /// The first event of the record, secrets masked; nil when it cannot be read.
  var firstEvent: RunEvent.Kind?
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
    var rows: [RunRow] = []
    try visit(database, clause, arguments) { rows.append($0) }
    return rows
  }

  /// The same, one row after the other.
  static func visit(
    _ database: Database, _ clause: String, _ arguments: StatementArguments,
    _ visitor: (RunRow) throws -> Void
  ) throws {
    let commitColumns =
      try JournalSchema.hasCommits(database)
      ? """
      number, owner, key,
      (SELECT form FROM commits WHERE run = runs.number AND first = 0) AS commit_form
      """ : "0 AS number, NULL AS owner, NULL AS key, NULL AS commit_form"
    let rolloutColumns =
      try JournalSchema.hasRollouts(database)
      ? "kind, name, rollout, tenant, tenant_index, state"
      : """
      0 AS kind, NULL AS name, NULL AS rollout, NULL AS tenant, NULL AS tenant_index, NULL AS state
      """
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT id, playbook, file, started, latest, events, head, outcome, \(commitColumns),
          \(rolloutColumns),
          (SELECT form FROM events WHERE run = runs.id AND sequence = 0) AS event_form
        FROM runs \(clause)
        """,
      arguments: arguments)
    // A row of its own refuses values of another type; one of a cursor converts them.
    while let row = try rows.next() { try visitor(RunRow(row.copy())) }
  }

  private init(_ row: Row) throws {
    let run = try row.runID()
    line = RunLine(
      playbook: try row.value("playbook"), file: try row.value("file"),
      kind: try row.recordKind(), name: try row.value("name"),
      rollout: try row.value("rollout"), tenant: try row.value("tenant"),
      index: try row.value("tenant_index"))
    summary = RunSummary(
      run: run, playbook: line.playbook, file: line.file,
      startedAt: Moment(nanoseconds: try row.value("started")),
      lastEventAt: Moment(nanoseconds: try row.value("latest")),
      eventCount: try row.count("events"), outcome: try row.outcome())
    state = try row.tenantState()
    number = try row.value("number")
    owner = try row.value("owner")
    key = try row.bytesIfPresent("key")
    head = try row.bytes("head")
    firstEvent = try Self.first(in: row, of: run)
    switch firstEvent {
    case .runStarted(let start)?:
      summary.labels = start.labels
      summary.tenant = start.tenant
      summary.environment = start.environment
    case .rollout(.started(let start))?:
      summary.labels = start.labels
    case _: break
    }
  }

  /// The first event of the record; nil when it cannot be read.
  private static func first(in row: Row, of run: RunID) throws -> RunEvent.Kind? {
    if let form = try row.bytesIfPresent("commit_form") {
      return try? CommitForm.decode(form, of: run, from: 0, nil).first?.kind
    }
    return try row.bytesIfPresent("event_form").flatMap {
      try? StoredEvent.decodeRow($0, opening: nil)
    }
  }

  /// The first event of a rollout; nil for a run, and when it cannot be read.
  var rolloutStart: RolloutStart? {
    if case .rollout(.started(let start))? = firstEvent { start } else { nil }
  }

  /// What the list of rollouts shows of it; nil for a run.
  var rollout: RolloutSummary? {
    guard let name = line.name else { return nil }
    return RolloutSummary(
      rollout: summary.run, name: name, playbook: summary.playbook, file: summary.file,
      startedAt: summary.startedAt, lastEventAt: summary.lastEventAt,
      eventCount: summary.eventCount, outcome: summary.outcome, start: rolloutStart)
  }
}

extension Row {
  /// The id in a row of `runs`.
  func runID() throws -> RunID {
    guard let run = RunID(try value("id")) else { throw Self.unknownWord }
    return run
  }

  /// The outcome in a row of `runs`; nil where there is none.
  func outcome() throws -> Outcome? {
    guard let word: String = try value("outcome") else { return nil }
    guard let outcome = Outcome(rawValue: word) else { throw Self.unknownWord }
    return outcome
  }

  /// The state in a row of `runs`; nil where there is none.
  func tenantState() throws -> TenantState? {
    guard let word: String = try value("state") else { return nil }
    guard let state = TenantState(rawValue: word) else { throw Self.unknownWord }
    return state
  }

  private static var unknownWord: DatabaseError {
    DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a line of the list of runs")
  }
}
