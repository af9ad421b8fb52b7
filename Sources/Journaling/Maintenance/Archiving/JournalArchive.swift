import Events
import Files
import GRDB
package import Operations

/// Moves what is over and old from a journal into another one, its archive.
package struct JournalArchive {
  /// What is moved, and where.
  package struct Order: Sendable, Hashable {
    /// The path of the journal.
    package var journal: String
    /// The path of its key; nil where it is beside it.
    package var key: String?
    /// The path of the archive, which is made when it is missing.
    package var archive: String
    /// What has an event then or later stays.
    package var cutoff: Moment
    /// The time of day.
    package var now: Moment
    /// A rollout leaves the journal in transactions of so many records, between which others commit; 1 at least.
    package var pageSize = 500

    /// Moves from `journal` to `archive` what has its last event before `cutoff`.
    package init(
      journal: String, key: String?, archive: String, before cutoff: Moment, at now: Moment
    ) {
      self.journal = journal
      self.key = key
      self.archive = archive
      self.cutoff = cutoff
      self.now = now
    }
  }

  /// Units are moved together until they have so many records, or so many events.
  private static let mostRecords = 100
  private static let mostEvents = 5_000

  private let order: Order
  private let source: JournalFile
  private let key: JournalKey
  private var report = ArchiveReport()

  /// What `perform` would move; nothing is written.
  package static func preview(_ order: Order) throws(MaintenanceError) -> ArchiveReport {
    let source = try MaintenanceError.translating { () throws(JournalError) in
      try JournalFile.open(forReadingAt: order.journal, key: order.key)
    }
    var archive = try JournalArchive(order, source)
    for unit in try archive.select().units {
      archive.report.moved += unit.records
      archive.report.events += unit.events
    }
    archive.report.ticks = try source.look { database in
      try LedgerArchiving.count(in: database, before: order.cutoff)
    }
    return archive.report
  }

  /// Moves what is over and old; a copy is verified before anything is removed, so that an interruption
  /// loses nothing and a repetition completes it.
  ///
  /// Other processes may record meanwhile. `pause` is called between two transactions that remove parts of the
  /// same rollout: a process that waits for the journal looks every 100 ms whether it is free. `progress`
  /// receives how many units of how many were moved.
  package static func perform(
    _ order: Order, pause: () -> Void = {},
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(MaintenanceError) -> ArchiveReport {
    let source = try writable(order.journal, order.key)
    var archive = try JournalArchive(order, source)
    try archive.move(pause, progress)
    return archive.report
  }

  /// The journal at `path`, which must be there, for writing.
  static func writable(
    _ path: String, _ key: String?
  ) throws(MaintenanceError) -> JournalFile {
    try MaintenanceError.translating { () throws(JournalError) in
      try JournalName.check(path)
      guard (try? FileStatus(of: path)) != nil else { throw JournalError.missing(path: path) }
      return try JournalFile.open(forWritingAt: path, key: key, isMaintained: true)
    }
  }

  private init(_ order: Order, _ source: JournalFile) throws(MaintenanceError) {
    self.order = order
    self.source = source
    key = try MaintenanceError.translating { () throws(JournalError) in try source.loadKey() }
  }

  private mutating func move(
    _ pause: () -> Void, _ progress: (Int, Int) -> Void
  ) throws(MaintenanceError) {
    let (units, latest) = try select()
    let archive = try ArchiveFile(for: order, source, key).open()
    let reading = try MaintenanceError.translating { () throws(JournalError) in
      try archive.reopened()
    }
    var batch = ArchiveBatch(
      source: source, archive: archive, reading: reading, key: key,
      removal: ArchiveRemoval(
        from: source, inPagesOf: max(1, order.pageSize), after: latest))
    var check = RecordCheck(key)
    var (rest, done) = (units[...], 0)
    while !rest.isEmpty {
      let next = Self.batch(of: rest)
      rest = rest.dropFirst(next.count)
      try batch.move(Array(next), &check, notingIn: &report, pause: pause)
      done += next.count
      progress(done, units.count)
    }
    try LedgerArchiving(
      source: source, archive: archive, reading: reading, key: key, cutoff: order.cutoff
    ).perform(notingIn: &report)
    report.texts = try TextRemoval(source: source, reading: reading, key: key).perform()
    archive.clearLogIfPossible()
  }

  /// So many of the next units that a transaction is short; one at least.
  private static func batch(of units: ArraySlice<ArchiveUnit>) -> ArraySlice<ArchiveUnit> {
    var (records, events) = (0, 0)
    let count = units.prefix { unit in
      records += unit.records.runs + unit.records.rollouts
      events += unit.events
      return records <= mostRecords && events <= mostEvents
    }.count
    return units.prefix(max(1, count))
  }

  /// The units that leave, and the number of the latest record.
  private mutating func select() throws(MaintenanceError) -> (units: [ArchiveUnit], latest: Int64) {
    let (cutoff, now, key) = (order.cutoff, order.now, key.id)
    let (selection, latest) = try source.look { database in
      guard try !JournalSchema.isEmpty(database) else {
        return (ArchiveSelection(before: cutoff, at: now, .init(key: key)), Int64(0))
      }
      let surroundings = try ArchiveSelection.Surroundings(key: key, in: database)
      var selection = ArchiveSelection(before: cutoff, at: now, surroundings)
      var latest: Int64 = 0
      try RunRow.visit(database, "ORDER BY started DESC, id DESC", []) { row in
        selection.add(row)
        latest = max(latest, row.number)
      }
      return (selection, latest)
    }
    return (selection.leaving(notingIn: &report), latest)
  }
}

extension ArchiveSelection.Surroundings {
  /// What a journal says; one of an older program has neither locks nor requests.
  fileprivate init(key: [UInt8], in database: Database) throws {
    self.init(key: key)
    let hasCommits = try JournalSchema.hasCommits(database)
    newest = try String.fetchOne(
      database,
      sql: "SELECT id FROM runs ORDER BY \(hasCommits ? "number DESC" : "started DESC, id DESC")"
    ).flatMap { RunID($0) }
    guard hasCommits else { return }
    requested = try Int64.fetchSet(database, sql: "SELECT run FROM requests")
    guard try JournalSchema.hasRollouts(database) else { return }
    locked = try Int64.fetchSet(database, sql: "SELECT run FROM locks")
    scheduled = try ScheduleRow.rolloutsInProgress(in: database)
  }
}
