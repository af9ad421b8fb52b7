/// How the ledger of a schedule differs from what was recorded.
package enum LedgerFlaw: Error, Sendable, Hashable {
  /// The tick was edited, moved or replaced.
  case altered(tick: Int)
  /// A tick in the middle is missing.
  case gap(tick: Int)
  /// Ticks at the end are missing.
  case cut(recorded: Int, present: Int)
  /// There are ticks that the schedule's row does not know.
  case unknownTail(tick: Int)
  /// The tick is authentic but cannot be read.
  case unreadable(tick: Int, StoredFormError)
  /// What the schedule's row says of its state was edited, or replaced by an earlier state.
  case alteredState
  /// The state is authentic but cannot be read.
  case unreadableState(StoredFormError)
  /// There are ticks of a schedule that has no row.
  case missingState
  /// The ledger was not intact when the key was rotated, and is still under the old key.
  case earlierKey
}

extension LedgerFlaw: CustomStringConvertible {
  /// Such as `tick 7 was altered`.
  package var description: String {
    switch self {
    case .altered(let tick): "tick \(tick) was altered"
    case .gap(let tick): "tick \(tick) is missing"
    case .cut(let recorded, let present):
      "\(recorded) ticks were recorded and only the first \(present) are there"
    case .unknownTail(let tick): "the ticks from \(tick) on were added from outside"
    case .unreadable(let tick, let error): "tick \(tick) cannot be read: \(error)"
    case .alteredState: "its state was altered"
    case .unreadableState(let error): "its state cannot be read: \(error)"
    case .missingState: "its state is missing"
    case .earlierKey: "it stayed under the old key when the key was rotated"
    }
  }
}
