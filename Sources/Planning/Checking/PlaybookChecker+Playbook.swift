import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// A whole file.
extension PlaybookChecker {
  mutating func check(_ playbook: Playbook) -> CheckedFile {
    facts.unread = playbook.unread
    facts.results = StepResults(of: StepIndex(of: playbook.steps))
    facts.opensSession = playbook.session != nil
    let scope = NameScope(
      inputs: InferredValue(fields: playbook.inputs.mapValues { InferredValue($0) }))
    if let session = playbook.session { check(session, in: scope) }
    let steps = check(playbook.steps, in: scope)
    for part in playbook.remains { check(part, in: scope) }
    let outputs = check(playbook.outputs, in: scope)
    reportUnused(playbook)
    let planned = steps.map {
      PlannedPlaybook(
        name: playbook.name, file: playbook.location.file, inputs: playbook.inputs,
        session: playbook.session, steps: $0, outputs: playbook.outputs)
    }
    return CheckedFile(
      planned: planned, outputs: playbook.unread.hidesOutputs ? .nothing : outputs,
      need: facts.unread.hidesSession ? nil : facts.need, stepCount: facts.stepCount)
  }

  private mutating func check(
    _ outputs: OrderedDictionary<String, OutputDeclaration>, in scope: NameScope
  ) -> InferredValue {
    var fields: OrderedDictionary<String, InferredValue> = [:]
    for (name, output) in outputs {
      fields[name] = InferredValue(
        check(output.value, in: scope), isSecret(output.value, in: scope) ? .secret : .open)
    }
    return InferredValue(fields: fields)
  }

  private mutating func reportUnused(_ playbook: Playbook) {
    for (name, input) in playbook.inputs where !mayBeUsed(name) {
      report(
        "unused-input", "the input `\(name)` is never used", at: input.location,
        severity: .warning)
    }
  }

  private func mayBeUsed(_ input: String) -> Bool {
    facts.usedInputs.contains(input) || facts.unread.words.contains(input)
  }
}
