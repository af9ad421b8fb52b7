package import Events
package import Operations

/// The state of a run: the fold of the journal and nothing else.
package struct RunState: Sendable, Hashable {
  package enum Phase: Sendable, Hashable {
    case notStarted
    case running
    /// Asked to stop; what is in flight may still finish.
    case cancelling
    case finished(RunResult)
  }

  package private(set) var phase = Phase.notStarted
  package private(set) var start: RunStart?
  /// When the run started.
  package private(set) var startedAt = Moment(nanoseconds: 0)
  package private(set) var steps: [StepPath: StepRecord] = [:]
  /// The sessions by username.
  package private(set) var sessions: [String: SessionChange] = [:]
  /// The sequence number of the next event.
  package private(set) var nextSequence = 0

  package init() {}

  /// Folds `events` from the very first.
  package init(folding events: some Sequence<RunEvent>) {
    for event in events { fold(event) }
  }

  /// Applies one event.
  package mutating func fold(_ event: RunEvent) {
    nextSequence = event.sequence + 1
    switch event.kind {
    case .runStarted(let start):
      self.start = start
      startedAt = event.at
      phase = .running
    case .sessionChanged(let username, let change):
      sessions[username] = change
    case .stepStarted(let path, let summary):
      steps[path] = StepRecord(summary: summary)
    case .requestIntended(let path, let intent):
      steps[path, default: StepRecord()].begin(intent)
    case .requestAnswered(let path, let answer):
      steps[path, default: StepRecord()].request = .answered(answer)
    case .commandPending: break
    case .commandSettled(let path, let verdict):
      steps[path, default: StepRecord()].verdict = verdict
    case .dataArrived: break
    case .stepWaiting(let path, let reason):
      steps[path, default: StepRecord()].waiting = reason
    case .attemptFailed(let path, let attempt, let failure, _):
      steps[path, default: StepRecord()].fail(attempt: attempt, failure)
    case .stepFinished(let path, let result):
      steps[path, default: StepRecord()].finish(result, at: event.sequence)
    case .serviceChanged: break
    case .cancelRequested:
      phase = .cancelling
    case .runFinished(let result):
      phase = .finished(result)
    }
  }
}

/// The state of one step.
package struct StepRecord: Sendable, Hashable {
  /// How far the latest request of the step got.
  package enum Request: Sendable, Hashable {
    case none
    /// It may or may not have reached the service.
    case intended(RequestIntent)
    case answered(RequestAnswer)
  }

  package var summary: StepSummary?
  /// Attempts that failed.
  package private(set) var failedAttempts = 0
  package private(set) var lastFailure: Failure?
  package var request = Request.none
  package var verdict: CommandVerdict?
  package var waiting: WaitReason?
  package private(set) var result: StepResult?
  /// The sequence number of the event that recorded the result.
  package private(set) var finishedAt: Int?

  package init(summary: StepSummary? = nil) {
    self.summary = summary
  }

  fileprivate mutating func begin(_ intent: RequestIntent) {
    request = .intended(intent)
    verdict = nil
    waiting = nil
  }

  fileprivate mutating func fail(attempt: Int, _ failure: Failure) {
    failedAttempts = attempt
    lastFailure = failure
    waiting = nil
  }

  fileprivate mutating func finish(_ result: StepResult, at sequence: Int) {
    self.result = result
    finishedAt = sequence
    waiting = nil
  }
}
