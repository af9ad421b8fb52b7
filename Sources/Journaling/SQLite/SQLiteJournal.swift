package import Cryptography
package import Events
import Files
import FoundationEssentials
import GRDB

/// The record of all runs in one SQLite file, with its key (`<journal>.key`, or another file) and the
/// locks of its owners (`<journal>.lock`) beside it.
///
/// Secrets are sealed under the key, and everything recorded is authenticated with it.
package final class SQLiteJournal: Journal {
  /// Reads what is recorded, on the same connection.
  package let reader: JournalReader
  private let file: JournalFile
  private let sealing: Sealing
  private let authentication: Authentication
  private let ownership: Ownership
  /// Whether the key of a journal that holds runs was gone and another was made.
  ///
  /// That loses nothing: nothing was sealed under the one that is gone.
  package let hasNewKey: Bool

  private init(
    file: JournalFile, key: JournalKey, hasNewKey: Bool, as identity: OwnerIdentity,
    random: RandomBytes
  ) throws(JournalError) {
    var file = file
    // By now there is a key, too.
    file.identity = JournalIdentity(of: file.path, file.keyFile)
    file.recordingKey = key.id
    self.file = file
    self.hasNewKey = hasNewKey
    sealing = Sealing(key: key, random: random)
    authentication = Authentication(key)
    ownership = Ownership(identity, try OwnerLocks(beside: file.path))
    reader = JournalReader(file: file)
  }

  /// Opens the journal at `path` for writing and makes what is missing: folders (mode 0700), the
  /// file, its key and its locks (mode 0600), tables.
  ///
  /// The key is in the file at `keyPath`, or else beside the journal. The process becomes the owner
  /// `identity` once it records something. Throws `missingKey` when the key is gone and secrets are
  /// sealed under it.
  package static func open(
    at path: String, key keyPath: String? = nil, as identity: OwnerIdentity,
    random: RandomBytes = .system
  ) throws(JournalError) -> SQLiteJournal {
    let file = try JournalFile.open(forWritingAt: path, key: keyPath)
    let keyFile = file.keyFile
    let key: JournalKey
    var hasNewKey = false
    do {
      key = try keyFile.load()
    } catch .missingKey {
      let contents = try file.contents()
      switch contents {
      case .nothing, .nothingSealed:
        key = try keyFile.loadOrCreate(random: random)
        hasNewKey = contents == .nothingSealed
      case .secrets:
        // Another process may have made the first key and recorded meanwhile.
        key = try keyFile.load()
      }
    }
    return try SQLiteJournal(
      file: file, key: key, hasNewKey: hasNewKey, as: identity, random: random)
  }
}

/// Recording.
extension SQLiteJournal {
  /// A cancelled task's commit is recorded all the same; the caller's thread does not wait.
  package func commit(_ commit: JournalCommit) async -> CommitOutcome {
    do {
      return try await file.writeInBackground { [self] database in
        try perform(commit, in: database)
      }
    } catch {
      return Self.outcome(of: error)
    }
  }

  /// The same on the caller's thread, which waits for the disk.
  func commitWaiting(_ commit: JournalCommit) -> CommitOutcome {
    do {
      return try file.write { database in try perform(commit, in: database) }
    } catch {
      return Self.outcome(of: error)
    }
  }

  private func perform(
    _ commit: JournalCommit, in database: Database
  ) throws -> CommitOutcome {
    let owner = try ownership.register(in: file, database)
    let writing = CommitWriting(
      sealing: sealing, authentication: authentication, owner: owner,
      keyPath: file.keyFile.path, locks: locks(of: owner, in: database))
    var outcome: CommitOutcome?
    try file.inTransaction(database) { database in
      do {
        outcome = .committed(try writing.perform(commit, in: database))
        return .commit
      } catch let fence as CommitWriting.Fence {
        let other = try fence.owner.flatMap { try Ownership.owner($0, in: database) }
        outcome = .fenced(fence.run, by: other)
        return .rollback
      } catch JournalError.blocked(let run, let other) {
        outcome = .blocked(run, by: other)
        return .rollback
      }
    }
    return outcome ?? .committed([])
  }

  private func locks(of owner: JournalOwner, in database: Database) -> RunLocks {
    RunLocks(database: database) { [self] number in
      try number == owner.number || ownership.isAlive(number, of: file.path, in: database)
    }
  }

  private static func outcome(of error: any Error) -> CommitOutcome {
    let error = error as? JournalError ?? .inaccessible(path: "", reason: "\(error)")
    return switch error {
    case .conflict, .misplaced, .unstorable, .cryptography, .otherKey: .conflict(error)
    case _: .unknown(error)
    }
  }
}

/// Ownership.
extension SQLiteJournal {
  /// Makes this process the owner of `run`; throws `owned`, `blocked` and `unknownRun`.
  package func claim(_ run: RunID) async throws(JournalError) -> RunClaim {
    try await JournalError.translating { () throws -> RunClaim in
      try await self.file.writeInBackground { [self] database in try claim(run, in: database) }
    }
  }

  /// The same on the caller's thread, which waits for the disk.
  func claimWaiting(_ run: RunID) throws(JournalError) -> RunClaim {
    try file.write { database in try claim(run, in: database) }
  }

  private func claim(_ run: RunID, in database: Database) throws -> RunClaim {
    let owner = try ownership.register(in: file, database)
    var claim: RunClaim?
    try file.inTransaction(database) { database in
      claim = try take(run, as: owner, in: database)
      return .commit
    }
    guard let claim else { throw JournalError.unknownRun(prefix: run.text) }
    return claim
  }

