import Events
import FoundationEssentials
import GRDB

/// Requests.
extension SQLiteJournal {
  /// Leaves `request` for the owner of its run; throws `unknownRun`, `notARollout`, `over` and `decided`.
  package func post(_ request: RunRequest) async throws(JournalError) {
    try await JournalError.translating { () throws -> Void in
      try await self.writes.perform(as: .anyone) { [self] database in
        polls.noteOwnChange(of: .requests)
        try add(request, in: database)
      }
    }
  }

  private func add(_ request: RunRequest, in database: Database) throws {
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
  ///
  /// While nothing changes, that costs nearly nothing.
  package func requests(
    after cursor: JournalCursor
  ) async throws(JournalError) -> RequestPage {
    try await JournalError.translating { () throws -> RequestPage in
      try await self.file.readInBackground { [self] database in
        let version = try polls.version(of: .requests, in: database)
        if polls.hasNoRequest(after: cursor, at: version) { return RequestPage([], next: cursor) }
        let page = try requests(after: cursor, in: database)
        polls.noteNoRequest(after: page.next, at: version)
        return page
      }
    }
  }

  private func requests(
    after cursor: JournalCursor, in database: Database
  ) throws -> RequestPage {
    let statement = try database.cachedStatement(
      sql: """
        SELECT requests.number, runs.id, requests.form
        FROM requests JOIN runs ON runs.number = requests.run
        WHERE requests.number > ? AND runs.owner = ? ORDER BY requests.number
        """)
    let rows = try Row.fetchAll(statement, arguments: [cursor.position, ownership.number])
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
