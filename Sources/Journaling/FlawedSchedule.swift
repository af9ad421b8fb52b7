/// A schedule of the journal whose ledger cannot be used: nothing is decided about it.
package struct FlawedSchedule: Error, Sendable, Hashable {
  /// The name of the schedule.
  package var name: String
  /// `flawedLedger` where its state is not intact or stayed under the old key at a rotation, and `otherKey`
  /// where it was recorded under another key than the one at hand.
  package var error: JournalError

  /// The schedule `name`, whose ledger cannot be used because of `error`.
  package init(_ name: String, _ error: JournalError) {
    self.name = name
    self.error = error
  }

  /// Why, in one sentence without a full stop.
  package var reason: String {
    switch error {
    case .otherKey: "the ledger of the schedule `\(name)` was recorded under another key"
    case _: error.description
    }
  }

  /// What makes the ledger usable as it is; nil where the schedule can only begin anew.
  package var hint: String? {
    if case .otherKey = error { error.hint } else { nil }
  }
}
