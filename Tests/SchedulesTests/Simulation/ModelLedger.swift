import Events
import Operations

/// The ledger of schedules as a value, with the semantics of a journal: a change is made whole or not at all,
/// refused when the ledger has another version than the writer knew, or when the writer's lease is another's.
struct ModelLedger {
  enum Outcome: Hashable {
    case committed
    /// `ledgerMoved`.
    case moved
    /// `leaseLost`.
    case leaseLost
  }

  private(set) var states: [String: ScheduleState] = [:]
  private(set) var ticks: [String: [Tick]] = [:]
  private(set) var triggers: [ScheduleTrigger] = []
  /// The epoch of the lease; 0 while nobody ever had it.
  private(set) var epoch = 0
  private var latestTrigger: Int64 = 0

  mutating func takeLease() -> Int {
    epoch += 1
    return epoch
  }

  /// Why the change cannot be made; nil when it can.
  func refusal(of change: LedgerChange) -> Outcome? {
    if case .daemon(let author) = change.author, author != epoch { return .leaseLost }
    let waiting = Set(triggers.map(\.number))
    guard (states[change.state.name]?.version ?? 0) == change.expected,
      change.state.version == change.expected + 1, waiting.isSuperset(of: change.handled)
    else { return .moved }
    return nil
  }

  mutating func commit(_ change: LedgerChange) -> Outcome {
    if let refusal = refusal(of: change) { return refusal }
    states[change.state.name] = change.state
    ticks[change.state.name, default: []] += change.ticks
    if !change.handled.isEmpty {
      triggers.removeAll { change.handled.contains($0.number) }
    }
    return .committed
  }

  mutating func trigger(_ schedule: String, at moment: Moment, by person: String) {
    guard states[schedule] != nil else { return }
    latestTrigger += 1
    triggers.append(
      ScheduleTrigger(number: latestTrigger, schedule: schedule, at: moment, by: person))
  }
}
