package import Events

/// Counts the signs of a plan from its events, without keeping its tree.
///
/// It holds the path and sign of each counted step until the plan ends, and no more than the counts
/// afterwards. `PlanReport` of the same events has the same counts.
///
///     var counter = PlanCounter()
///     for event in events { counter.apply(event) }
///     print(counter.counts.text)
package struct PlanCounter: Sendable, Hashable {
  /// The counts so far.
  package private(set) var counts = PlanCounts()
  /// How the plan ended; nil while it is being made.
  package private(set) var outcome: Outcome?
  private var signs: [StepPath: PlanSign] = [:]
  /// The steps that failed, and not only because of a step below them.
  private var failed: Set<StepPath> = []
  /// How many of those are below a step.
  private var failures: [StepPath: Int] = [:]

  /// The counter of a plan without events.
  package init() {}

  /// Whether the plan ended otherwise than well.
  package var hasFailed: Bool { outcome.map { $0 != .succeeded } ?? false }

  /// Counts the next event.
  package mutating func apply(_ event: RunEvent) {
    switch event.kind {
    case .stepStarted(let path, _): forget(path)
    case .stepReused(let path, _, let result?): finish(path, result)
    case .stepFinished(let path, let result): finish(path, result)
    case .runFinished(let result):
      outcome = result.outcome
      (signs, failed, failures) = ([:], [], [:])
    case .runStarted, .sessionChanged, .attemptStarted, .stepReused, .requestIntended,
      .actionIntended, .requestAnswered, .commandPending, .commandSettled, .doubtSettled,
      .stateCompared, .dataArrived, .stepWaiting, .approvalRequested, .approvalDecided,
      .attemptFailed, .workEnded, .effectRecorded, .undoing, .stopping, .serviceChanged,
      .cancelRequested, .internalError,
      .runResumed, .rollout:
      break
    }
  }

  private mutating func finish(_ path: StepPath, _ result: StepResult) {
    forget(path)
    if result.outcome == .tolerated { forgetFailures(below: path) }
    guard let sign = PlanSign(result) else { return }
    if result.outcome.isFailure {
      guard failures[path] == nil else { return }
      failed.insert(path)
      count(1, around: path)
    }
    signs[path] = sign
    counts.add(sign)
  }

  private mutating func forget(_ path: StepPath) {
    if failed.remove(path) != nil { count(-1, around: path) }
    guard let sign = signs.removeValue(forKey: path) else { return }
    counts.remove(sign)
  }

  /// What failed inside a group whose `rescue` dealt with it is no failure of the plan.
  private mutating func forgetFailures(below group: StepPath) {
    guard failures[group] != nil else { return }
    for path in failed where path.depth > group.depth && path.isPart(of: group) {
      failed.remove(path)
      count(-1, around: path)
      guard signs[path] == .failed else { continue }
      signs[path] = nil
      counts.remove(.failed)
    }
  }

  private mutating func count(_ more: Int, around path: StepPath) {
    for depth in 1..<max(1, path.depth) {
      let around = StepPath(components: Array(path.components.prefix(depth)))
      let count = failures[around, default: 0] + more
      failures[around] = count > 0 ? count : nil
    }
  }
}

extension Outcome {
  /// Whether a step that ended so makes what is around it fail.
  var isFailure: Bool {
    switch self {
    case .failed, .inDoubt: true
    case .succeeded, .unchanged, .skipped, .tolerated, .cancelled: false
    }
  }
}

extension StepPath {
  /// Whether it is `group` or a step somewhere in it.
  func isPart(of group: StepPath) -> Bool { components.starts(with: group.components) }
}
