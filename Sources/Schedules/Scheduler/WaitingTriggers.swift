import Events

/// The triggers of one schedule that wait, oldest first.
struct WaitingTriggers: Sendable, Hashable {
  private var waiting: [ScheduleTrigger] = []
  /// The latest that was answered: a page of the ledger that was read before may still hold it.
  private var answered: Int64 = .min

  /// The one that is answered next.
  var first: ScheduleTrigger? { waiting.first }

  /// These wait, by the ledger.
  mutating func set(_ triggers: [ScheduleTrigger]) {
    waiting = triggers.filter { $0.number > answered }.sorted { $0.number < $1.number }
  }

  /// These are answered, which is durable.
  mutating func answer(_ numbers: [Int64]) {
    answered = max(answered, numbers.max() ?? answered)
    waiting.removeAll { $0.number <= answered }
  }

  /// A change that answers one was refused: they wait only if the ledger says so again, in order.
  mutating func doubt() { waiting = [] }
}
