import Events
import FoundationEssentials
import GRDB
import Operations

/// Puts the record of one run under another key, in a transaction for which rows are not append-only.
struct RecordRotation {
  /// So many rows are in memory at once.
  private static let pageCount = 50

  let resealing: Resealing
  let database: Database

  /// Seals and authenticates the record of `row` anew; it must be intact under the old key.
  func perform(_ row: RunRow) throws {
    let run = row.summary.run
    let last = try rotateEvents(of: run)
    let head = try rotateCommits(of: run, row.number, after: last ?? []) ?? last ?? row.head
    let key = row.key == nil ? nil : resealing.new.key.id.data
    try database.cachedStatement(sql: "UPDATE runs SET head = ?, key = ? WHERE number = ?")
      .execute(arguments: [head.data, key, row.number])
  }

  /// The events that an older program recorded; returns the digest of the last, nil where there are none.
  private func rotateEvents(of run: RunID) throws -> [UInt8]? {
    var (latest, next): ([UInt8]?, Int) = (nil, 0)
    while true {
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT sequence, at, form FROM events WHERE run = ? AND sequence >= ? ORDER BY sequence
          LIMIT ?
          """,
        arguments: [run.text, next, Self.pageCount])
      guard !rows.isEmpty else { return latest }
      for row in rows {
        let sequence = try row.count("sequence")
        let address = EventAddress(run: run, sequence: sequence)
        let form = try resealing.row(row.bytes("form"), at: address)
        let digest = try EventChain.digest(
          after: latest ?? EventChain.origin, address,
          at: Moment(nanoseconds: try row.value("at")), form: form)
        try database.cachedStatement(
          sql: "UPDATE events SET form = ?, digest = ? WHERE run = ? AND sequence = ?"
        ).execute(arguments: [form.data, digest.data, run.text, sequence])
        latest = digest
        next = sequence + 1
      }
    }
  }

  /// Returns the tag of the last commit, nil where there is none.
  private func rotateCommits(
    of run: RunID, _ number: Int64, after start: [UInt8]
  ) throws -> [UInt8]? {
    let authentication = Authentication(resealing.new.key)
    var (latest, next, isEmpty) = (start, 0, true)
    while true {
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT number, first, form FROM commits WHERE run = ? AND first >= ? ORDER BY first LIMIT ?
          """,
        arguments: [number, next, Self.pageCount])
      guard !rows.isEmpty else { return isEmpty ? nil : latest }
      for row in rows {
        let first = try row.count("first")
        let form = try resealing.commit(row.bytes("form"), of: run, from: first)
        latest = try authentication.tag(
          after: latest, EventAddress(run: run, sequence: first), form: form)
        try database.cachedStatement(sql: "UPDATE commits SET form = ?, tag = ? WHERE number = ?")
          .execute(arguments: [form.data, latest.data, try row.value("number") as Int64])
        (next, isEmpty) = (first + 1, false)
      }
    }
  }
}
