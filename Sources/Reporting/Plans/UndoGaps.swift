import Events
import Operations
package import Planning

/// Which steps of a plan change something that a playbook with `undo-on` cannot take back.
package struct UndoGaps: Sendable {
  /// Their paths without the numbers of rounds.
  private var paths: Set<StepPath> = []

  /// The gaps of `plan`; none where no playbook of it has `undo-on`.
  package init(of plan: Plan) {
    visit(plan.playbook, at: .root, isUndone: false)
  }

  /// Whether the step at `path` is one of them, in whichever round.
  func contains(_ path: StepPath) -> Bool {
    guard !paths.isEmpty else { return false }
    return paths.contains(
      StepPath(
        components: path.components.filter { if case .iteration = $0 { false } else { true } }))
  }

  private mutating func visit(
    _ playbook: PlannedPlaybook, at path: StepPath, isUndone: Bool
  ) {
    visit(playbook.steps, at: path, isUndone: isUndone || !playbook.undoCauses.isEmpty)
  }

  private mutating func visit(_ steps: [PlannedStep], at around: StepPath, isUndone: Bool) {
    for step in steps {
      let path = around.appending(.step(step.id))
      let modifiers = step.modifiers
      visit(modifiers.rescue, at: path.appending(.rescue), isUndone: isUndone)
      visit(modifiers.always, at: path.appending(.always), isUndone: isUndone)
      let isOpen = isUndone && modifiers.undo == nil
      switch step.kind {
      case .play(let played, _): visit(played, at: path, isUndone: isOpen)
      case .forEach, .block: visit(step.kind.steps, at: path, isUndone: isOpen)
      case .parallel(let branches):
        for branch in branches {
          visit(branch.steps, at: path.appending(.branch(branch.name)), isUndone: isOpen)
        }
      case .call(let call):
        if isOpen, case .operation(let operation) = call.target, operation.hasEffect {
          paths.insert(path)
        }
      case .assert, .wait, .waitUntil, .approve: break
      }
    }
  }
}
