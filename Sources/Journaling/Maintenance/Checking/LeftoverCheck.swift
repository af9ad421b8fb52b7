import Events
import GRDB
import Operations

/// Finds what interruptions left behind, and requests that nobody with the key left.
struct LeftoverCheck {
  let file: JournalFile
  let key: JournalKey?

  /// Adds what is found in a journal of this program's tables.
  func look(_ database: Database, addingTo report: inout CheckReport) throws {
    try lookAtLocks(database, &report)
    try lookAtRequests(database, &report)
    try lookAtOwners(database, &report)
    try lookAtSealed(database, &report)
    for rollout in try ArchivingMark.all(in: database) {
      report.leftovers.append(.archiving(rollout))
    }
  }

  /// Triggers and notifications.
  private func lookAtSealed(_ database: Database, _ report: inout CheckReport) throws {
    guard let key, try JournalSchema.hasSchedules(database) else { return }
    let triggers = try Int.fetchOne(database, sql: "SELECT count(*) FROM triggers") ?? 0
    let lost = try triggers - TriggerRow.fetch(key, in: database).count
    if lost > 0 { report.add(.sealedRows(table: "triggers", count: lost)) }
    let notices = try Row.fetchCursor(database, sql: "SELECT id, form FROM notices")
    var count = 0
    while let row = try notices.next() {
      if let id = RunID(try row.value("id")),
        (try? SealedNotice.open(row.bytes("form"), of: id, key)) != nil
      {
        continue
      }
      count += 1
    }
    if count > 0 { report.add(.sealedRows(table: "notices", count: count)) }
  }

  private func lookAtLocks(_ database: Database, _ report: inout CheckReport) throws {
    guard try JournalSchema.hasRollouts(database) else { return }
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT runs.id, locks.key FROM locks JOIN runs ON runs.number = locks.run
        WHERE runs.outcome IS NOT NULL ORDER BY runs.id, locks.key
        """)
    var held: (run: RunID, keys: [String])?
    while let row = try rows.next() {
      let run = try row.runID()
      if held?.run != run {
        if let held { report.leftovers.append(.locks(held.run, held.keys)) }
        held = (run, [])
      }
      held?.keys.append(try row.value("key"))
    }
    if let held { report.leftovers.append(.locks(held.run, held.keys)) }
  }

  private func lookAtRequests(_ database: Database, _ report: inout CheckReport) throws {
    let rows = try Row.fetchCursor(
      database,
      sql: """
        SELECT runs.id, runs.outcome, requests.form FROM requests
        JOIN runs ON runs.number = requests.run ORDER BY runs.id
        """)
    var unreadable: [RunID: Int] = [:]
    var late: [RunID: Int] = [:]
    while let row = try rows.next() {
      let run = try row.runID()
      if let key, (try? StoredRequest.open(row.bytes("form"), to: run, key)) == nil {
        unreadable[run, default: 0] += 1
      }
      if try row.value("outcome") as String? != nil { late[run, default: 0] += 1 }
    }
    for (run, count) in unreadable.sorted(by: { $0.key.text < $1.key.text }) {
      report.add(.requests(run, count: count))
    }
    for (run, count) in late.sorted(by: { $0.key.text < $1.key.text }) {
      report.leftovers.append(.requests(run, count: count))
    }
  }

  private func lookAtOwners(_ database: Database, _ report: inout CheckReport) throws {
    let idle = try Int64.fetchAll(
      database,
      sql: "SELECT number FROM owners WHERE number NOT IN (SELECT owner FROM runs WHERE owner > 0)")
    // Who may not look at the locks takes every process for alive.
    let dead = idle.filter { !((try? OwnerLocks.isHeld($0, beside: file.path)) ?? true) }
    if !dead.isEmpty { report.leftovers.append(.owners(count: dead.count)) }
  }
}
