import Events
import Expressions
import Operations
import Planning

/// What follows the end of a playbook's steps that failed or were cancelled: they are undone.
extension RunMachine {
  /// Begins to undo what was changed below the play `id`, whose work and `rescue` ended so; false where
  /// nothing is undone.
  mutating func undo(_ id: NodeID, after ending: Ending) -> Bool {
    guard kernel.tree.undoes(id, after: ending), let (node, _) = kernel.inProgress(id) else {
      return false
    }
    let result = noted(ending.result, of: id)
    if ending.result.outcome == .failed { stopOthers(around: id, ending.origin ?? node.path) }
    kernel.emit(.undoing(node.path, undoing(below: id, result, ending.origin)))
    return true
  }

  /// The failure of the play `id` is certain: what its end would stop begins nothing more while it is undone.
  private mutating func stopOthers(around id: NodeID, _ origin: StepPath) {
    var member = kernel.tree.nodes[id]
    while let inner = member, let around = kernel.tree.stepAround(inner),
      let group = kernel.tree.groups[around], group.stopsAtFailure,
      let (node, step) = kernel.inProgress(around)
    {
      if group.running.count > 1, group.standing == .whole {
        kernel.emit(.stopping(node.path, .stepFailed(origin)))
      }
      // It may be saved, or tried again.
      guard step.step.modifiers.rescue.isEmpty, step.step.modifiers.retry == nil else { return }
      member = node
    }
  }

  /// The same of the run itself.
  mutating func undoRun(after result: RunResult) -> Bool {
    guard kernel.tree.undoesRun(after: result.outcome) else { return false }
    let end = kernel.scrubbed(StepResult(outcome: result.outcome, failure: result.failure))
    kernel.emit(.undoing(.root, undoing(below: nil, end, result.failedStep)))
    return true
  }

  private func undoing(
    below id: NodeID?, _ result: StepResult, _ origin: StepPath?
  ) -> Undoing {
    let (steps, kept) = kernel.tree.undos.undoing(below: id)
    return Undoing(end: WorkEnd(result: result, origin: origin), steps: steps, kept: kept)
  }

  /// The step's call had its effect and gave `value`, and the step fails or is tried again all the same.
  mutating func recordEffect(of id: NodeID, _ change: StateChange?, giving value: Value) {
    guard guidance.planning == nil, let (node, step) = kernel.inProgress(id),
      kernel.tree.isUndone(inside: kernel.tree.stepAround(node)),
      !kernel.tree.undos.isArmed(node.path, kernel.tree.change(by: step, id, at: node))
    else { return }
    guard change?.isEffect ?? false else { return }
    kernel.emit(.effectRecorded(node.path, kernel.secrets.hide(in: value)))
  }

  /// The same of an ensured call that did something before its attempt ended so.
  mutating func recordEnsuredEffect(of id: NodeID, before outcome: Outcome) {
    switch outcome {
    case .succeeded, .unchanged, .skipped, .inDoubt: return
    case .tolerated, .failed, .cancelled: break
    }
    guard let (node, state) = kernel.inProgress(id), case .working = state.phase,
      let rules = state.rules as? EnsureStep,
      let change = state.carriedOutChange(at: node, in: self)
    else { return }
    let value = rules.lookup.ensuredResult(
      of: rules.operation, answer: rules.answer(in: state.progress))
    recordEffect(of: id, change, giving: .map(value))
  }
}
