package import Expressions

/// How a step ended.
package struct StepResult: Sendable, Hashable {
  /// How the step ended, its `rescue` included.
  package var outcome: Outcome
  /// What later steps see under `steps.ID`; an empty map when there is nothing.
  package var value: Value
  /// Why the step failed; also there when the outcome is `tolerated`, nil when nothing failed.
  @Apart package var failure: Failure? = nil
  /// What a person should know at the end of the run, in one sentence without a full stop; such as
  /// where new keys were written.
  package var notice: String?
  /// What the step did to a thing of the service, or to files of this machine; nil for one that does
  /// nothing to any.
  package var change: StateChange?
  /// How an ensured call left its thing; nil for other steps, and where no read showed it.
  @Apart package var observed: ObservedThing? = nil
  /// What others below it did, or an earlier attempt; nil where they did nothing.
  @Apart package var changesBelow: StepChanges? = nil
  /// What of the outcomes of it and of its rounds the rest does not say; nil for most steps, and for a
  /// `for-each` of a run that did not record it.
  @Apart package var outcomes: StepOutcomes? = nil
  /// In a plan, what the call would be given that changes something, as far as that is known and may be
  /// recorded; otherwise nil.
  package var asked: ValueMap?

  /// A result, with an empty map as its value unless one is given.
  package init(
    outcome: Outcome, value: Value = [:], failure: Failure? = nil, notice: String? = nil,
    change: StateChange? = nil, observed: ObservedThing? = nil
  ) {
    self.outcome = outcome
    self.value = value
    self.failure = failure
    self.notice = notice
    self.change = change
    self.observed = observed
  }
}
