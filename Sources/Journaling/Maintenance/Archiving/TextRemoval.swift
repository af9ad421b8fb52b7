import Events
import GRDB
import Operations

/// Removes texts from a journal that none of its records names any more.
struct TextRemoval {
  let source: JournalFile
  let reading: JournalFile
  let key: JournalKey

  /// So many texts are removed in one transaction.
  private static let pageCount = 200

  /// The texts that records name.
  private struct Named {
    var digests: Set<TextDigest> = []
    /// Whether the first event of a record cannot be read: nobody knows what it names.
    var isUnknown = false

    mutating func add(_ row: RunRow) {
      guard let first = row.firstEvent else {
        isUnknown = true
        return
      }
      digests.formUnion(first.pinnedDigests)
    }
  }

  /// Removes the texts that no record names and that the archive holds whole, and returns how many.
  ///
  /// What records name does not change, so that only records that were begun since are looked at with the
  /// journal locked.
  func perform() throws(MaintenanceError) -> Int {
    var named = Named()
    let latest = try source.look { database in
      try RunRow.visit(database, "", []) { named.add($0) }
      return try Int64.fetchOne(database, sql: "SELECT max(number) FROM runs") ?? 0
    }
    guard !named.isUnknown else { return 0 }
    let unnamed = try source.look { database in
      try Row.fetchAll(
        database, sql: "SELECT digest FROM texts WHERE key = ?", arguments: [key.id.data]
      ).compactMap { TextDigest(try $0.bytes("digest")) }.filter { !named.digests.contains($0) }
    }
    let archived = try reading.look { database in
      var check = TextChecks(key)
      return try unnamed.filter { try check.isIntact($0, in: database) == true }
    }
    return try remove(archived, latest)
  }

  private func remove(
    _ digests: [TextDigest], _ latest: Int64
  ) throws(MaintenanceError) -> Int {
    var (rest, count) = (digests[...], 0)
    while !rest.isEmpty {
      let page = rest.prefix(Self.pageCount)
      rest = rest.dropFirst(Self.pageCount)
      count += try source.maintain { database in
        var later = Named()
        try RunRow.visit(database, "WHERE number > ?", [latest]) { later.add($0) }
        guard !later.isUnknown else { return 0 }
        let removed = page.filter { !later.digests.contains($0) }
        for digest in removed {
          try database.cachedStatement(sql: "DELETE FROM texts WHERE digest = ? AND key = ?")
            .execute(arguments: [digest.bytes.data, key.id.data])
        }
        return removed.count
      }
    }
    return count
  }
}
