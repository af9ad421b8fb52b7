package import Operations

/// What must be true of every run, whatever happens; the raw value is its name in reports.
package enum Property: String, Sendable, Hashable, CaseIterable {
  /// What the service said of a command is recorded, and what it would say is asked for.
  case lostOutcome = "lost-outcome"
  /// What is recorded of a step or command is what the service did.
  case contradiction
  /// An operation whose repeat is not harmless has one effect for each time its step is carried out.
  case repeatedEffect = "repeated-effect"
  /// A run that succeeds leaves what it leaves without faults.
  case finalState = "final-state"
  /// Every wait ends within its stated limit.
  case hang
  /// Attempts, and rounds at once, stay within their limits.
  case limit
  /// No secret is in what leaves the process.
  case secret
  /// The state is the fold of the recorded events.
  case fold
  /// Events are numbered without a gap, and time does not go back.
  case order
  /// A run without faults ends as it does without crashes.
  case unexplainedFailure = "unexplained-failure"
  /// No state comes up that should be impossible.
  case internalError = "internal-error"
  /// A plan sends reads alone, and changes nothing.
  case planEffect = "plan-effect"
  /// A run right after a plan does what the plan says.
  case brokenPlan = "broken-plan"
  /// A plan before a run that changes nothing leaves nothing open.
  case vaguePlan = "vague-plan"
}

extension Property {
  /// What the property says, in one sentence.
  package var summary: String {
    switch self {
    case .lostOutcome: "an outcome that the service reported or would report was lost"
    case .contradiction: "the record says something else than what the service did"
    case .repeatedEffect: "an operation that must not be repeated had its effect twice"
    case .finalState: "the run succeeded, but left something else than without faults"
    case .hang: "a wait took longer than its stated limit"
    case .limit: "a limit was exceeded"
    case .secret: "a secret is in the text of an event"
    case .fold: "the state is not what follows from the recorded events"
    case .order: "the events are not in order"
    case .unexplainedFailure:
      "the run ended otherwise than without crashes, although nothing failed"
    case .internalError: "the run ended with an internal error"
    case .planEffect: "a plan did more than read"
    case .brokenPlan: "a run right after a plan did something else than the plan said"
    case .vaguePlan: "a plan left open what it could have known"
    }
  }
}

/// A property that was broken.
package struct Violation: Error, Sendable, Hashable {
  /// Which one.
  package let property: Property
  /// What was found, in one sentence without a full stop; holds no secret.
  package let detail: String
  /// When it was found, in virtual time.
  package let at: Moment
  /// How many events were recorded by then.
  package let eventCount: Int
}
