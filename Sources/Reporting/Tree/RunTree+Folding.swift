package import Events
import Operations
import OrderedCollections

extension RunTree {
  /// Applies the next event.
  package mutating func apply(_ event: RunEvent) {
    overview.apply(event)
    time.apply(event)
    if case .sessionChanged(let username, let change) = event.kind { sessions[username] = change }
    if case .stepFinished(let path, _) = event.kind {
      forget(before: path)
    } else {
      forget(before: nil)
    }
    if case .runResumed(let resumption) = event.kind, let reopening = resumption.reopening {
      reopen(reopening)
    }
    guard let path = event.kind.step else { return }
    switch event.kind {
    case .stopping: break
    case .stepStarted(_, let summary):
      update(path) { $0.begin(summary, at: event.at) }
      if let element = summary.element { name(theRoundOf: path, element) }
    case .stepReused(_, let summary, let result):
      update(path) { $0.reuse(summary, result, at: event.at) }
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

/// A run that was over goes on.
extension RunTree {
  /// The steps that are named, and those around them, are in progress again.
  private mutating func reopen(_ reopening: Reopening) {
    let again = Set(reopening.again)
    for path in reopening.again + reopening.continued {
      for end in path.components.indices {
        let around = StepPath(components: Array(path.components[...end]))
        guard case .step? = around.components.last else { continue }
        let next = path.components.dropFirst(end + 1).first
        update(around) { $0.reopen(again: again.contains(around)) }
        if next != .always { remove(around.appending(.always)) }
        if next != .always, next != .undo, next != .rescue { remove(around.appending(.rescue)) }
      }
    }
  }

  /// What was recorded below `path` did not happen as far as the run goes on.
  private mutating func remove(_ path: StepPath) {
    guard let index = indices[path] else { return }
    let parent = StepPath(components: Array(path.components.dropLast()))
    if let parentIndex = indices[parent] { nodes[parentIndex].children.removeAll { $0 == index } }
    drop(index)
  }

  private mutating func drop(_ index: Int) {
    for child in nodes[index].children { drop(child) }
    indices[nodes[index].path] = nil
    nodes[index] = StepNode(path: .root)
    forgetting?.vacant.append(index)
  }
}

extension StepNode {
  /// Its end does not count any more; another attempt begins where `again` says so.
  fileprivate mutating func reopen(again: Bool) {
    guard again else {
      progress?.reopen()
      return
    }
    if let end = progress?.end, let failure = end.result.failure {
      failedAttempts.append(.init(attempt: attempt, at: end.at, failure: failure))
    }
    keepExchange()
    progress?.beginAgain()
  }

  /// Its result comes from an earlier run, or from an earlier attempt of what it belongs to.
  fileprivate mutating func reuse(
    _ summary: StepSummary, _ result: StepResult?, at moment: Moment
  ) {
    self.summary = self.summary ?? summary
    guard let result else { return }
    var progress = StepProgress(startedAt: moment)
    progress.apply(RunEvent(sequence: 0, at: moment, kind: .stepFinished(path, result)))
    self.progress = progress
  }

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
