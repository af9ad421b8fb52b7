import Events
import Operations
import Planning

/// What a group that is tried again does not do again.
///
/// A finished operation whose repeat is neither safe nor harmless is kept, and with it every call
/// that finished before it: its arguments came from those, and with newer ones its result would
/// belong to nothing (a token reserved anew, say, that no data was exchanged for).
extension RunMachine {
  /// The result of an earlier attempt of a group around the step, when it is to be kept.
  func keptResult(of step: PlannedStep, at node: Node) -> StepResult? {
    guard step.kind.isCall, let record = state.steps[node.path], let result = record.result,
      let finishedAt = record.finishedAt, result.outcome == .succeeded
    else { return nil }
    var ancestor = node.parent
    while let id = ancestor, let above = nodes[id] {
      if case .step(let group) = above.content, group.attempt > 1,
        finishedAt <= group.reusableThrough
      {
        return result
      }
      ancestor = above.parent
    }
    return nil
  }

  /// Notes in every group around a finished operation that it must not be repeated.
  mutating func keepWhatLed(to step: PlannedStep, at node: Node) {
    guard case .call(let call) = step.kind, case .operation(let operation) = call.target,
      !operation.repetition.isRepeatable
    else { return }
    var ancestor = node.parent
    while let id = ancestor, let above = nodes[id] {
      let latest = state.nextSequence - 1
      updateStep(id) { $0.reusableThrough = latest }
      ancestor = above.parent
    }
  }
}
