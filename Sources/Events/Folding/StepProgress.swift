import Expressions
package import Operations

/// How far a step came, as its events say: the one fold of them.
///
/// The machine decides by it, and reports show it. Reports keep beside it what it forgets: earlier
/// requests, failed attempts, decisions of earlier attempts.
package struct StepProgress: Sendable, Hashable {
  /// An attempt at the step's work.
  package struct Attempt: Sendable, Hashable {
    /// Counts from 1.
    package let number: Int
    /// When it began.
    package let startedAt: Moment
  }

  /// A decision that is asked for, or was made.
  package enum Approval: Sendable, Hashable {
    case requested(ApprovalRequest)
    case decided(ApprovalDecision)
  }

  /// The time between a failed attempt and the next one.
  package struct Pause: Sendable, Hashable {
    /// When the next attempt begins.
    package let end: Moment
    /// Why the attempt failed.
    package let failure: Failure
  }

  /// How the step ended, its `rescue` and `always` included.
  package struct End: Sendable, Hashable {
    /// The result of the step.
    package let result: StepResult
    /// When it ended.
    package let at: Moment
  }

  /// When it was the step's turn.
  package let startedAt: Moment
  /// The attempt in progress, or the latest.
  package private(set) var attempt: Attempt
  /// How many attempts there were before the run was reopened at this step.
  package private(set) var earlierAttempts = 0
  /// The attempt's latest request; nil before the first.
  @Apart package private(set) var exchange: RecordedExchange? = nil
  /// The attempt's action on this machine; it may or may not have been carried out.
  @Apart package private(set) var action: ActionIntent? = nil
  /// What a person is to decide, or decided in this attempt.
  @Apart package private(set) var approval: Approval? = nil
  /// Whether the attempt's latest request had its effect, when that was unknown and became known.
  @Apart package private(set) var doubt: DoubtVerdict? = nil
  /// Whether an earlier request of the step counts as not carried out only because no read showed its
  /// effect.
  package private(set) var followsAbsence = false
  /// Whether a request of an attempt that failed may have had its effect, which never became known.
  package private(set) var mayHaveActed = false
  /// What the step read of a thing before it acted, and decided; it outlives an attempt in which some of
  /// that was done.
  @Apart package private(set) var comparison: StateComparison? = nil
  /// What the latest request of an ensured call is to do, unless it is known that it did nothing.
  @Apart private var latestChange: StateChange? = nil
  /// The same of a request before it.
  @Apart private var earlierChange: StateChange? = nil
  /// What the step waits for.
  package private(set) var wait: WaitReason?
  /// Since when the service says that the command waited for is pending.
  package private(set) var pendingSince: Moment?
  /// The pause before the next attempt; nil while one is in progress.
  @Apart package private(set) var pause: Pause? = nil
  /// How the step ended; nil as long as it has not.
  @Apart package private(set) var end: End? = nil

  /// A step whose turn came at `moment`.
  package init(startedAt moment: Moment) {
    startedAt = moment
    attempt = Attempt(number: 1, startedAt: moment)
  }

  /// Whether an ensured call went further than to wait for its turn.
  package var hasReadOrSent: Bool {
    comparison != nil || exchange != nil || attempt.number > earlierAttempts + 1
  }

  /// What a request of an ensured call did, or may have done; nil where none did anything.
  package var possibleChange: StateChange? { earlierChange ?? latestChange }

  /// Whether nothing is recorded of it but that it is its turn.
  package var isUntouched: Bool {
    self == StepProgress(startedAt: startedAt)
  }

  /// Forgets what only a report of the whole run would show, once the step has ended.
  package mutating func forgetDetails() {
    guard let end else { return }
    var result = end.result
    result.value = .null
    self.end = End(result: result, at: end.at)
    exchange = nil
    action = nil
    approval = nil
    doubt = nil
    comparison = nil
    latestChange = nil
    earlierChange = nil
    wait = nil
  }

  /// Applies an event of this step.
  package mutating func apply(_ event: RunEvent) {
    switch event.kind {
    case .attemptStarted(_, let number):
      attempt = Attempt(number: number, startedAt: event.at)
      wait = nil
      pause = nil
    case .requestIntended(_, let intent): begin(intent, at: event.at)
    case .actionIntended(_, let intent): action = intent
    case .requestAnswered(_, let answer):
      exchange?.answer = answer
      exchange?.answeredAt = event.at
      if (400..<500).contains(answer.status) { latestChange = nil }
    case .commandPending: pendingSince = event.at
    case .commandSettled(_, let verdict):
      exchange?.verdict = verdict
      exchange?.settledAt = event.at
      if case .rejected = verdict.state { latestChange = nil }
      endWaiting()
    case .doubtSettled(_, let verdict): settle(verdict)
    case .stateCompared(_, let comparison):
      self.comparison = comparison
      switch wait {
      case .step, .voteSlot: wait = nil
      case .session, .command, .data, .pause, .condition, .lookup, nil: break
      }
    case .dataArrived: endWaiting()
    case .stepWaiting(_, let reason): wait = reason
    case .approvalRequested(_, let request): approval = .requested(request)
    case .approvalDecided(_, let decision): approval = .decided(decision)
    case .attemptFailed(_, _, let failure, let pause): fail(failure, until: event.at + pause)
    case .workEnded, .undoing:
      wait = nil
      approval = nil
    case .stepFinished(_, let result): end = End(result: result, at: event.at)
    case .runStarted, .sessionChanged, .stepStarted, .stepReused, .stopping, .serviceChanged,
      .cancelRequested, .internalError, .runFinished, .runResumed, .effectRecorded, .rollout:
      break
    }
  }

  /// A request leaves: what was waited for is there, but a condition is read again and again.
  private mutating func begin(_ intent: RequestIntent, at moment: Moment) {
    exchange = RecordedExchange(intent: intent, intendedAt: moment)
    if let change = possibleChange { earlierChange = change }
    latestChange = comparison?.change
    doubt = nil
    pendingSince = nil
    // Older programs do not record that an attempt begins.
    pause = nil
    switch wait {
    case .condition: break
    case .session, .command, .data, .pause, .lookup, .step, .voteSlot, nil: wait = nil
    }
  }

  /// A command's outcome or data arrived.
  private mutating func endWaiting() {
    pendingSince = nil
    switch wait {
    case .command, .data: wait = nil
    case .session, .pause, .condition, .lookup, .step, .voteSlot, nil: break
    }
  }

  /// What was not done may be sent again.
  private mutating func settle(_ verdict: DoubtVerdict) {
    doubt = verdict
    if !verdict.isDone {
      exchange = nil
      latestChange = nil
      if verdict.means == .lookup { followsAbsence = true }
    }
    wait = nil
    pendingSince = nil
  }

  private mutating func fail(_ failure: Failure, until moment: Moment) {
    pause = Pause(end: moment, failure: failure)
    if exchange?.mayHaveActed(whenFailedBy: failure) ?? false { mayHaveActed = true }
    forgetAttempt()
  }

  /// Another attempt is about to begin although the step was over; the attempts before it do not
  /// count against those that it may have.
  package mutating func beginAgain() {
    earlierAttempts = attempt.number
    end = nil
    pause = nil
    forgetAttempt()
  }

  /// The time of `pause` does not count against the limits of the attempt.
  package mutating func shift(by pause: Duration) {
    attempt = Attempt(number: attempt.number, startedAt: attempt.startedAt + pause)
  }

  /// The step is in progress again; what is recorded of its end does not count.
  package mutating func reopen() { end = nil }

  private mutating func forgetAttempt() {
    exchange = nil
    doubt = nil
    // What was done is not done again, although it may not show yet.
    if comparison?.done.isEmpty ?? false { comparison = nil }
    action = nil
    approval = nil
    wait = nil
    pendingSince = nil
  }
}
