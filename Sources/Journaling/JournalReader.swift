package import Events
import FoundationEssentials
import GRDB
package import Operations

/// Reads a journal, also while another process writes it.
package struct JournalReader: Sendable {
  let file: JournalFile

  init(file: JournalFile) {
    self.file = file
  }

  /// What had been lost at the end of the journal when it was opened; nil when nothing had, or when
  /// another process uses it.
  package var tornTail: TornTail? { file.tornTail }

  /// Opens the journal at `path` for reading only; throws `missing` when there is none.
  ///
  /// Its key is in the file at `key`, or else beside it.
  package static func open(
    at path: String, key: String? = nil
  ) throws(JournalError) -> JournalReader {
    JournalReader(file: try JournalFile.open(forReadingAt: path, key: key))
  }

  /// Opens the journal at `path` without making a file beside it, for a look that must not take long;
  /// throws where that cannot be done.
  package static func glance(at path: String) throws(JournalError) -> JournalReader {
    JournalReader(file: try JournalFile.open(forGlanceAt: path))
  }

  /// Whether commits that had been complete are not in the journal at `path` any more, which this process must not
  /// have open; false where there is none.
  package static func lacksCommits(at path: String) -> Bool {
    TornTail.find(atEndOf: path)?.lacksCommits ?? false
  }

  /// The path of the journal's key.
  package var keyPath: String { file.keyFile.path }

  /// The runs that have all of `labels`, newest first, at most `limit`.
  package func runs(
    limit: Int, labels: [RunLabel] = []
  ) throws(JournalError) -> [RunSummary] {
    try runs(RunFilter(limit: limit, labels: labels))
  }

  /// The runs that `filter` lets through, newest first; no rollouts.
  package func runs(_ filter: RunFilter) throws(JournalError) -> [RunSummary] {
    try file.read { database in
      guard try !JournalSchema.isEmpty(database) else { return [] }
      return try RunSelection.runs(filter, in: database)
    }
  }

  /// Those of the newest `limit` runs that are of that playbook, and of which something was recorded after
  /// `moment`, newest first; no rollouts.
  package func recentRuns(
    of playbook: String, in file: String, activeAfter moment: Moment, among limit: Int
  ) throws(JournalError) -> [RunSummary] {
    try self.file.read { database in
      guard try !JournalSchema.isEmpty(database) else { return [] }
      let condition =
        try JournalSchema.hasRollouts(database) ? "WHERE kind = \(RecordKind.run.rawValue)" : ""
      return try RunRow.fetch(
        database,
        """
        WHERE id IN (
          SELECT id FROM (SELECT * FROM runs \(condition) ORDER BY started DESC, id DESC LIMIT ?)
          WHERE latest > ? AND playbook = ? AND file = ?
        ) ORDER BY started DESC, id DESC
        """,
        [limit, moment.nanoseconds, playbook, file]
      ).map(\.summary)
    }
  }

  /// Whether a run or a rollout has not ended.
  package func holdsUnfinished() throws(JournalError) -> Bool {
    try file.read { database in
      guard try !JournalSchema.isEmpty(database) else { return false }
      return try Bool.fetchOne(
        database, sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE outcome IS NULL)") ?? false
    }
  }

  /// The runs that another process than the first drove, or was about to drive.
  package func runsOfSeveralProcesses() throws(JournalError) -> Set<RunID> {
    try file.read { database in
      guard try !JournalSchema.isEmpty(database) && JournalSchema.hasCommits(database) else {
        return []
      }
      let ids = try String.fetchAll(database, sql: "SELECT id FROM runs WHERE epoch > 0")
      return Set(ids.compactMap { RunID($0) })
    }
  }

  /// The run whose id begins with `prefix`, case ignored, or the newest one for `latest`.
  ///
  /// Throws `unknownRun`, `ambiguousRun` or, where only a rollout's id begins so, `isRollout`.
  package func run(matching prefix: String) throws(JournalError) -> RunID {
    let lowercase = prefix.lowercased()
    // No id holds the letter l.
    if lowercase == "latest" {
      guard let newest = try runs(limit: 1).first else { throw .noRuns }
      return newest.run
    }
    let found = try summaries(beginningWith: lowercase, .run)
    guard let first = found.first else {
      let rollouts = try rollouts(beginningWith: lowercase)
      guard let rollout = rollouts.first else { throw .unknownRun(prefix: prefix) }
      guard rollouts.count == 1 else {
        throw .ambiguousRollout(prefix: prefix, candidates: rollouts)
      }
      throw .isRollout(rollout.rollout, name: rollout.name)
    }
    guard found.count == 1 else { throw .ambiguousRun(prefix: prefix, candidates: found) }
    return first.run
  }

  /// The same, or the rollout whose id begins so where no run's does.
  package func record(matching prefix: String) throws(JournalError) -> RunID {
    do throws(JournalError) {
      return try run(matching: prefix)
    } catch .isRollout(let rollout, _) {
      return rollout
    }
  }

  private func summaries(
    beginningWith prefix: String, _ kind: RecordKind
  ) throws(JournalError) -> [RunSummary] {
    try file.read { database in
      guard try !prefix.isEmpty && !JournalSchema.isEmpty(database) else { return [] }
      let condition = try JournalSchema.hasRollouts(database) ? "kind = \(kind.rawValue)" : "1"
      return try RunRow.fetch(
        database,
        "WHERE \(condition) AND substr(id, 1, ?) = ? ORDER BY started DESC, id DESC LIMIT ?",
        [prefix.unicodeScalars.count, prefix, Self.mostCandidates]
      ).map(\.summary)
    }
  }

  /// The run of the same playbook, by its name, that started last before `run`; nil when there is none.
  ///
  /// Of a tenant's run, it is the one of a tenant of the same name.
  package func predecessor(of run: RunID) throws(JournalError) -> RunID? {
    try file.read { database in
      guard let row = try row(of: run, in: database) else { return nil }
      let later = row.summary
      let isAlike =
        try JournalSchema.hasRollouts(database) ? "kind = 0 AND tenant IS ?" : "? IS NULL"
      return try RunRow.fetch(
        database,
        """
        WHERE \(isAlike) AND playbook = ? AND (started, id) < (?, ?)
        ORDER BY started DESC, id DESC LIMIT 1
        """,
        [row.line.tenant, later.playbook, later.startedAt.nanoseconds, run.text]
      ).first?.summary.run
    }
  }

  /// All events of a run, in order; throws `flawed` unless they are what was recorded.
  package func events(
    of run: RunID, secrets: SecretAccess = .masked
  ) throws(JournalError) -> [RunEvent] {
    let record = try record(of: run, secrets: secrets)
    if let flaw = record.flaws.first { throw .flawed(run: run, flaw) }
    return record.events
  }

  /// The intact events of a run up to the first flaw, and all flaws.
  ///
  /// With masked secrets the record is verified when the key is at hand, and read without it, too.
  package func record(
    of run: RunID, secrets: SecretAccess = .masked
  ) throws(JournalError) -> RunRecord {
    let key = try key(for: secrets)
    return try file.read { database in
      guard let row = try row(of: run, in: database) else {
        throw JournalError.unknownRun(prefix: run.text)
      }
      guard row.key == nil || key == nil || row.key == key?.id else {
        guard secrets == .masked else {
          throw JournalError.otherKey(path: file.keyFile.path)
        }
        // What another key authenticates cannot be verified, and is shown all the same.
        return try RecordReading.record(row, nil, masks: true, in: database)
      }
      return try RecordReading.record(row, key, masks: secrets == .masked, in: database)
    }
  }

  /// The same, with the flaws of the texts that the run was planned from.
  package func verifiedRecord(of run: RunID) throws(JournalError) -> RunRecord {
    var record = try record(of: run)
    guard record.isVerified, let key = try key(for: .masked),
      let first = record.events.first?.kind
    else { return record }
    for (text, name) in first.pinnedTexts {
      let digest = Hexadecimal.decode(name).flatMap { TextDigest($0) }
      if let flaw = try flaw(of: text, digest, key) { record.flaws.append(flaw) }
    }
    return record
  }

  /// A text that runs were planned from; nil when the journal does not hold it, or its key is not there.
  package func text(_ digest: TextDigest) throws(JournalError) -> [UInt8]? {
    guard let key = try key(for: .masked) else { return nil }
    return try text(digest, key)
  }

  /// The text that is sealed under `key`; nil when the journal does not hold it, throws `damaged` when
  /// it is not that text.
  func text(_ digest: TextDigest, _ key: JournalKey) throws(JournalError) -> [UInt8]? {
    let form = try file.read { database in
      try TextRow.form(of: digest, key, in: database)
    }
    guard let form else { return nil }
    do throws(StoredFormError) {
      return try SealedText.open(form, of: digest, key)
    } catch {
      throw .damaged(path: file.path, reason: "a stored text: \(error)")
    }
  }

  private func flaw(
    of text: PinnedText, _ digest: TextDigest?, _ key: JournalKey
  ) throws(JournalError) -> ChainFlaw? {
    guard let digest else { return .missingText(text) }
    let form = try file.read { database in
      try TextRow.form(of: digest, key, in: database)
    }
    guard let form else { return .missingText(text) }
    do throws(StoredFormError) {
      _ = try SealedText.open(form, of: digest, key)
      return nil
    } catch .cryptography(let failure) {
      throw .cryptography(failure)
    } catch {
      return .alteredText(text)
    }
  }

  /// The line of `run`; nil when there is none.
  func row(of run: RunID) throws(JournalError) -> RunRow? {
    try file.read { database in try row(of: run, in: database) }
  }

  private func row(of run: RunID, in database: Database) throws -> RunRow? {
    guard try !JournalSchema.isEmpty(database) else { return nil }
    return try RunRow.fetch(database, "WHERE id = ?", [run.text]).first
  }

  /// The stored forms of all commits, in their order.
  func forms() throws(JournalError) -> [[UInt8]] {
    try file.read { database in
      try Data.fetchAll(database, sql: "SELECT form FROM commits ORDER BY number").map { Array($0) }
    }
  }

  /// What the list of runs shows of `run`; nil when it is not recorded.
  package func summary(of run: RunID) throws(JournalError) -> RunSummary? {
    try row(of: run)?.summary
  }

  /// The living process that owns `run`; nil when there is none, or no such run.
  ///
  /// Who may not look at the locks gets the process that drove it last: it may be alive.
  package func driver(of run: RunID) throws(JournalError) -> OwnerIdentity? {
    guard let owner = try row(of: run)?.owner,
      (try? OwnerLocks.isHeld(owner, beside: file.path)) ?? true
    else { return nil }
    return try file.read { database in try Ownership.owner(owner, in: database)?.identity }
  }

  /// Why the key that authenticates `run` cannot be used; nil when it can.
  package func keyProblem(of run: RunID) -> JournalError? {
    do throws(JournalError) {
      let key = try key(for: .unsealed)
      guard let needed = try row(of: run)?.key, needed != key?.id else { return nil }
      return .otherKey(path: file.keyFile.path)
    } catch {
      return error
    }
  }

  static let mostCandidates = 8

  func key(for secrets: SecretAccess) throws(JournalError) -> JournalKey? {
    do {
      return try file.loadKey()
    } catch {
      guard secrets == .masked else { throw error }
      return nil
    }
  }
}

/// Whether the secrets in events that are read are unsealed or masked.
package enum SecretAccess: Sendable, Hashable {
  /// They hold `•••`; no key is needed.
  case masked
  /// They are what they were; the key must be there.
  case unsealed
}
