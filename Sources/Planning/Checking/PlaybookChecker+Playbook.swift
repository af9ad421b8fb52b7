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
    let inputs = NameScope(
      inputs: InferredValue(
        fields: OrderedDictionary(
          uniqueKeysWithValues: playbook.inputs.map { ($0, InferredValue($1, named: $0)) })))
    for (name, value) in playbook.labels { checkLabel(name, value, in: inputs) }
    let locals = PlaybookLocals(of: playbook)
    facts.lateLocals = locals.late
    var scope = bind(locals.early, in: inputs)
    if let session = playbook.session { check(session, in: scope) }
    let steps = check(playbook.steps, binding: locals.afterSteps, in: &scope)
    for part in playbook.remains { check(part, in: scope) }
    let outputs = check(playbook.outputs, in: scope)
    reportUnused(playbook)
    reportUnused(playbook.locals)
    reportPlainInputs(of: playbook)
    let planned = steps.map {
      PlannedPlaybook(
        name: playbook.name, file: playbook.location.file, labels: playbook.labels,
        inputs: playbook.inputs, locals: locals.early, session: playbook.session,
        undoCauses: playbook.undoCauses, steps: $0, outputs: playbook.outputs,
        hiddenInputs: facts.hiddenInputs.keys.elements, uses: facts.uses)
    }
    return CheckedFile(
      planned: planned, outputs: playbook.unread.hidesOutputs ? .nothing : outputs,
      need: facts.unread.hidesSession ? nil : facts.need, stepCount: facts.stepCount,
      asksPeople: facts.asksPeople, mayChange: facts.changingSteps > 0,
      hiddenInputs: facts.hiddenInputs.keys.elements)
  }

  /// A label is known before the first step and is shown in lists of runs.
  private mutating func checkLabel(_ name: String, _ value: Template, in scope: NameScope) {
    let later = ["steps", "run"].flatMap { value.references(to: $0) }.first
    if let later {
      return report(
        .unavailableName, "the label `\(name)` can use `inputs` only", at: later.location,
        hint: "labels are set before the first step")
    }
    let type = check(value, in: scope)
    switch type {
    case .string, .bool, .int, .uint, .double, .dyn, .unavailable: break
    case .null, .bytes, .list, .timestamp, .duration, .type, .map, .object, .attribute:
      report(
        .wrongType, "the label `\(name)` must be a string, not \(type.phrase)",
        at: value.location)
    }
    guard isSecret(value, in: scope) else { return }
    report(
      .secretLabel, "the label `\(name)` would show a secret", at: value.location,
      hint: "labels are shown in lists of runs: use an input that is not secret")
  }

  private mutating func check(
    _ outputs: OrderedDictionary<String, OutputDeclaration>, in scope: NameScope
  ) -> InferredValue {
    var fields: OrderedDictionary<String, InferredValue> = [:]
    for (name, output) in outputs {
      let type = check(output.value, in: scope)
      let taint =
        isSecret(output.value, in: scope) ? .secret : self.taint(of: output.value, in: scope)
      fields[name] = InferredValue(type.withoutAttributes, taint)
    }
    return InferredValue(fields: fields)
  }

  private mutating func reportUnused(_ playbook: Playbook) {
    for (name, input) in playbook.inputs where !mayBeUsed(name) {
      report(
        .unusedInput, "the input `\(name)` is never used", at: input.location,
        severity: .warning)
    }
  }

  private func mayBeUsed(_ input: String) -> Bool {
    facts.usedInputs.contains(input) || facts.unread.words.contains(input)
  }
}
