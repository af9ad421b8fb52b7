package import Diagnostics
import Operations
import OrderedCollections
import Playbooks

extension CheckedPlaybook {
  /// A warning for each step that changes something at the service and stays as it is where the playbook
  /// takes back what its steps changed.
  package var stepsWithoutUndo: [Diagnostic] { planned.stepsWithoutUndo }
}

extension PlannedPlaybook {
  /// A warning for each step, of this and the playbooks it plays, that a playbook with `undo-on` cannot take
  /// back; each once, however often it is played.
  package var stepsWithoutUndo: [Diagnostic] {
    var finder = StepsWithoutUndo()
    finder.visit(self, isUndone: false)
    return finder.found
  }
}

extension PlannedPlaybook {
  /// A warning for each `undo`, of this and the playbooks it plays, that no playbook around it carries out,
  /// where nobody plays this one; each once, however often it is played.
  var inertUndos: [Diagnostic] {
    var finder = InertUndos()
    finder.visit(self)
    return finder.found
  }
}

private struct InertUndos {
  private(set) var found: [Diagnostic] = []
  private var places: Set<SourceLocation> = []

  mutating func visit(_ playbook: PlannedPlaybook) {
    guard playbook.undoCauses.isEmpty else { return }
    visit(playbook.steps)
  }

  private mutating func visit(_ steps: [PlannedStep]) {
    for step in steps {
      let modifiers = step.modifiers
      if let undo = modifiers.undo, places.insert(undo.location).inserted { note(undo) }
      visit(modifiers.rescue)
      visit(modifiers.always)
      if case .play(let played, _) = step.kind { visit(played) } else { visit(step.kind.steps) }
    }
  }

  private mutating func note(_ undo: PlannedUndo) {
    found.append(
      Diagnostic(
        .inertUndo, "`undo` is never carried out: no playbook around it has `undo-on`",
        at: undo.location, hint: "add `undo-on: [failure, cancel]` at the top of the playbook",
        severity: .warning))
  }
}

private struct StepsWithoutUndo {
  private(set) var found: [Diagnostic] = []
  private var places: Set<SourceLocation> = []

  mutating func visit(_ playbook: PlannedPlaybook, isUndone: Bool) {
    visit(playbook.steps, isUndone: isUndone || !playbook.undoCauses.isEmpty)
  }

  /// `isUndone` says whether a playbook around these steps takes back what they change.
  private mutating func visit(_ steps: [PlannedStep], isUndone: Bool) {
    for step in steps {
      let modifiers = step.modifiers
      visit(modifiers.rescue, isUndone: isUndone)
      visit(modifiers.always, isUndone: isUndone)
      switch step.kind {
      case .play(let played, _): visit(played, isUndone: isUndone && modifiers.undo == nil)
      case .forEach, .parallel, .block:
        visit(step.kind.steps, isUndone: isUndone && modifiers.undo == nil)
      case .call(let call): note(call, of: step, isUndone: isUndone)
      case .assert, .wait, .waitUntil, .approve: break
      }
    }
  }

  private mutating func note(_ call: PlannedCall, of step: PlannedStep, isUndone: Bool) {
    guard isUndone, step.modifiers.undo == nil, case .operation(let operation) = call.target,
      operation.hasEffect, places.insert(step.location).inserted
    else { return }
    found.append(
      Diagnostic(
        .notUndone, "what `\(operation.id)` changes is not undone: the step has no `undo`",
        at: step.location,
        hint: "add `undo` with the steps that take it back, to the step or a group around it",
        severity: .warning))
  }
}
