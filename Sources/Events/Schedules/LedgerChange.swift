/// One change of the ledger of a schedule, which is made whole or not at all.
package struct LedgerChange: Sendable, Hashable {
  /// Who changes it.
  package enum Author: Sendable, Hashable {
    /// The process that acts on schedules, under the epoch of its lease.
    case daemon(epoch: Int)
    /// A command of a person, for which no lease is needed.
    case person
  }

  /// Who changes it.
  package var author: Author
  /// The version that the ledger must have; 0 for a schedule that it does not know yet.
  package var expected: Int
  /// The state afterwards, whose version is one more than `expected`.
  package var state: ScheduleState
  /// The new ticks, in order.
  package var ticks: [Tick]
  /// The triggers that it answers, which are gone afterwards.
  package var handled: [Int64]
  /// The rollout whose first event is in the same commit; nil where the change starts none.
  package var rollout: RunID?

  /// The change to `state`, whose version follows on that of the ledger.
  package init(
    by author: Author, to state: ScheduleState, ticks: [Tick] = [], handled: [Int64] = [],
    rollout: RunID? = nil
  ) {
    self.author = author
    expected = state.version - 1
    self.state = state
    self.ticks = ticks
    self.handled = handled
    self.rollout = rollout
  }
}
