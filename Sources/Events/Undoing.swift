/// What a playbook takes back after its steps failed or were cancelled.
package struct Undoing: Sendable, Hashable {
  /// How the steps of the playbook ended: the end that the play, or the run, has afterwards.
  package var end: WorkEnd
  /// The steps that are undone, in this order; that of number N is undone by the step `undo/N-ID`.
  package var steps: [StepPath]
  /// The steps that changed something and stay as they are, in the order they did: nothing undoes them, or
  /// they corrected or replaced what was there before.
  package var kept: [StepPath]

  /// What follows `end`.
  package init(end: WorkEnd, steps: [StepPath], kept: [StepPath] = []) {
    self.end = end
    self.steps = steps
    self.kept = kept
  }
}
