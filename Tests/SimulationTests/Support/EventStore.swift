import Cryptography
import Events
import Testing

@testable import Journaling

/// Stores events in the journal's form and reads them back, without a journal.
struct EventStore {
  private let key: JournalKey
  private let run: RunID

  init() throws {
    key = try #require(try JournalKey([UInt8](repeating: 7, count: JournalKey.byteCount)))
    run = try #require(RunID("0123456789ab"))
  }

  func storedAndRead(_ event: RunEvent) throws -> RunEvent {
    let form = try CommitForm.encode([event], of: run, Sealing(key: key, random: .system))
    return try #require(
      try CommitForm.decode(form, of: run, from: event.sequence, key).first)
  }
}
