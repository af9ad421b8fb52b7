package import Cryptography
package import Events
import GRDB

/// The record of all runs in one SQLite file: events are added, and never changed or taken away.
///
/// Secrets in events are sealed under the key file beside it (`<journal>.key`).
package final class Journal: Sendable {
  /// Reads what is recorded, on the same connection.
  package let reader: JournalReader
  private let file: JournalFile
  private let key: JournalKey
  private let random: RandomBytes
  /// Whether the key of a journal that holds runs was gone and another was made.
  ///
  /// That loses nothing: nothing was sealed under the one that is gone.
  package let hasNewKey: Bool

  private init(file: JournalFile, key: JournalKey, hasNewKey: Bool, random: RandomBytes) {
    var file = file
    // By now there is a key, too.
    file.identity = JournalIdentity(of: file.path)
    self.file = file
    self.key = key
    self.hasNewKey = hasNewKey
    self.random = random
    reader = JournalReader(file: file)
  }

  /// Opens the journal at `path` for writing and makes what is missing: folders (mode 0700), the
  /// file and its key (mode 0600), tables.
  ///
  /// Throws `missingKey` when the key is gone and secrets are sealed under it.
  package static func open(
    at path: String, random: RandomBytes = .system
  ) throws(JournalError) -> Journal {
    let file = try JournalFile.open(forWritingAt: path)
    let keyFile = KeyFile(beside: path)
    do {
      return Journal(file: file, key: try keyFile.load(), hasNewKey: false, random: random)
    } catch .missingKey {
      let contents = try file.contents()
      switch contents {
      case .nothing, .nothingSealed:
        let key = try keyFile.loadOrCreate(random: random)
        return Journal(
          file: file, key: key, hasNewKey: contents == .nothingSealed, random: random)
      case .secrets:
        // Another process may have made the first key and recorded meanwhile.
        return Journal(file: file, key: try keyFile.load(), hasNewKey: false, random: random)
      }
    }
  }

  /// Records the next events of `run`; when it returns they have reached the disk.
  ///
  /// All of them or none, in one transaction. Throws `conflict` when the run already has
  /// more events, `misplaced` when an event does not belong there.
  package func append(_ events: [RunEvent], run: RunID) throws(JournalError) {
    let appending = try prepare(events, run: run)
    try file.write { database in try appending.perform(in: database) }
  }

  /// A function that records the events of `run` like `append` and keeps no thread waiting.
  ///
  /// A cancelled task's events are recorded all the same.
  package func recorder(for run: RunID) -> @Sendable ([RunEvent]) async throws -> Void {
    { events in
      let appending = try self.prepare(events, run: run)
      try await self.file.writeInBackground { database in try appending.perform(in: database) }
    }
  }

  private func prepare(_ events: [RunEvent], run: RunID) throws(JournalError) -> EventAppending {
    var rows: [EventAppending.StoredRow] = []
    for event in events {
      let address = EventAddress(run: run, sequence: event.sequence)
      let sealer = Sealer(seal: Seal(key: key, address: address), random: random)
      do {
        let form = try StoredEvent.encode(event.kind, sealing: sealer)
        rows.append(.init(event: event, form: form))
      } catch {
        throw .unstorable(run: run, sequence: event.sequence, error)
      }
    }
    return EventAppending(run: run, rows: rows)
  }
}
