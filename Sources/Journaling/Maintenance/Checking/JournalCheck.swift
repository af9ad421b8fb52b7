import Events
import GRDB
import Operations

/// Verifies a whole journal, also while other processes record in it.
///
/// No more than a page of records is looked at in one transaction, and of each record no more than a row is
/// in memory, so that neither the size of the journal nor that of a record matters.
package struct JournalCheck {
  /// So many records are looked at in one transaction.
  private static let pageCount = 100
  /// So many lines of SQLite's own check are listed.
  private static let mostStructureLines = 20
  /// So many records of another key are named.
  private static let mostNamed = 5

  private let file: JournalFile
  /// Nil where it cannot be had: nothing is verified then.
  private let key: JournalKey?
  private var check: RecordCheck?
  private var report = CheckReport()
  private var otherKeys: [[UInt8]: (runs: [RunID], count: Int)] = [:]
  private var namedTexts: Set<TextDigest> = []

  /// Checks the journal that `reader` has open; `progress` receives how many records of how many were looked
  /// at, after each page.
  package static func perform(
    on reader: JournalReader, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(JournalError) -> CheckReport {
    try perform(on: reader.file, progress)
  }

  /// The same under `key`, or else the one in the journal's file.
  static func perform(
    on file: JournalFile, under key: JournalKey? = nil, _ progress: (Int, Int) -> Void
  ) throws(JournalError) -> CheckReport {
    var check = JournalCheck(file, under: key)
    check.lookAtEnd()
    try check.lookAtStructure()
    guard try check.hasRuns() else { return check.report }
    try check.lookAtTexts()
    try check.lookAtRecords(progress)
    try check.lookAtSchedules()
    try check.lookAtRest()
    return check.report
  }

  private init(_ file: JournalFile, under given: JournalKey?) {
    self.file = file
    do throws(JournalError) {
      let key: JournalKey
      if let given { key = given } else { key = try file.loadKey() }
      self.key = key
      check = RecordCheck(key)
    } catch {
      key = nil
      report.add(.key(error))
    }
  }

  private func hasRuns() throws(JournalError) -> Bool {
    try file.read { database in try !JournalSchema.isEmpty(database) }
  }

  private mutating func lookAtEnd() {
    if let tail = file.tornTail {
      if tail.lacksCommits {
        report.add(.lostCommits)
      } else {
        report.leftovers.append(.tornTail(discardedBytes: tail.discardedBytes))
      }
    }
    if file.keyFile.isBeside, file.keyFile.next.exists {
      report.leftovers.append(.keyRotation(path: file.keyFile.next.path))
    }
  }

  /// Runs `body`; what a damaged file makes impossible is a problem of its own.
  private mutating func looking(
    _ body: (inout JournalCheck, Database) throws -> Void
  ) throws(JournalError) {
    do throws(JournalError) {
      try file.read { database in try body(&self, database) }
    } catch .damaged(_, let reason) {
      report.add(.structure(reason))
    }
  }

  private mutating func lookAtStructure() throws(JournalError) {
    try looking { check, database in
      let lines = try String.fetchAll(
        database, sql: "PRAGMA integrity_check(\(Self.mostStructureLines))")
      for line in lines where line != "ok" { check.report.add(.structure(line)) }
    }
    try looking { check, database in
      guard try !JournalSchema.isEmpty(database) else { return }
      for name in try SchemaCheck.differences(in: database) {
        check.report.add(.schema(name: name))
      }
      let stray = try Row.fetchAll(
        database,
        sql: """
          SELECT "table", count(*) AS stray FROM pragma_foreign_key_check
          GROUP BY "table" ORDER BY "table"
          """)
      for row in stray {
        check.report.add(
          .strayRows(table: try row.value("table"), count: try row.count("stray")))
      }
    }
  }

  private mutating func lookAtTexts() throws(JournalError) {
    var latest: [UInt8] = []
    while true {
      var page: [[UInt8]] = []
      try looking { check, database in
        guard let key = check.key, try JournalSchema.hasCommits(database) else { return }
        page = try Row.fetchAll(
          database,
          sql: "SELECT digest FROM texts WHERE key = ? AND digest > ? ORDER BY digest LIMIT ?",
          arguments: [key.id.data, latest.data, Self.pageCount]
        ).map { try $0.bytes("digest") }
        for bytes in page {
          guard let digest = TextDigest(bytes),
            try check.check?.isIntact(digest, in: database) ?? true
          else {
            check.report.add(.text(Hexadecimal.encode(bytes)))
            continue
          }
          check.report.counts.texts += 1
        }
      }
      guard let last = page.last else { return }
      latest = last
    }
  }

  private mutating func lookAtRecords(
    _ progress: (Int, Int) -> Void
  ) throws(JournalError) {
    let (total, nameless) = try file.read { database in
      (
        try Int.fetchOne(database, sql: "SELECT count(*) FROM runs") ?? 0,
        try Int.fetchOne(
          database, sql: "SELECT count(*) FROM runs WHERE typeof(id) <> 'text'") ?? 0
      )
    }
    for _ in 0..<nameless { report.add(.unreadableLine(run: "?")) }
    var (latest, done) = ("", 0)
    while true {
      var page: [String] = []
      try looking { check, database in
        page = try String.fetchAll(
          database,
          sql: "SELECT id FROM runs WHERE typeof(id) = 'text' AND id > ? ORDER BY id LIMIT ?",
          arguments: [latest, Self.pageCount])
        for id in page { try check.lookAtRecord(id, in: database) }
      }
      guard let last = page.last else { break }
      latest = last
      done += page.count
      progress(done, total)
    }
    for (id, found) in otherKeys.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      report.add(.otherKey(id: Hexadecimal.encode(id), found.runs, count: found.count))
    }
  }

  private mutating func lookAtRecord(_ id: String, in database: Database) throws {
    let row: RunRow
    do {
      guard let found = try RunRow.fetch(database, "WHERE id = ?", [id]).first else { return }
      row = found
    } catch {
      report.add(.unreadableLine(run: id))
      return
    }
    let run = row.summary.run
    report.counts.events += row.summary.eventCount
    if row.line.kind == .rollout {
      report.counts.rollouts += 1
    } else {
      report.counts.runs += 1
    }
    if let first = row.firstEvent { namedTexts.formUnion(first.pinnedDigests) }
    switch try verdict(of: row, in: database) {
    case .intact: break
    case .flawed(let flaws): report.add(.record(run, row.line.kind, flaws))
    case .otherKey(let id):
      var found = otherKeys[id] ?? ([], 0)
      if found.runs.count < Self.mostNamed { found.runs.append(run) }
      found.count += 1
      otherKeys[id] = found
    }
  }

  private mutating func verdict(
    of row: RunRow, in database: Database
  ) throws -> RecordCheck.Verdict {
    if let verdict = try check?.verdict(of: row, in: database) { return verdict }
    // Without the key, what can be seen of a record is still looked at.
    let record = try RecordReading.record(row, nil, masks: true, keeping: .ends, in: database)
    return record.flaws.isEmpty ? .intact : .flawed(record.flaws)
  }

  private mutating func lookAtSchedules() throws(JournalError) {
    try looking { check, database in
      guard try JournalSchema.hasSchedules(database) else { return }
      for row in try ScheduleRow.fetch(database, "ORDER BY name") {
        let ledger = try LedgerReading(of: row, check.key).check(in: database)
        check.report.counts.schedules += 1
        check.report.counts.ticks += ledger.tickCount
        var reasons = ledger.flaws.map(\.description)
        if check.key != nil, !ledger.isVerified {
          reasons.append("it was written under another key (\(Hexadecimal.encode(row.key)))")
        }
        if !reasons.isEmpty {
          check.report.add(.schedule(name: row.name, reasons: reasons))
        }
      }
    }
  }

  private mutating func lookAtRest() throws(JournalError) {
    try looking { check, database in
      guard try JournalSchema.hasCommits(database) else { return }
      try LeftoverCheck(file: check.file, key: check.key)
        .look(database, addingTo: &check.report)
      guard check.report.isIntact else { return }
      // A text that was named by a record which was added meanwhile is counted at most once too little.
      let unnamed = check.report.counts.texts - check.namedTexts.count
      if unnamed > 0 { check.report.leftovers.append(.texts(count: unnamed)) }
    }
  }
}
