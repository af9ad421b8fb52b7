package import Events
import Operations
import OrderedCollections

extension RunTree {
  /// Applies the next event.
  package mutating func apply(_ event: RunEvent) {
    overview.apply(event)
    if case .sessionChanged(let username, let change) = event.kind { sessions[username] = change }
    if case .stepFinished(let path, _) = event.kind {
      forget(before: path)
    } else {
      forget(before: nil)
    }
    guard let path = event.kind.step else { return }
    switch event.kind {
    case .stopping: break
    case .stepStarted(_, let summary):
      update(path) { $0.begin(summary, at: event.at) }
      if let element = summary.element { name(theRoundOf: path, element) }
    case .stepReused(_, let summary): update(path) { $0.summary = $0.summary ?? summary }
    case _: update(path) { $0.apply(event) }
    }
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
}

extension StepNode {
  /// The step's turn came, for the first time or in another attempt of what it belongs to.
  fileprivate mutating func begin(_ summary: StepSummary, at moment: Moment) {
    keepExchange()
    self.summary = summary
    progress = StepProgress(startedAt: moment)
  }

  /// Applies an event of the step in progress.
  fileprivate mutating func apply(_ event: RunEvent) {
    switch event.kind {
    case .requestIntended, .attemptFailed: keepExchange()
    case .approvalRequested(_, let request):
      approval = request
      decision = nil
    case .approvalDecided(_, let decision): self.decision = decision
    case _: break
    }
    if case .attemptFailed(_, let attempt, let failure, _) = event.kind {
      failedAttempts.append(.init(attempt: attempt, at: event.at, failure: failure))
    }
    // Of a damaged record, the beginning of a step may be missing.
    var progress = self.progress ?? StepProgress(startedAt: event.at)
    progress.apply(event)
    self.progress = progress
  }
}
