import Events
import FoundationEssentials
import GRDB
import Operations

/// Records a commit in one transaction.
struct CommitWriting {
  let sealing: Sealing
  let authentication: Authentication
  let owner: JournalOwner
  /// Where the key is, for messages.
  let keyPath: String
  let locks: RunLocks
  let known: KnownRuns
  let ledgers: LedgerWriting

  /// What keeps a run from being recorded, besides what `JournalError` says.
  struct Fence: Error {
    let run: RunID
    let owner: Int64?
  }

  /// How far a run is recorded, and for whom.
  private struct RunHead {
    var number: Int64
    var kind: RecordKind
    var head: JournalHead
    var isFinished: Bool
    /// Whether it is the run of a tenant.
    var hasTenant: Bool
    var owner: Int64?
    var epoch: Int
    /// The id of the key that its commits are authenticated with; nil while there is none.
    var key: [UInt8]?
  }

  /// Adds everything; throws `Fence`, a `JournalError` such as `conflict`, `misplaced`, `blocked` or
  /// `ledgerMoved`, or a database error, and then nothing was added if the transaction is rolled back.
  func perform(_ commit: JournalCommit, in database: Database) throws -> [JournalHead] {
    for text in commit.texts { try add(text, in: database) }
    var continuing = try RunContinuing(known, sealing, authentication, as: owner, in: database)
    let heads = try commit.parts.map { part in
      try continuing.add(part, in: database) ?? add(part, in: database)
    }
    for change in commit.ledger { try ledgers.perform(change, in: database) }
    for notice in commit.notices { try NoticeRow.add(notice, sealing, in: database) }
    for number in commit.handled {
      try database.cachedStatement(sql: "DELETE FROM requests WHERE number = ?")
        .execute(arguments: [number.value])
    }
    return heads
  }

  private func add(_ part: JournalCommit.Part, in database: Database) throws -> JournalHead {
    guard let first = part.events.first, let last = part.events.last else { return part.expected }
    let run = try head(of: part.run, in: database) ?? begin(first, of: part.run, in: database)
    if let head = try recordedAlready(part, of: run, in: database) { return head }
    guard run.owner == owner.number, run.epoch == part.epoch else {
      throw Fence(run: part.run, owner: run.owner)
    }
    guard run.key == nil || run.key == sealing.key.id else {
      throw JournalError.otherKey(path: keyPath)
    }
    try check(part, after: run)
    try updateLocks(for: part, of: run)
    let commit = try StoredCommit(part, after: run.head, sealing, authentication)
    var insertion = try StoredCommit.insertion(in: database)
    try commit.add(to: run.number, by: &insertion, in: database)
    let head = commit.head
    let outcome = last.kind.endOutcome
    let state = run.hasTenant ? TenantState(after: last.kind) : nil
    try database.cachedStatement(
      sql: """
        UPDATE runs SET events = ?, head = ?, latest = ?, outcome = ?, state = ?, owner = ?, key = ?
        WHERE number = ?
        """
    ).execute(arguments: [
      head.count, Data(head.digest), last.at.nanoseconds, outcome?.rawValue, state?.rawValue,
      outcome == nil ? owner.number : nil, Data(sealing.key.id), run.number,
    ])
    known[part.run] = outcome == nil ? KnownRuns.Run(number: run.number, kind: run.kind) : nil
    if outcome != nil {
      // Nobody is left to handle what was asked for too late.
      try database.cachedStatement(sql: "DELETE FROM requests WHERE run = ?")
        .execute(arguments: [run.number])
    }
    return head
  }

  /// The head after `part` when that very commit is recorded: its first answer was lost.
  private func recordedAlready(
    _ part: JournalCommit.Part, of run: RunHead, in database: Database
  ) throws -> JournalHead? {
    guard run.head.count > part.expected.count else { return nil }
    let row = try Row.fetchOne(
      database, sql: "SELECT form, tag FROM commits WHERE run = ? AND first = ?",
      arguments: [run.number, part.expected.count])
    guard let row else { return nil }
    let events = try? CommitForm.decode(
      row.bytes("form"), of: part.run, from: part.expected.count, sealing.key)
    guard events == part.events else { return nil }
    return JournalHead(
      count: part.expected.count + part.events.count, digest: try row.bytes("tag"))
  }

