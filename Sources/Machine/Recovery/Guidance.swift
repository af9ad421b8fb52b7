package import Events
package import Expressions

/// What people said about a step in doubt.
package enum Assumption: Sendable, Hashable {
  /// The request had its effect; the step gives these fields, or what its lookup finds where they are
  /// nil.
  case done(ValueMap?)
  /// It had none, and may be sent again; of an accepted command that counts only once the service does
  /// not know it any more.
  case notDone
  /// A read showed this while nobody drove the run.
  case found(DoubtVerdict)
}

/// What a machine is given besides plan and events.
package struct Guidance: Sendable, Hashable {
  /// What people said about steps in doubt, by path.
  package var assumptions: [StepPath: Assumption]
  /// Results of an earlier run that are reused.
  package var reused: [StepPath: StepResult]
  /// Whether only the reads are made that say whether requests had their effects: each finding is
  /// an event, nothing else is begun, and the run ends.
  package var isInquiry: Bool

  /// No guidance but what is given.
  package init(
    assumptions: [StepPath: Assumption] = [:], reused: [StepPath: StepResult] = [:],
    isInquiry: Bool = false
  ) {
    self.assumptions = assumptions
    self.reused = reused
    self.isInquiry = isInquiry
  }
}
