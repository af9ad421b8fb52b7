import Events
import Operations
import Planning
import Playbooks

/// What becomes of a step whose work failed: another attempt, or which outcome.
struct RetryDecision: Sendable, Hashable {
  let triesAgain: Bool
  /// The outcome when there is no further attempt.
  let outcome: Outcome

  /// Decides by class of failure, by what may have happened, and by what the author asked for.
  ///
  /// A request that may have had an effect is repeated only where a repeat is safe or harmless;
  /// otherwise the outcome is in doubt, whatever `retry.on` says (design §6.5).
  init(
    of kind: FailureClass, effect: WorkFailure.Effect, attempt: Int, step: PlannedStep,
    settings: RunSettings
  ) {
    let isRepeatable = step.kind.isRepeatable
    let attempts = step.modifiers.retry?.attempts ?? settings.defaultAttempts
    let isWanted =
      if let retry = step.modifiers.retry {
        (retry.on ?? Self.transient.union([.timeout])).contains(kind)
      } else {
        step.kind.isCall && Self.transient.contains(kind)
      }
    let isAllowed =
      switch effect {
      case .none: kind != .rejected
      case .possible: isRepeatable
      case .settled: kind != .rejected && isRepeatable && step.modifiers.retry != nil
      }
    triesAgain = isWanted && isAllowed && attempt < attempts
    outcome = effect == .possible && !isRepeatable ? .inDoubt : .failed
  }

  private static let transient: Set<FailureClass> = [.network, .throttled, .serverError]
}

extension PlannedStep.Kind {
  /// Whether doing it twice leaves the same state as doing it once.
  fileprivate var isRepeatable: Bool {
    switch self {
    case .call(let call), .waitUntil(_, let call, _):
      switch call.target {
      case .operation(let operation): operation.repetition.isRepeatable
      case .local: true
      }
    case .play, .forEach, .parallel, .block, .assert, .wait: true
    }
  }

  /// The operation that reads whether a call happened, where the description names one.
  var lookup: String? {
    guard case .call(let call) = self, case .operation(let operation) = call.target else {
      return nil
    }
    return operation.lookup?.operation
  }

  /// Whether it sends a request or acts locally, once or repeatedly.
  var isCall: Bool {
    switch self {
    case .call, .waitUntil: true
    case .play, .forEach, .parallel, .block, .assert, .wait: false
    }
  }
}

extension Operation.Repetition {
  /// Whether a second sending is allowed without knowing the outcome of the first.
  var isRepeatable: Bool {
    switch self {
    case .safe, .harmless: true
    case .detectable, .unsafe: false
    }
  }
}