  private func check(_ part: JournalCommit.Part, after run: RunHead) throws(JournalError) {
    let head = run.head
    let isExpected =
      part.expected.count == head.count
      && (head.count == 0 || part.expected.digest == head.digest)
    guard isExpected else { throw .conflict(run: part.run, sequence: part.expected.count) }
    var isFinished = run.isFinished
    for (index, event) in part.events.enumerated() {
      let sequence = head.count + index
      guard event.sequence == sequence,
        event.mayStand(in: part.run, of: run.kind, afterEnd: isFinished)
      else { throw .misplaced(run: part.run, sequence: event.sequence) }
      isFinished = event.kind.endOutcome != nil
    }
  }

  /// A run has its locks from its start to its end, and again while it is resumed.
  private func updateLocks(for part: JournalCommit.Part, of run: RunHead) throws {
    guard run.hasTenant else { return }
    for event in part.events {
      switch event.kind {
      case .runStarted(let start):
        try locks.take(start.tenant?.locks ?? [], for: part.run, run.number)
      case .runResumed:
        // In the commit with the first event, its locks are taken already.
        let keys = run.head.count == 0 ? part.locks : try locks.keys(of: part.run, run.number)
        try locks.take(keys, for: part.run, run.number)
      case .runFinished: try locks.release(run.number)
      case _: break
      }
    }
  }

  private func head(of run: RunID, in database: Database) throws -> RunHead? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT number, kind, events, head, outcome, owner, epoch, key, rollout FROM runs
        WHERE id = ?
        """)
    guard let row = try Row.fetchOne(statement, arguments: [run.text]) else { return nil }
    let outcome: String? = try row.value("outcome")
    let rollout: String? = try row.value("rollout")
    return RunHead(
      number: try row.value("number"), kind: try row.recordKind(),
      head: JournalHead(count: try row.count("events"), digest: try row.bytes("head")),
      isFinished: outcome != nil, hasTenant: rollout != nil, owner: try row.value("owner"),
      epoch: try row.count("epoch"), key: try row.bytesIfPresent("key"))
  }

  private func begin(
    _ first: RunEvent, of run: RunID, in database: Database
  ) throws -> RunHead {
    guard let line = RunLine(first.kind) else {
      throw JournalError.misplaced(run: run, sequence: first.sequence)
    }
    if let rollout = line.rollout { try checkOwner(of: rollout, line, in: database) }
    try database.cachedStatement(
      sql: """
        INSERT INTO runs (id, playbook, file, started, latest, events, head, owner, kind, name,
          rollout, tenant, tenant_index)
        VALUES (?, ?, ?, ?, ?, 0, x'', ?, ?, ?, ?, ?, ?)
        """
    ).execute(arguments: [
      run.text, line.playbook, line.file, first.at.nanoseconds, first.at.nanoseconds,
      owner.number, line.kind.rawValue, line.name, line.rollout, line.tenant, line.index,
    ])
    return RunHead(
      number: database.lastInsertedRowID, kind: line.kind, head: .empty, isFinished: false,
      hasTenant: line.rollout != nil, owner: owner.number, epoch: 0)
  }

  /// Runs of tenants are begun by whoever drives the rollout, and one for each; a rollout that this journal
  /// does not have is nobody's.
  private func checkOwner(
    of rollout: String, _ line: RunLine, in database: Database
  ) throws {
    let statement = try database.cachedStatement(
      sql: """
        SELECT owner, EXISTS (
          SELECT 1 FROM runs AS other WHERE other.rollout = ? AND other.tenant_index = ?) AS isTaken
        FROM runs WHERE id = ?
        """)
    let row = try Row.fetchOne(statement, arguments: [rollout, line.index, rollout])
    guard let row, let record = RunID(rollout) else { return }
    let current: Int64? = try row.value("owner")
    let isTaken: Bool = try row.value("isTaken")
    guard !isTaken, current == nil || current == owner.number else {
      throw Fence(run: record, owner: current)
    }
  }

  private func add(_ text: StoredText, in database: Database) throws {
    let digest = Data(text.digest.bytes)
    let isThere = try Bool.fetchOne(
      database, sql: "SELECT EXISTS (SELECT 1 FROM texts WHERE digest = ? AND key = ?)",
      arguments: [digest, Data(sealing.key.id)])
    guard isThere != true else { return }
    try database.execute(
      sql: "INSERT INTO texts (digest, key, form) VALUES (?, ?, ?)",
      arguments: [
        digest, Data(sealing.key.id), Data(try SealedText.seal(text, sealing)),
      ])
  }
}

extension JournalCommit.Part {
  /// The locks that the run needs, where its first event is in this part.
  fileprivate var locks: [String] {
    guard case .runStarted(let start)? = events.first?.kind else { return [] }
    return start.tenant?.locks ?? []
  }
}
