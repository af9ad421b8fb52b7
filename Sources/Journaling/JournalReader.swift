package import Events
import FoundationEssentials
import GRDB
import Operations

/// Reads a journal, also while another process writes it.
package struct JournalReader: Sendable {
  private let file: JournalFile

  init(file: JournalFile) {
    self.file = file
  }

  /// Opens the journal at `path` for reading only; throws `missing` when there is none.
  package static func open(at path: String) throws(JournalError) -> JournalReader {
    JournalReader(file: try JournalFile.open(forReadingAt: path))
  }

  /// The runs that have all of `labels`, newest first, at most `limit`.
  package func runs(
    limit: Int, labels: [RunLabel] = []
  ) throws(JournalError) -> [RunSummary] {
    try file.read { database in
      guard try !JournalSchema.isEmpty(database) else { return [] }
      // Without labels to look for the database counts; a negative limit is none (SQLite).
      let most = labels.isEmpty ? max(0, limit) : -1
      let runs = try RunRow.fetch(
        database, "ORDER BY started DESC, id DESC LIMIT ?", [most]
      ).map(\.summary)
      guard !labels.isEmpty else { return runs }
      return Array(
        runs.lazy.filter { run in labels.allSatisfy(run.labels.contains) }.prefix(max(0, limit)))
    }
  }

  /// The run whose id begins with `prefix`, case ignored, or the newest one for `latest`.
  ///
  /// Throws `unknownRun` or `ambiguousRun`.
  package func run(matching prefix: String) throws(JournalError) -> RunID {
    let lowercase = prefix.lowercased()
    // No id holds the letter l.
    if lowercase == "latest" {
      guard let newest = try runs(limit: 1).first else { throw .noRuns }
      return newest.run
    }
    let found: [RunSummary] = try file.read { database in
      guard try !lowercase.isEmpty && !JournalSchema.isEmpty(database) else { return [] }
      return try RunRow.fetch(
        database, "WHERE substr(id, 1, ?) = ? ORDER BY started DESC, id DESC LIMIT ?",
        [lowercase.unicodeScalars.count, lowercase, Self.mostCandidates]
      ).map(\.summary)
    }
    guard let first = found.first else { throw .unknownRun(prefix: prefix) }
    guard found.count == 1 else { throw .ambiguousRun(prefix: prefix, candidates: found) }
    return first.run
  }

  /// All events of a run, in order; throws `flawed` unless they are what was recorded.
  package func events(
    of run: RunID, secrets: SecretAccess = .masked
  ) throws(JournalError) -> [RunEvent] {
    let record = try record(of: run, secrets: secrets)
    if let flaw = record.flaw { throw .flawed(run: run, flaw) }
    return record.events
  }

  /// The intact events of a run up to the first flaw, and that flaw.
  package func record(
    of run: RunID, secrets: SecretAccess = .masked
  ) throws(JournalError) -> RunRecord {
    let key = try key(for: secrets)
    return try file.read { database in
      guard try !JournalSchema.isEmpty(database),
        let row = try RunRow.fetch(database, "WHERE id = ?", [run.text]).first
      else { throw JournalError.unknownRun(prefix: run.text) }
      return try RunRecord(row, key: key, in: database)
    }
  }

  /// The first thing that is not as it was recorded, or nil when all is.
  package func verify(_ run: RunID) throws(JournalError) -> ChainFlaw? {
    try record(of: run).flaw
  }

  private static let mostCandidates = 8

  private func key(for secrets: SecretAccess) throws(JournalError) -> JournalKey? {
    switch secrets {
    case .masked: nil
    case .unsealed: try KeyFile(beside: file.path).load()
    }
  }
}

/// What becomes of the secrets in events that are read.
package enum SecretAccess: Sendable, Hashable {
  /// They hold `•••`; no key is needed.
  case masked
  /// They are what they were; the key must be there.
  case unsealed
}
