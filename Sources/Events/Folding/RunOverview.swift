package import Operations

/// A run as a whole, as its events say: the one fold of them, apart from its steps.
package struct RunOverview: Sendable, Hashable {
  /// That somebody asked the run to stop.
  package struct CancelRequest: Sendable, Hashable {
    /// When the request was recorded.
    package let at: Moment
    /// How long what was in flight then may take.
    package let grace: Duration?
  }

  /// What the run was started with; nil before the first event.
  package private(set) var start: RunStart?
  /// The service that the run drives, after the latest resumption.
  package private(set) var service: ServiceOrigins?
  /// When the run started; nil before the first event.
  package private(set) var startedAt: Moment?
  /// When the last event happened.
  package private(set) var latestAt: Moment?
  /// The sequence number of the next event.
  package private(set) var nextSequence = 0
  /// The addresses of the service that do not answer, and since when.
  package private(set) var silent: [String: ServiceChange] = [:]
  /// The request to stop, or nil when there was none.
  package private(set) var cancel: CancelRequest?
  /// Why the run cannot go on, when a state came up that should be impossible.
  package private(set) var internalError: String?
  /// How many steps did what to the service so far, those included that failed after they did it.
  package var changes: ChangeCounts { tally.counts }
  private var tally = ChangeTally()
  /// What was taken back of that.
  package private(set) var undone = UndoTally()
  /// How the run ended; nil while it is in progress and for one that was interrupted.
  package private(set) var result: RunResult?

  /// A run without events.
  package init() {}

  /// Applies the next event.
  package mutating func apply(_ event: RunEvent) {
    nextSequence = event.sequence + 1
    latestAt = event.at
    undone.apply(event)
    switch event.kind {
    case .runStarted(let start):
      self.start = start
      service = start.service
      startedAt = event.at
    case .serviceChanged(let address, let change):
      switch change {
      case .silent: silent[address] = change
      case .answering: silent[address] = nil
      }
    case .stepFinished(let path, let result): tally.add(result, of: path)
    case .cancelRequested(let grace): cancel = CancelRequest(at: event.at, grace: grace)
    case .internalError(let message): internalError = message
    case .runFinished(let result): self.result = result
    case .runResumed(let resumption):
      if let service = resumption.service { self.service = service }
      // A cancellation that did not come to its end still has to.
      if result != nil { cancel = nil }
      result = nil
      internalError = nil
      silent = [:]
    case .sessionChanged, .stepStarted, .attemptStarted, .stepReused, .requestIntended,
      .requestAnswered,
      .actionIntended, .commandPending, .commandSettled, .doubtSettled, .stateCompared,
      .dataArrived,
      .stepWaiting, .approvalRequested, .approvalDecided, .attemptFailed, .workEnded, .stopping,
      .effectRecorded, .undoing, .rollout:
      break
    }
  }
}

/// What the steps of a run did to the service, counted as they end.
private struct ChangeTally: Sendable, Hashable {
  private var finished = ChangeCounts()
  /// What failed steps did all the same; one that is carried out again counts once.
  private var failed: [StepPath: StateChange.Kind] = [:]

  var counts: ChangeCounts { failed.values.reduce(into: finished) { $0.add($1) } }

  mutating func add(_ result: StepResult, of path: StepPath) {
    guard let change = result.change, !change.isLocal else { return }
    guard result.outcome.allowsContinuation else {
      failed[path] = change.kind
      return
    }
    failed[path] = nil
    finished.add(change.kind)
  }
}

extension RunEvent.Kind {
  /// The step that the event is about; nil when it is about the run.
  package var step: StepPath? {
    switch self {
    case .stepStarted(let path, _), .attemptStarted(let path, _), .stepReused(let path, _, _),
      .requestIntended(let path, _), .requestAnswered(let path, _), .actionIntended(let path, _),
      .commandPending(let path, _), .commandSettled(let path, _), .doubtSettled(let path, _),
      .stateCompared(let path, _), .dataArrived(let path, _, _, _),
      .stepWaiting(let path, _), .approvalRequested(let path, _), .approvalDecided(let path, _),
      .attemptFailed(let path, _, _, _), .workEnded(let path, _), .stopping(let path, _),
      .stepFinished(let path, _), .effectRecorded(let path, _):
      path
    case .undoing(let path, _): path == .root ? nil : path
    case .runStarted, .sessionChanged, .serviceChanged, .cancelRequested, .internalError,
      .runFinished, .runResumed, .rollout:
      nil
    }
  }
}