  private func take(
    _ run: RunID, as owner: JournalOwner, in database: Database
  ) throws -> RunClaim {
    let row = try Row.fetchOne(
      database,
      sql: "SELECT number, events, head, outcome, owner, epoch, rollout FROM runs WHERE id = ?",
      arguments: [run.text])
    guard let row else { throw JournalError.unknownRun(prefix: run.text) }
    if let current: Int64 = try row.value("owner") {
      guard current != owner.number else { throw JournalError.owned(run: run, by: owner) }
      if try ownership.isAlive(current, of: file.path, in: database) {
        throw JournalError.owned(run: run, by: try Ownership.owner(current, in: database))
      }
    }
    let number: Int64 = try row.value("number")
    if try row.value("rollout") as String? != nil {
      let locks = locks(of: owner, in: database)
      let keys = try locks.keys(of: run, number)
      if try row.value("outcome") as String? == nil {
        try locks.take(keys, for: run, number)
      } else {
        try locks.check(keys, for: run, number)
      }
    }
    let epoch = try row.count("epoch") + 1
    try database.execute(
      sql: "UPDATE runs SET owner = ?, epoch = ? WHERE number = ?",
      arguments: [owner.number, epoch, number])
    let head = JournalHead(count: try row.count("events"), digest: try row.bytes("head"))
    return RunClaim(epoch: epoch, head: head)
  }

  /// Gives up the ownership of `run`, if it is this process's under `epoch`.
  package func release(_ run: RunID, epoch: Int) async throws(JournalError) {
    try await JournalError.translating { () throws -> Void in
      try await self.file.writeInBackground { [self] database in
        try file.inTransaction(database) { database in
          try database.execute(
            sql: "UPDATE runs SET owner = NULL WHERE id = ? AND owner = ? AND epoch = ?",
            arguments: [run.text, ownership.number, epoch])
          return .commit
        }
      }
    }
  }
}

extension SQLiteJournal {
  /// Whether `process` of this machine has this journal open for driving runs, as far as this one may
  /// see.
  package func isOpen(in process: Int32) -> Bool {
    ProcessFiles.hasOpen(file.path, in: process)
  }
}

/// Reading.
extension SQLiteJournal {
  /// Everything that is recorded of `run`, verified, its secrets as they were.
  package func record(of run: RunID) async throws(JournalError) -> RunRecord {
    try reader.record(of: run, secrets: .unsealed)
  }

  /// The runs of the tenants of `rollout`, in the order of the tenants.
  package func tenantRuns(of rollout: RunID) async throws(JournalError) -> [TenantRunRow] {
    try reader.tenantRuns(of: rollout)
  }

  /// The text under `digest`, or nil; throws `damaged` when it is not that text.
  package func text(_ digest: TextDigest) async throws(JournalError) -> [UInt8]? {
    try reader.text(digest, sealing.key)
  }
}

/// Requests.
extension SQLiteJournal {
  /// Leaves `request` for the owner of its run; throws `unknownRun`, `notARollout`, `over` and `decided`.
  package func post(_ request: RunRequest) async throws(JournalError) {
    try await JournalError.translating { () throws -> Void in
      try await self.file.writeInBackground { [self] database in
        try file.inTransaction(database) { database in
          let row = try Row.fetchOne(
            database, sql: "SELECT number, kind, outcome, key FROM runs WHERE id = ?",
            arguments: [request.run.text])
          guard let row else { throw JournalError.unknownRun(prefix: request.run.text) }
          guard try request.kind.isAllowed(for: row.recordKind()) else {
            throw JournalError.notARollout(run: request.run)
          }
          guard try row.value("outcome") as String? == nil else {
            throw JournalError.over(run: request.run)
          }
          guard try row.bytesIfPresent("key").map({ $0 == sealing.key.id }) ?? true else {
            throw JournalError.otherKey(path: file.keyFile.path)
          }
          let run: Int64 = try row.value("number")
          try refuseSecondDecision(request, ofRun: run, in: database)
          try database.execute(
            sql: "INSERT INTO requests (run, form) VALUES (?, ?)",
            arguments: [run, Data(try StoredRequest.seal(request, sealing))])
          return .commit
        }
      }
    }
  }

  private func refuseSecondDecision(
    _ request: RunRequest, ofRun run: Int64, in database: Database
  ) throws {
    guard case .decide(let path, _) = request.kind else { return }
    let forms = try Data.fetchAll(
      database, sql: "SELECT form FROM requests WHERE run = ?", arguments: [run])
    for form in forms {
      let other = try? StoredRequest.open(Array(form), to: request.run, sealing.key)
      if case .decide(path, _)? = other?.kind {
        throw JournalError.decided(run: request.run, step: path)
      }
    }
  }

  /// The requests to the runs of this process after `cursor`; what is no request is passed over.
  package func requests(
    after cursor: JournalCursor
  ) async throws(JournalError) -> RequestPage {
    try await JournalError.translating { () throws -> RequestPage in
      try await self.file.writeInBackground { [self] database in
        try requests(after: cursor, in: database)
      }
    }
  }

  private func requests(
    after cursor: JournalCursor, in database: Database
  ) throws -> RequestPage {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT requests.number, runs.id, requests.form
        FROM requests JOIN runs ON runs.number = requests.run
        WHERE requests.number > ? AND runs.owner = ? ORDER BY requests.number
        """,
      arguments: [cursor.position, ownership.number])
    var page = RequestPage([], next: cursor)
    for row in rows {
      guard let run = RunID(try row.value("id")) else { continue }
      let number: Int64 = try row.value("number")
      page.next = JournalCursor(number)
      // What nobody with the key made is no request.
      let form = try row.bytes("form")
      guard let request = try? StoredRequest.open(form, to: run, sealing.key) else { continue }
      page.requests.append(
        PostedRequest(number: PostedRequest.Number(number), request: request))
    }
    return page
  }
}
