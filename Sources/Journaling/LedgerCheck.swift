/// What a verification found in the ledger of one schedule.
package struct LedgerCheck: Sendable, Hashable {
  /// The name of the schedule; `number N` where only its ticks are left.
  package var schedule: String
  /// How many ticks are there.
  package var tickCount: Int
  /// Every flaw, in the order of the ticks, the state's last; empty when all is as it was recorded.
  package var flaws: [LedgerFlaw]
  /// Whether the tags were verified, for which the key that the ledger was written under must be at hand.
  package var isVerified: Bool

  /// A ledger of `tickCount` ticks with these flaws.
  package init(schedule: String, tickCount: Int, flaws: [LedgerFlaw] = [], isVerified: Bool) {
    self.schedule = schedule
    self.tickCount = tickCount
    self.flaws = flaws
    self.isVerified = isVerified
  }
}
