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
    let seal = Seal(key: key, address: EventAddress(run: run, sequence: event.sequence))
    let bytes = try StoredEvent.encode(
      event.kind, sealing: Sealer(seal: seal, random: .system))
    return RunEvent(
      sequence: event.sequence, at: event.at, kind: try StoredEvent.decode(bytes, opening: seal))
  }
}
