import Operations

/// What reads looked at until an instant.
struct PastRecords: Sendable {
  let until: Moment
  let records: VaultRecords
  /// The index of those times: reads find records by it, and count nothing.
  let index: VaultIndex
}

extension Vault {
  /// How many past states are kept; older effects are then seen sooner.
  private static let maximumPast = 1000

  /// Does something, and keeps what was there before for reads that lag behind (protocol.md §2,
  /// "Eventual consistency").
  mutating func remembering<Result>(_ body: (inout Vault) -> Result) -> Result {
    let lag = max(configuration.readLag, faults.spec[.lag]?.duration ?? .zero)
    guard lag > .zero else { return body(&self) }
    let (records, index) = (state.records, index)
    let effects = ledger.effectCount
    let result = body(&self)
    if ledger.effectCount != effects {
      past.append(PastRecords(until: clock, records: records, index: index))
    }
    past.removeAll { [clock] in $0.until + lag <= clock }
    if past.count > Self.maximumPast { past.removeFirst() }
    return result
  }

  /// The vault as reads see it: with the records of a read lag ago.
  mutating func seenByRead() -> Vault {
    guard let seen = recordsOfRead() else { return self }
    var vault = self
    vault.state.records = seen.records
    vault.index = seen.index
    return vault
  }

  private mutating func recordsOfRead() -> PastRecords? {
    func records(before lag: Duration) -> PastRecords? {
      past.first { $0.until + lag > clock }
    }
    if let lag = faults.spec[.lag]?.duration, lag > configuration.readLag,
      let seen = records(before: lag), faults.lagsRead()
    {
      return seen
    }
    return records(before: configuration.readLag)
  }
}
