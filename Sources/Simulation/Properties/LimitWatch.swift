import Events
import Machine
import Planning
import Playbooks

/// Counts attempts, and rounds that are in progress at once.
struct LimitWatch: Sendable {
  private let settings: RunSettings
  private var lookup: StepLookup
  /// How many steps of each round are in progress, by loop and number of the round.
  private var rounds: [StepPath: [Int: Int]] = [:]
  /// Whether the run went on after it was over, so that steps have further attempts.
  private var isReopened = false

  init(_ settings: RunSettings, _ lookup: StepLookup) {
    self.settings = settings
    self.lookup = lookup
  }

  mutating func objection(to event: RunEvent) -> String? {
    switch event.kind {
    case .stepStarted(let path, _): return began(path)
    case .stepFinished(let path, _):
      count(-1, at: path)
      return nil
    case .attemptStarted(let path, let number):
      guard !isReopened, let step = lookup.step(at: path),
        number > step.attempts(within: settings)
      else { return nil }
      return "attempt \(number) of `\(path)` began, of \(step.attempts(within: settings))"
    case .runResumed(let resumption):
      if let reopening = resumption.reopening { reopen(reopening) }
      return nil
    case .runStarted, .sessionChanged, .stepReused, .requestIntended, .actionIntended,
      .requestAnswered, .commandPending, .commandSettled, .doubtSettled, .stateCompared,
      .dataArrived,
      .stepWaiting, .approvalRequested, .approvalDecided, .attemptFailed, .workEnded,
      .effectRecorded, .undoing, .stopping,
      .serviceChanged, .cancelRequested, .internalError, .runFinished, .rollout:
      return nil
    }
  }

  /// The named steps and those around them are in progress again, and attempts are counted anew.
  private mutating func reopen(_ reopening: Reopening) {
    isReopened = true
    var reopened: Set<StepPath> = []
    for path in reopening.again + reopening.continued {
      for end in path.components.indices {
        guard case .step = path.components[end] else { continue }
        let step = StepPath(components: Array(path.components[...end]))
        if reopened.insert(step).inserted { count(1, at: step) }
      }
    }
  }

  private mutating func began(_ path: StepPath) -> String? {
    guard let loop = count(1, at: path), case .forEach(let planned)? = lookup.step(at: loop)?.kind
    else { return nil }
    let running = rounds[loop]?.count ?? 0
    let limit = planned.concurrency.constant ?? PlannedStep.concurrencyBounds.upperBound
    guard running > limit else { return nil }
    return "\(running) rounds of `\(loop)` are in progress at once, of \(limit)"
  }

  /// Counts a step of a round, and returns the loop that the round belongs to.
  @discardableResult
  private mutating func count(_ change: Int, at path: StepPath) -> StepPath? {
    guard case .iteration(let round)? = path.components.dropLast().last else { return nil }
    let loop = StepPath(components: Array(path.components.dropLast(2)))
    let count = (rounds[loop]?[round] ?? 0) + change
    rounds[loop, default: [:]][round] = count > 0 ? count : nil
    return loop
  }
}
