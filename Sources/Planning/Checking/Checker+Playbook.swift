import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// A whole file.
extension Checker {
  mutating func check(_ playbook: Playbook) -> CheckedFile {
    let index = StepIndex(of: playbook.steps)
    let inputs = Knowledge(fields: playbook.inputs.mapValues { Knowledge($0) })
    var scope = NameScope(inputs: inputs, index: index)
    facts.opensSession = playbook.session != nil
    if let session = playbook.session { check(session, in: scope) }
    let steps = check(playbook.steps, in: &scope)
    let outputs = check(playbook.outputs, in: scope)
    reportUnused(playbook)
    let planned = PlannedPlaybook(
      name: playbook.name, file: playbook.location.file,
      inputs: playbook.inputs, session: playbook.session, steps: steps, outputs: playbook.outputs)
    return CheckedFile(
      planned: planned, outputs: outputs, need: facts.need, stepCount: facts.stepCount)
  }

  private mutating func check(
    _ outputs: OrderedDictionary<String, OutputDeclaration>, in scope: NameScope
  ) -> Knowledge {
    var fields: OrderedDictionary<String, Knowledge> = [:]
    for (name, output) in outputs {
      fields[name] = Knowledge(
        check(output.value, in: scope), isSecret(output.value, in: scope) ? .secret : .open)
    }
    return Knowledge(fields: fields)
  }

  private mutating func reportUnused(_ playbook: Playbook) {
    for (name, input) in playbook.inputs where !facts.usedInputs.contains(name) {
      report(
        "unused-input", "the input `\(name)` is never used", at: input.location,
        severity: .warning)
    }
  }
}
