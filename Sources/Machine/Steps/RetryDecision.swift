import Events
import Operations
import Planning
import Playbooks

/// Whether a step whose work failed is attempted again, and which outcome it has otherwise.
struct RetryDecision: Sendable, Hashable {
  let triesAgain: Bool
  /// The outcome when there is no further attempt.
  let outcome: Outcome

  /// Decides by class of failure, by what may have happened, and by what the author asked for.
  ///
  /// A request that may have had an effect is repeated only where a repeat is safe or harmless, or
  /// the author wants it (`in-doubt: repeat`); otherwise the outcome is in doubt, whatever
  /// `retry.on` says (design §6.5), or a failure with `in-doubt: fail`. What was rejected is repeated
  /// by ensured calls, another attempt of which reads first, and where the author names the reason, unless
  /// a request was sent before whose effect did not show: that may be the cause. A failure for a reason
  /// under `tolerate` is tolerated once nothing is tried again, where the step's own operation was refused,
  /// unless this request or one before it may have had an effect.
  init(of problem: WorkFailure, _ state: StepState, within settings: RunSettings) {
    let (step, kind, effect) = (state.step, problem.failure.kind, problem.effect)
    let attempt = state.progress.attempt.number - state.progress.earlierAttempts
    let isRepeatable = state.rules.isRepeatable
    let inDoubt = step.modifiers.inDoubt ?? .ask
    let isRepeated = effect == .possible && !isRepeatable && inDoubt == .repeat
    let isNamed =
      !state.progress.followsAbsence
      && problem.failure.reason.map { step.modifiers.retry?.refusals.contains($0) ?? false }
        ?? false
    let attempts = step.modifiers.retry?.attempts.constant ?? settings.steps.attempts
    let isWanted =
      if isRepeated || isNamed {
        true
      } else if let retry = step.modifiers.retry {
        (retry.on ?? Self.transient.union([.timeout])).contains(kind)
      } else {
        state.rules.isCall && Self.transient.contains(kind)
      }
    let isAllowed =
      switch (effect, kind) {
      case (.none, .rejected), (.settled, .rejected): step.modifiers.ensure != nil || isNamed
      case (.none, _): true
      case (.possible, _): isRepeatable || isRepeated
      case (.settled, _): isRepeatable && step.modifiers.retry != nil
      }
    triesAgain =
      isWanted && isAllowed && attempt < attempts && problem.failure.allowsRetry
      && !problem.isFinal && !state.isCancelled
    let isTolerated =
      effect != .possible && !state.isCancelled
      && (isRepeatable || !state.progress.mayHaveActed)
      && problem.failure.operation == state.rules.subject
      && problem.failure.reason.map(step.modifiers.tolerate.contains) ?? false
    outcome =
      if effect == .possible, !isRepeatable, inDoubt == .ask {
        .inDoubt
      } else {
        isTolerated ? .tolerated : .failed
      }
  }

  private static let transient: Set<FailureClass> = [.network, .throttled, .serverError]
}
