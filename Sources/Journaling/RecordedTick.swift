package import Events

/// A tick and its place in the ledger.
package struct RecordedTick: Sendable, Hashable {
  /// Its number in the ledger of its schedule, from 1, in the order in which ticks were decided.
  package var number: Int
  /// What was decided.
  package var tick: Tick

  /// The tick that the ledger has as `number`.
  package init(number: Int, _ tick: Tick) {
    self.number = number
    self.tick = tick
  }
}
