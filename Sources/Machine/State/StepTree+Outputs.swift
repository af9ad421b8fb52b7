import Events
import Expressions
import OrderedCollections
import Planning
import Playbooks

/// Outputs of a run that did not end well.
extension StepTree {
  /// The outputs that there are although the playbook did not end well: those whose values can be
  /// computed without a step that did not succeed.
  func availableOutputs(of playbook: PlannedPlaybook, in scope: ScopeID) -> ValueMap {
    let missing = (scopes[scope]?.finished.empty ?? [:]).filter { !$0.value.allowsContinuation }
    let locals = playbook.allLocals
    var outputs = ValueMap()
    for (name, output) in playbook.outputs {
      let references = output.value.references(through: locals)
      let steps = references.filter { $0.variable == "steps" }
      let needsMissing = steps.contains { reference in
        reference.path.first.map { missing[$0] != nil } ?? !missing.isEmpty
      }
      // What rests on nothing of the run would claim what it did not reach, such as `done: true`.
      let claims = steps.isEmpty && !references.contains { $0.variable == "run" }
      guard !claims, !needsMissing, let value = try? evaluate(output.value, in: scope) else {
        continue
      }
      outputs[name] = value.withoutAttributes
    }
    return outputs
  }
}

extension PlannedPlaybook {
  /// The values under its own `let`, those that need results of its steps included.
  fileprivate var allLocals: [String: LocalValue] {
    var all: [String: LocalValue] = [:]
    for (name, local) in locals { all[name] = local }
    for step in steps { for (name, local) in step.localsAfter { all[name] = local } }
    return all
  }
}

extension Template {
  /// What its expressions refer to; instead of a name of `locals`, what that is made of.
  fileprivate func references(through locals: [String: LocalValue]) -> [Expression.Reference] {
    var found: [Expression.Reference] = []
    var followed: Set<String> = []
    var open = [self]
    while let template = open.popLast() {
      for reference in template.expressions.flatMap(\.references) {
        guard let local = locals[reference.variable] else {
          found.append(reference)
          continue
        }
        if followed.insert(reference.variable).inserted { open.append(local.value) }
      }
    }
    return found
  }
}
