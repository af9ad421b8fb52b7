package import Events
import Operations

extension RunTree {
  /// Applies the next event.
  package mutating func apply(_ event: RunEvent) {
    latestAt = event.at
    switch event.kind {
    case .runStarted(let start):
      self.start = start
      startedAt = event.at
    case .sessionChanged(let username, let change): note(change, of: username)
    case .stepStarted(let path, let summary): begin(path, summary, at: event.at)
    case .attemptStarted(let path, _):
      update(path) { node in
        if case .pausing = node.state { node.state = .working }
      }
    case .stepReused(let path, let summary):
      update(path) { $0.summary = $0.summary ?? summary }
    case .requestIntended(let path, let intent):
      update(path) { node in
        node.add(RecordedExchange(intent: intent, intendedAt: event.at))
        node.noteRequest()
      }
    case .requestAnswered(let path, let answer):
      update(path) { node in
        guard let last = node.exchanges.indices.last else { return }
        node.exchanges[last].answer = answer
        node.exchanges[last].answeredAt = event.at
      }
    case .commandPending(let path, _): update(path) { $0.pendingSince = event.at }
    case .commandSettled(let path, let verdict):
      update(path) { node in
        node.noteArrival()
        guard let index = node.exchangeIndex(ofCommand: verdict.commandID) else { return }
        node.exchanges[index].verdict = verdict
        node.exchanges[index].settledAt = event.at
      }
    case .dataArrived(let path, _, _, _): update(path) { $0.noteArrival() }
    case .stepWaiting(let path, let reason): update(path) { $0.state = .waiting(reason) }
    case .attemptFailed(let path, let attempt, let failure, let pause):
      update(path) { node in
        node.failedAttempts.append(.init(attempt: attempt, at: event.at, failure: failure))
        node.state = .pausing(until: event.at + pause, failure)
      }
    case .stepFinished(let path, let result):
      update(path) { node in
        node.state = .finished(result)
        node.finishedAt = event.at
      }
    case .serviceChanged(let address, let change): silent[address] = change.silence
    case .cancelRequested(let grace): cancel = CancelRequest(at: event.at, grace: grace)
    case .runFinished(let result): self.result = result
    case .runResumed:
      result = nil
      cancel = nil
      silent = [:]
    case .approvalRequested(let path, let request): update(path) { $0.note(request) }
    case .approvalDecided(let path, let decision): update(path) { $0.note(decision) }
    case .internalError(let message): internalError = message
    case .workEnded(let path, _):
      update(path) { if case .deciding = $0.state { $0.state = .working } }
    case .actionIntended, .stopping: break
    }
  }

  private mutating func begin(_ path: StepPath, _ summary: StepSummary, at moment: Moment) {
    update(path) { node in
      node.summary = summary
      node.startedAt = moment
      node.state = .working
    }
    if let element = summary.element { name(theRoundOf: path, element) }
  }

  private mutating func update(_ path: StepPath, _ change: (inout StepNode) -> Void) {
    change(&nodes[index(at: path)])
  }

  /// A round of a `for-each` is called by its element.
  private mutating func name(theRoundOf path: StepPath, _ element: String) {
    let round = StepPath(components: Array(path.components.dropLast()))
    guard case .iteration? = round.components.last else { return }
    update(round) { $0.element = element }
  }

  private mutating func note(_ change: SessionChange, of username: String) {
    if let index = sessions.firstIndex(where: { $0.username == username }) {
      sessions[index].change = change
    } else {
      sessions.append(SessionStatus(username: username, change: change))
    }
  }
}

extension ServiceChange {
  fileprivate var silence: ServiceChange? {
    switch self {
    case .silent: self
    case .answering: nil
    }
  }
}

extension StepNode {
  /// A person is asked to decide.
  fileprivate mutating func note(_ request: ApprovalRequest) {
    state = .deciding(request)
    approval = request
    decision = nil
  }

  /// A person decided.
  fileprivate mutating func note(_ decision: ApprovalDecision) {
    state = .working
    self.decision = decision
  }

  /// A request leaves: whatever was waited for is there, but a condition is read again and again.
  fileprivate mutating func noteRequest() {
    pendingSince = nil
    switch state {
    case .waiting(.condition), .finished: break
    case .group, .working, .deciding, .pausing, .waiting(.session), .waiting(.command),
      .waiting(.data), .waiting(.pause):
      state = .working
    }
  }

  /// A command's outcome or data arrived.
  fileprivate mutating func noteArrival() {
    pendingSince = nil
    switch state {
    case .waiting(.command), .waiting(.data): state = .working
    case .group, .working, .deciding, .pausing, .finished, .waiting(.session), .waiting(.pause),
      .waiting(.condition):
      break
    }
  }
}
