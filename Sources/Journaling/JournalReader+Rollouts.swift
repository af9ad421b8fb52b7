package import Events
import FoundationEssentials
import GRDB
import Operations

/// Rollouts.
extension JournalReader {
  /// The rollouts, newest first, at most `limit`.
  package func rollouts(limit: Int) throws(JournalError) -> [RolloutSummary] {
    try rollouts("", [], limit: max(0, limit))
  }

  /// The rollout whose id is `text`, else the newest that is called so, else the one whose id begins so,
  /// case ignored; the newest one for `latest`.
  ///
  /// Throws `noRollouts`, `unknownRollout`, `ambiguousRollout` or, where only a run's id begins so,
  /// `notARollout`.
  package func rollout(matching text: String) throws(JournalError) -> RolloutSummary {
    let lowercase = text.lowercased()
    if lowercase == "latest" {
      guard let newest = try rollouts(limit: 1).first else { throw .noRollouts }
      return newest
    }
    if let rollout = try rollouts("AND id = ?", [lowercase], limit: 1).first { return rollout }
    if let rollout = try rollouts("AND name = ?", [text], limit: 1).first { return rollout }
    let found = try rollouts(beginningWith: lowercase)
    guard let first = found.first else {
      if let run = try? run(matching: text) { throw .notARollout(run: run) }
      throw .unknownRollout(name: text)
    }
    guard found.count == 1 else { throw .ambiguousRollout(prefix: text, candidates: found) }
    return first
  }

  /// The rollouts whose ids begin with `prefix`, which is in lower case and not empty.
  func rollouts(beginningWith prefix: String) throws(JournalError) -> [RolloutSummary] {
    guard !prefix.isEmpty else { return [] }
    return try rollouts(
      "AND substr(id, 1, ?) = ?", [prefix.unicodeScalars.count, prefix], limit: Self.mostCandidates)
  }

  private func rollouts(
    _ condition: String, _ arguments: StatementArguments, limit: Int
  ) throws(JournalError) -> [RolloutSummary] {
    try file.read { database in
      guard try JournalSchema.hasRollouts(database) else { return [] }
      return try RunRow.fetch(
        database, "WHERE kind = 1 \(condition) ORDER BY started DESC, id DESC LIMIT ?",
        arguments + [limit]
      ).compactMap(\.rollout)
    }
  }

