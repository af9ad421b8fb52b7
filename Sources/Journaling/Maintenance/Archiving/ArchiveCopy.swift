import Events
import FoundationEssentials
import GRDB
import Operations

/// Copies records from a journal into its archive.
struct ArchiveCopy {
  /// A record that is in the archive.
  struct Copied: Sendable {
    /// Its number in the journal.
    let number: Int64
    let run: RunID
    let kind: RecordKind
    /// How far the journal has it.
    let head: JournalHead
    /// Whether it was put there now.
    let isNew: Bool
  }

  /// How the archive has a record.
  private enum Presence {
    case absent
    case same
    /// The archive has an earlier state of it.
    case outdated(number: Int64)
    /// The archive has a later state of it.
    case ahead
    case other
  }

  let key: JournalKey
  let source: Database
  let archive: Database

  /// Copies the records of `unit`; nil where the archive has others under the same ids, and then nothing is
  /// copied.
  func copy(_ unit: ArchiveUnit) throws -> [Copied]? {
    var isOther = false
    try unit.visit(source) { row in
      if case .other = try presence(of: row) { isOther = true }
    }
    guard !isOther else { return nil }
    var copied: [Copied] = []
    try unit.visit(source) { row in copied.append(try copy(row)) }
    return copied
  }

  private func copy(_ row: RunRow) throws -> Copied {
    let run = row.summary.run
    let isNew: Bool
    switch try presence(of: row) {
    case .same, .ahead, .other: isNew = false
    case .absent: isNew = true
    case .outdated(let number):
      try RecordRemoval.remove([(number, run)], in: archive)
      isNew = true
    }
    if isNew { try insert(row) }
    try copyTexts(of: row)
    return Copied(
      number: row.number, run: run, kind: row.line.kind,
      head: JournalHead(count: row.summary.eventCount, digest: row.head), isNew: isNew)
  }

  private func presence(of row: RunRow) throws -> Presence {
    let found = try Row.fetchOne(
      archive, sql: "SELECT number, events, head FROM runs WHERE id = ?",
      arguments: [row.summary.run.text])
    guard let found else { return .absent }
    let head = JournalHead(count: try found.count("events"), digest: try found.bytes("head"))
    let number: Int64 = try found.value("number")
    let own = JournalHead(count: row.summary.eventCount, digest: row.head)
    if head == own { return .same }
    if head.count < own.count {
      let earlier = try Self.digest(after: head.count, of: row.summary.run, row.number, in: source)
      return earlier == head.digest ? .outdated(number: number) : .other
    }
    let earlier = try Self.digest(after: own.count, of: row.summary.run, number, in: archive)
    return head.count > own.count && earlier == own.digest ? .ahead : .other
  }

  /// What authenticates the first `count` events of a record; nil where no row ends there.
  private static func digest(
    after count: Int, of run: RunID, _ number: Int64, in database: Database
  ) throws -> [UInt8]? {
    let begins = try Bool.fetchOne(
      database, sql: "SELECT EXISTS (SELECT 1 FROM commits WHERE run = ? AND first = ?)",
      arguments: [number, count])
    let tag = try Data.fetchOne(
      database,
      sql: "SELECT tag FROM commits WHERE run = ? AND first < ? ORDER BY first DESC LIMIT 1",
      arguments: [number, count])
    if let tag { return begins == true ? Array(tag) : nil }
    return try Data.fetchOne(
      database, sql: "SELECT digest FROM events WHERE run = ? AND sequence = ?",
      arguments: [run.text, count - 1]
    ).map { Array($0) }
  }
}

/// Rows.
extension ArchiveCopy {
  /// The columns that a record takes along; it has no owner any more, and a number of its own.
  private static let columns = """
    id, playbook, file, started, latest, events, head, outcome, epoch, key, kind, name, rollout, tenant,
    tenant_index, state
    """

  private func insert(_ row: RunRow) throws {
    let line = try Row.fetchOne(
      source, sql: "SELECT \(Self.columns) FROM runs WHERE number = ?", arguments: [row.number])
    guard let line else { return }
    let places = Array(repeating: "?", count: line.count).joined(separator: ", ")
    try archive.cachedStatement(sql: "INSERT INTO runs (\(Self.columns)) VALUES (\(places))")
      .execute(arguments: StatementArguments(line.databaseValues))
    let number = archive.lastInsertedRowID
    let commits = try Row.fetchCursor(
      source, sql: "SELECT first, form, tag FROM commits WHERE run = ? ORDER BY first",
      arguments: [row.number])
    while let commit = try commits.next() {
      try archive.cachedStatement(
        sql: "INSERT INTO commits (run, first, form, tag) VALUES (?, ?, ?, ?)"
      ).execute(arguments: [number] + StatementArguments(commit.databaseValues))
    }
    let events = try Row.fetchCursor(
      source,
      sql: "SELECT run, sequence, at, form, digest FROM events WHERE run = ? ORDER BY sequence",
      arguments: [row.summary.run.text])
    while let event = try events.next() {
      try archive.cachedStatement(
        sql: "INSERT INTO events (run, sequence, at, form, digest) VALUES (?, ?, ?, ?, ?)"
      ).execute(arguments: StatementArguments(event.databaseValues))
    }
  }

  /// A text that was altered is not copied: the record that names it is found to be damaged.
  private func copyTexts(of row: RunRow) throws {
    for digest in row.firstEvent?.pinnedDigests ?? [] {
      guard try TextRow.form(of: digest, key, in: archive) == nil,
        let form = try TextRow.form(of: digest, key, in: source),
        (try? SealedText.open(form, of: digest, key)) != nil
      else { continue }
      try archive.cachedStatement(
        sql: "INSERT INTO texts (digest, key, form) VALUES (?, ?, ?)"
      ).execute(arguments: [digest.bytes.data, key.id.data, form.data])
    }
  }
}
