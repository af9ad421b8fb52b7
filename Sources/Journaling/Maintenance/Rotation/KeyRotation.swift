package import Cryptography
import Events
import Files
import GRDB
import Operations

/// Seals and authenticates a whole journal under a new key, so that the old one can be destroyed.
///
/// Everything changes in one transaction, whose commit also says in the database which key is the right one.
package struct KeyRotation {
  /// What is rotated, and to which key.
  package struct Order: Sendable {
    /// The path of the journal.
    package var journal: String
    /// The path of its key; nil where it is beside it.
    package var key: String?
    /// The path of the new key; nil for a random one.
    package var newKey: String?
    /// This process.
    package var identity: OwnerIdentity
    /// The source of keys and nonces.
    package var random: RandomBytes

    /// Rotates `journal` to the key in the file at `newKey`, or else to a random one.
    package init(
      journal: String, key: String?, newKey: String?, as identity: OwnerIdentity,
      random: RandomBytes = .system
    ) {
      self.journal = journal
      self.key = key
      self.newKey = newKey
      self.identity = identity
      self.random = random
    }
  }

  private static let pageCount = 100

  private let resealing: Resealing
  private let database: Database
  private var check: RecordCheck
  private var report: RotationReport
  /// Whether a record stays under the old key, with the texts that it names.
  private var keepsTexts = false

  /// Rotates the key; throws `inUse` while a process drives runs of the journal.
  ///
  /// Whatever ends the process, the journal is whole and opens with the key that is then in its place.
  /// `progress` receives how many records of how many are done.
  package static func perform(
    _ order: Order, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(MaintenanceError) -> RotationReport {
    let file = try JournalArchive.writable(order.journal, order.key)
    let folder = UserPath.folder(of: order.journal)
    // Nobody opens the journal for writing between the commit and the change of the key file.
    let result = try MaintenanceError.translating { () throws(JournalError) in
      try FolderLock.withLock(
        of: folder, for: order.journal, patience: JournalFile.folderPatience
      ) { () throws(JournalError) in
        Result { () throws(MaintenanceError) in try rotate(file, order, progress) }
      }
    }
    file.clearLogIfPossible()
    return try result.get()
  }

  private static func rotate(
    _ file: JournalFile, _ order: Order, _ progress: (Int, Int) -> Void
  ) throws(MaintenanceError) -> RotationReport {
    try MaintenanceError.translating { () throws(JournalError) in
      // What was sealed under the old key is not left in the free space of the file.
      try file.write { try $0.execute(sql: "PRAGMA secure_delete = ON") }
    }
    let (keys, report) = try file.maintain { database in
      try LivingOwners.refuse(of: file, in: database, besides: order.identity)
      let keys = try RotatedKey(of: file, in: database, at: order.newKey, random: order.random)
      let report = try AppendOnly.lifting(in: database) {
        try rotate(keys, order.random, in: database, progress)
      }
      try CurrentKey.set(keys.new, in: database)
      return (keys, report)
    }
    try MaintenanceError.translating { () throws(JournalError) in try keys.settle() }
    return report
  }

  private static func rotate(
    _ keys: RotatedKey, _ random: RandomBytes, in database: Database, _ progress: (Int, Int) -> Void
  ) throws -> RotationReport {
    var resealing = Resealing(old: keys.old, new: Sealing(key: keys.new, random: random))
    let texts = TextRotation(resealing: resealing, database: database)
    resealing.renamedTexts = try texts.perform()
    var rotation = KeyRotation(
      resealing: resealing, database: database, check: RecordCheck(keys.old),
      report: RotationReport(key: keys.path, oldKey: keys.oldPath))
    try rotation.rotateRecords(progress)
    let ledgers = LedgerRotation(resealing: resealing, database: database)
    try ledgers.perform(notingIn: &rotation.report)
    try ledgers.resealWaiting()
    if !rotation.keepsTexts { try texts.removeOld() }
    return rotation.report
  }

  private mutating func rotateRecords(_ progress: (Int, Int) -> Void) throws {
    let total = try Int.fetchOne(database, sql: "SELECT count(*) FROM runs") ?? 0
    var (latest, done) = ("", 0)
    while true {
      let ids = try String.fetchAll(
        database, sql: "SELECT id FROM runs WHERE id > ? ORDER BY id LIMIT ?",
        arguments: [latest, Self.pageCount])
      guard let last = ids.last else { return }
      for id in ids {
        if let row = try RunRow.fetch(database, "WHERE id = ?", [id]).first { try rotate(row) }
      }
      latest = last
      done += ids.count
      progress(done, total)
    }
  }

  private mutating func rotate(_ row: RunRow) throws {
    switch try check.verdict(of: row, in: database) {
    case .intact:
      try RecordRotation(resealing: resealing, database: database).perform(row)
      report.records += ArchiveReport.Records(row.line.kind)
    case .otherKey(let id): note(row, .otherKey(Hexadecimal.encode(id)))
    case .flawed(let flaws):
      let isOther = row.key == nil && flaws.allSatisfy(\.isOfOtherKey)
      keepsTexts = keepsTexts || !isOther
      note(row, isOther ? .otherKey(nil) : .damaged(flaws.map(\.description)))
    }
  }

  private mutating func note(_ row: RunRow, _ reason: RotationReport.Stay.Reason) {
    report.note(
      RotationReport.Stay(subject: .record(row.summary.run, row.line.kind), reason: reason))
  }
}

extension ArchiveReport.Records {
  /// One record.
  init(_ kind: RecordKind) {
    switch kind {
    case .run: self.init(runs: 1)
    case .rollout: self.init(rollouts: 1)
    }
  }
}

extension ChainFlaw {
  /// Whether nothing but the seals of another key is in the way.
  fileprivate var isOfOtherKey: Bool {
    if case .unreadable(_, .sealedWithAnotherKey) = self { true } else { false }
  }
}