  /// The runs of the tenants of `rollout`, in the order of the tenants, without a look at their events.
  package func tenantRuns(of rollout: RunID) throws(JournalError) -> [TenantRunRow] {
    try file.read { database in
      guard try JournalSchema.hasRollouts(database) else { return [] }
      var living: [Int64: Bool] = [:]
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT id, tenant_index, tenant, outcome, state, started, latest, owner, epoch FROM runs
          WHERE rollout = ? ORDER BY tenant_index, number
          """,
        arguments: [rollout.text])
      var found: [TenantRunRow] = []
      while let row = try rows.next() {
        let owner: Int64? = try row.value("owner")
        found.append(try TenantRunRow(row, isDriven: owner.map { isAlive($0, &living) } ?? false))
      }
      return found
    }
  }

  /// Whether something happened to one of the runs of tenants that waited for people when `rollout` ended: it was
  /// asked for something, such as a decision, or is over; `waitingRuns` is how many waited.
  package func mayGoOn(_ rollout: RunID, waitingRuns: Int) throws(JournalError) -> Bool {
    try file.read { database in
      guard try JournalSchema.hasRollouts(database) else { return false }
      let isAsked = try Bool.fetchOne(
        database,
        sql: """
          SELECT EXISTS (SELECT 1 FROM requests CROSS JOIN runs ON runs.number = requests.run
            WHERE runs.rollout = ?)
          """,
        arguments: [rollout.text])
      if isAsked ?? false { return true }
      let unfinished = try Int.fetchOne(
        database, sql: "SELECT count(*) FROM runs WHERE rollout = ? AND outcome IS NULL",
        arguments: [rollout.text])
      return (unfinished ?? 0) < waitingRuns
    }
  }

  /// Whether the owner of that number lives; who may not look at the locks takes it for alive.
  private func isAlive(_ owner: Int64, _ known: inout [Int64: Bool]) -> Bool {
    if let isAlive = known[owner] { return isAlive }
    let isAlive = (try? OwnerLocks.isHeld(owner, beside: file.path)) ?? true
    known[owner] = isAlive
    return isAlive
  }

  /// The tenants of `rollout` that have a run and come after the position `index`, in their order, at most
  /// `limit`; secrets are masked.
  ///
  /// Only the first and the last commit of each run are read, and not verified.
  package func tenantRows(
    of rollout: RunID, after index: Int = -1, limit: Int = 500
  ) throws(JournalError) -> [TenantRow] {
    try file.read { database in
      guard try JournalSchema.hasRollouts(database) else { return [] }
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT id, tenant_index, tenant, outcome, state, started, latest,
            (SELECT form FROM commits WHERE run = runs.number AND first = 0) AS first_form,
            CASE WHEN outcome IS NULL THEN NULL ELSE
              (SELECT form FROM commits WHERE run = runs.number ORDER BY first DESC LIMIT 1)
            END AS last_form
          FROM runs WHERE rollout = ? AND tenant_index > ? ORDER BY tenant_index LIMIT ?
          """,
        arguments: [rollout.text, index, max(0, limit)])
      var found: [TenantRow] = []
      while let row = try rows.next() { found.append(try TenantRow(row)) }
      return found
    }
  }

  /// The tenants of `rollout` that have a run, in their order; secrets are masked.
  package func allTenantRows(of rollout: RunID) throws(JournalError) -> [TenantRow] {
    var rows: [TenantRow] = []
    while true {
      let page = try tenantRows(of: rollout, after: rows.last?.index ?? -1)
      guard !page.isEmpty else { return rows }
      rows += page
    }
  }

  /// The newest rollout that is called `name`; nil when there is none.
  package func latestRollout(called name: String) throws(JournalError) -> RolloutSummary? {
    try rollouts("AND name = ?", [name], limit: 1).first
  }

  /// How `run` ended, from its last commit alone, which is not verified; nil while it has not ended, and
  /// for a rollout.
  ///
  /// Throws `unknownRun`, and `flawed` when the commit cannot be read.
  package func end(
    of run: RunID, secrets: SecretAccess = .masked
  ) throws(JournalError) -> RunResult? {
    guard let row = try row(of: run) else { throw .unknownRun(prefix: run.text) }
    guard row.summary.outcome != nil, row.number > 0 else {
      // An older program records an event to a row.
      return try events(of: run, secrets: secrets).last?.kind.runResult
    }
    let key = secrets == .unsealed ? try key(for: .unsealed) : nil
    let stored = try file.read { database in
      try Row.fetchOne(
        database,
        sql: "SELECT first, form FROM commits WHERE run = ? ORDER BY first DESC LIMIT 1",
        arguments: [row.number]
      ).map { (first: try $0.count("first"), form: try $0.bytes("form")) }
    }
    guard let (first, form) = stored else { return nil }
    do throws(StoredFormError) {
      return try CommitForm.decode(form, of: run, from: first, key).last?.kind.runResult
    } catch {
      throw .flawed(run: run, .unreadable(sequence: first, error))
    }
  }
}

extension TenantRunRow {
  fileprivate init(_ row: Row, isDriven: Bool) throws {
    let outcome = try row.outcome()
    self.init(
      run: try row.runID(), index: try row.count("tenant_index"), tenant: try row.value("tenant"),
      outcome: outcome, state: try row.tenantState() ?? .running,
      startedAt: Moment(nanoseconds: try row.value("started")),
      lastEventAt: Moment(nanoseconds: try row.value("latest")), epoch: try row.count("epoch"),
      isDriven: isDriven)
  }
}

extension TenantRow {
  fileprivate init(_ row: Row) throws {
    let run = try row.runID()
    self.init(
      name: try row.value("tenant"), index: try row.count("tenant_index"), run: run,
      state: try row.tenantState() ?? .running,
      startedAt: Moment(nanoseconds: try row.value("started")))
    if let form = try row.bytesIfPresent("first_form"),
      case .runStarted(let start)? = try? CommitForm.decode(form, of: run, from: 0, nil).first?.kind
    {
      labels = start.labels
    }
    guard try row.outcome() != nil else { return }
    endedAt = Moment(nanoseconds: try row.value("latest"))
    guard let form = try row.bytesIfPresent("last_form"),
      let result = try? CommitForm.decode(form, of: run, from: 0, nil).last?.kind.runResult
    else { return }
    failure = result.failure
    failedStep = result.failedStep
    changes = result.changes
  }
}

extension RunEvent.Kind {
  /// How the run ended, if this is its end.
  fileprivate var runResult: RunResult? {
    if case .runFinished(let result) = self { result } else { nil }
  }
}
