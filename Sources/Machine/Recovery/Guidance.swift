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
  /// Set for a plan: what each step would do is foreseen, and only reads are sent.
  package var planning: Planning?
  /// The plan that the run keeps to; nil where it decides by what it finds.
  package var decisions: Decisions?

  /// No guidance but what is given.
  package init(
    assumptions: [StepPath: Assumption] = [:], reused: [StepPath: StepResult] = [:],
    isInquiry: Bool = false, planning: Planning? = nil,
    decisions: Decisions? = nil
  ) {
    self.assumptions = assumptions
    self.reused = reused
    self.isInquiry = isInquiry
    self.planning = planning
    self.decisions = decisions
  }
}

/// How a plan is made.
package struct Planning: Sendable, Hashable {
  /// Whether the service is not asked for anything.
  package var isOffline: Bool
  /// Whether `run.id` and `run.startedAt` are unknown, so that the plan is that of a run at any time.
  package var hidesStart: Bool

  /// A plan that reads what there is, unless it is `isOffline`.
  package init(isOffline: Bool = false, hidesStart: Bool = false) {
    self.isOffline = isOffline
    self.hidesStart = hidesStart
  }
}
