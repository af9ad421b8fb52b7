import Events
import Expressions
import Operations

/// Stages, and what lies between them.
extension RolloutMachine {
  /// Does what follows from the ends of the stage's tenants; returns whether another stage started.
  mutating func advanceStage() -> Bool {
    guard state.stop == nil, !limits.stages.isEmpty else { return false }
    guard state.stage.number > 0 else { return startStage(1) }
    guard state.tenants.countsOfStages.unsettled == 0 else { return false }
    let number = state.stage.number
    let isLast = number >= limits.stages.count
    guard state.tenants.countsOfStages.unsuccessful == 0 else {
      if !isLast { stop(.stageFailed(stage: number)) }
      return false
    }
    if !state.stage.isProved { record(.stageProved(stage: number)) }
    guard !isLast, hasBaked(), !state.isPaused else { return false }
    switch gate() {
    case .open: return startStage(number + 1)
    case .shut: stop(.gateShut(stage: number))
    case .requested, .unknown: break
    }
    return false
  }

  private mutating func startStage(_ number: Int) -> Bool {
    record(.stageStarted(stage: number, tenants: limits.stages[number - 1]))
    return true
  }

  private mutating func hasBaked() -> Bool {
    guard let bake = limits.bake else { return true }
    if state.stage.bakeEnd == nil {
      record(.baking(stage: state.stage.number, until: now + bake))
    }
    return state.stage.bakeEnd.map { $0 <= now } ?? true
  }

  /// What is known of the gate after the stage; asks where nothing is.
  private mutating func gate() -> RolloutState.Gate {
    let number = state.stage.number
    switch (state.stage.gate, limits.gate) {
    case (_, nil): return .open
    case (.unknown, .approval?): record(.approvalRequested(stage: number))
    case (.unknown, .condition(let condition)?):
      // A condition without a value is not true.
      let isOpen = (try? condition.isOpen(counts, elapsed: state.elapsed(at: now))) ?? false
      record(.gateEvaluated(stage: number, isOpen: isOpen))
    case (.requested, _), (.open, _), (.shut, _): break
    }
    return state.stage.gate
  }
}

/// Stops.
extension RolloutMachine {
  /// Whether tenants in progress are stopped, too.
  var isCancelling: Bool {
    state.isCancelled || state.stop != nil && limits.onStop == .cancel
  }

  mutating func stopAtLimits() {
    guard state.stop == nil, counts.unsettled > 0 else { return }
    if let limit = limits.maxFailures, state.failures >= limit {
      stop(.failures(count: state.failures, limit: limit))
    } else if let deadline, deadline <= now {
      stop(.deadline)
    }
  }

  /// No further tenant starts; runs that are not over go on to their end, unless those are to stop, too.
  mutating func stop(_ reason: RolloutStop) {
    let wasCancelling = isCancelling
    record(.stopping(reason))
    for (index, tenant) in queue.giveUpTurns() { state.setTenant(index, tenant.lastState) }
    guard !wasCancelling else { return }
    let stopped = isCancelling ? queue.active : queue.unstarted
    for index in stopped { actions.append(.cancel(index)) }
  }

  mutating func finishIfOver() {
    guard queue.isEmpty, state.stop != nil || counts.unsettled == 0 else { return }
    let result = RolloutResult(outcome: outcome, counts: counts, stop: state.stop)
    record(.finished(result))
    actions.append(.finish(result))
  }

  /// What weighs most: what nobody knows, then what failed, then what was stopped.
  private var outcome: Outcome {
    if [.inDoubt, .waiting, .running].contains(where: { counts[$0] > 0 }) { return .inDoubt }
    switch state.stop {
    case _ where counts[.failed] > 0: return .failed
    case .failures, .gateShut, .deadline: return .failed
    case .stageFailed, .cancelled, nil:
      return counts[.cancelled] > 0 || state.stop != nil ? .cancelled : .succeeded
    }
  }
}
