/// The ticks of a schedule that are not in its journal any more: the chain of the others begins behind them.
struct ArchivedTicks: Sendable, Hashable {
  /// How many there are.
  var count: Int
  /// The tag of the last of them.
  var tag: [UInt8]

  /// Of a ledger whose first tick is there.
  static let none = ArchivedTicks(count: 0, tag: LedgerAuthentication.origin)
}
