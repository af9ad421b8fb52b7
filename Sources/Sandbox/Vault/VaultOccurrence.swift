package import Operations

/// Something that happened inside a vault, for whoever must know which request it follows from.
package enum VaultOccurrence: Sendable, Hashable {
  /// An operation changed something.
  case effect(of: String, request: VaultRequestNumber?, at: Moment)
  /// A command came to its end.
  case settled(
    command: String, as: CommandOutcome, request: VaultRequestNumber?, at: Moment)
  /// A command of an operation was rejected for a reason.
  case refused(operation: String, reason: String)
}

/// Which request of a vault's life, counted from 1.
package struct VaultRequestNumber: Sendable, Hashable, Codable {
  /// The number.
  package let value: Int

  /// The `value`th request, from 1.
  package init(_ value: Int) {
    self.value = value
  }
}

/// How a command ended.
package enum CommandOutcome: Sendable, Hashable {
  case succeeded
  case rejected
}

/// What happened and has not been taken, oldest first; the latest only, where nobody takes it.
struct VaultOccurrences: Sendable {
  /// The most that are kept.
  private static let maximumCount = 1000

  private(set) var entries: [VaultOccurrence] = []
  /// How many requests were processed.
  private(set) var requestCount = 0

  mutating func beginRequest() { requestCount += 1 }

  mutating func note(_ occurrence: VaultOccurrence) {
    if entries.count >= Self.maximumCount { entries.removeFirst(Self.maximumCount / 2) }
    entries.append(occurrence)
  }

  mutating func take() -> [VaultOccurrence] {
    defer { entries.removeAll(keepingCapacity: true) }
    return entries
  }
}

extension Vault {
  /// The number of the latest request that was processed; nil before the first.
  package var latestRequest: VaultRequestNumber? {
    occurrences.requestCount > 0 ? VaultRequestNumber(occurrences.requestCount) : nil
  }

  /// What happened since this was last asked; of more than 1,000 occurrences some of the oldest are
  /// missing.
  package mutating func takeOccurrences() -> [VaultOccurrence] { occurrences.take() }

  /// Counts an effect of the request that is being processed.
  mutating func took(effectOf operation: String) {
    took(effectOf: operation, of: latestRequest)
  }

  /// Counts an effect of a request.
  mutating func took(effectOf operation: String, of request: VaultRequestNumber?) {
    ledger.took(effectOf: operation)
    occurrences.note(.effect(of: operation, request: request, at: clock))
  }
}
