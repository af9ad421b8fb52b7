package import Diagnostics
import Operations
import Playbooks

extension CheckedPlaybook {
  /// A warning for each call that the service may refuse for a documented reason with which nothing deals:
  /// neither `tolerate`, `retry.on` or `ensure` of the call, nor a `rescue` or `retry.on` around it.
  package var unhandledRefusals: [Diagnostic] {
    var finder = UnhandledRefusals()
    finder.visit(planned.steps, handling: [])
    return finder.found
  }
}

private struct UnhandledRefusals {
  private(set) var found: [Diagnostic] = []
  private var places: Set<SourceLocation> = []

  /// `handled` reasons are dealt with around these steps.
  mutating func visit(_ steps: [PlannedStep], handling handled: Set<String>) {
    for step in steps {
      let modifiers = step.modifiers
      visit(modifiers.rescue, handling: handled)
      visit(modifiers.always, handling: handled)
      guard modifiers.rescue.isEmpty, modifiers.ensure == nil else { continue }
      let handled = handled.union(modifiers.tolerate).union(modifiers.retry?.refusals ?? [])
      visit(step.kind.steps, handling: handled)
      guard case .call(let call) = step.kind, case .operation(let operation) = call.target else {
        continue
      }
      let open = operation.refusals.filter { !handled.contains($0) }
      guard !open.isEmpty, places.insert(step.location).inserted else { continue }
      let reasons = open.map { "`\($0)`" }.joined(separator: ", ")
      found.append(
        Diagnostic(
          .unhandledRefusal, "`\(operation.id)` may be refused for \(reasons)",
          at: step.location,
          hint:
            "say what is done then: `tolerate: [\(open[0])]`, `retry.on: [rejected(\(open[0]))]`, "
            + "or `rescue` on the step or around it", severity: .warning))
    }
  }
}
