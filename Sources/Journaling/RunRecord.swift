package import Events
import FoundationEssentials
import GRDB
import Operations

/// What the journal holds of one run.
package struct RunRecord: Sendable, Hashable {
  /// The events up to the first flaw.
  package var events: [RunEvent]
  /// The first flaw, or nil when all is as it was recorded.
  package var flaw: ChainFlaw?
}

extension RunRecord {
  /// Reads the events of `row` and checks their chain; secrets are masked without a key.
  init(_ row: RunRow, key: JournalKey?, in database: Database) throws {
    let summary = row.summary
    var events: [RunEvent] = []
    var digest = EventChain.origin
    let rows = try Row.fetchCursor(
      database,
      sql: "SELECT sequence, at, form, digest FROM events WHERE run = ? ORDER BY sequence",
      arguments: [summary.run.text])
    while let stored = try rows.next() {
      let found: Int = stored["sequence"]
      let address = EventAddress(run: summary.run, sequence: events.count)
      guard found == address.sequence else {
        self.init(events: events, flaw: .gap(sequence: events.count))
        return
      }
      guard found < summary.eventCount else {
        self.init(events: events, flaw: .unknownTail(sequence: found))
        return
      }
      let at = Moment(nanoseconds: stored["at"])
      let form = Array(stored["form"] as Data)
      digest = try EventChain.digest(after: digest, address, at: at, form: form)
      guard digest == Array(stored["digest"] as Data) else {
        self.init(events: events, flaw: .altered(sequence: found))
        return
      }
      do throws(StoredFormError) {
        let seal = key.map { Seal(key: $0, address: address) }
        let kind = try StoredEvent.decode(form, opening: seal)
        events.append(RunEvent(sequence: found, at: at, kind: kind))
      } catch .cryptography(let failure) {
        throw JournalError.cryptography(failure)
      } catch {
        self.init(events: events, flaw: .unreadable(sequence: found, error))
        return
      }
    }
    self.init(events: events, flaw: Self.flaw(of: events, digest, row))
  }

  private static func flaw(
    of events: [RunEvent], _ digest: [UInt8], _ row: RunRow
  ) -> ChainFlaw? {
    let summary = row.summary
    guard events.count == summary.eventCount else {
      return .cut(recorded: summary.eventCount, present: events.count)
    }
    guard digest == row.head else { return .altered(sequence: max(0, events.count - 1)) }
    return RunSummary(of: summary.run, events) == summary ? nil : .summaryDiffers
  }
}

extension RunSummary {
  /// What the events of a run say about it; nil without a first event.
  fileprivate init?(of run: RunID, _ events: [RunEvent]) {
    guard let first = events.first, let last = events.last,
      case .runStarted(let start) = first.kind
    else { return nil }
    self.init(
      run: run, playbook: start.playbook, file: start.file, startedAt: first.at,
      lastEventAt: last.at, eventCount: events.count, labels: start.labels)
    if case .runFinished(let result) = last.kind { outcome = result.outcome }
  }
}
