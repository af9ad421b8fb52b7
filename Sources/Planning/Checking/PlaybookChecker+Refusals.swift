import Diagnostics
import Operations
import OrderedCollections
import Playbooks

/// `tolerate`.
extension PlaybookChecker {
  mutating func checkTolerate(of step: Step) {
    guard let first = step.modifiers.tolerate.first else { return }
    guard case .call(let call) = step.kind else {
      if case .unreadable = step.kind { return }
      return report(
        .misplacedKey, "`tolerate` belongs to a step that calls an operation",
        at: first.location, hint: step.kind.hint(without: "tolerate"))
    }
    guard let operation = api.operations[call.operation.value] else {
      guard LocalAction(rawValue: call.operation.value) != nil else { return }
      return report(
        .misplacedKey,
        "`\(call.operation.value)` sends nothing, so that nothing refuses it", at: first.location,
        hint: "leave `tolerate` out; what follows a failure goes under `rescue`")
    }
    for reason in step.modifiers.tolerate where !operation.refusals.contains(reason.value) {
      guard let meant = nearestName(to: reason.value, among: operation.refusals) else { continue }
      report(
        .unknownRefusal,
        "`\(operation.id)` is not known to be refused for `\(reason.value)`", at: reason.location,
        hint: "did you mean `\(meant)`?",
        fix: spellingFix(reason.value, among: operation.refusals, at: reason.location),
        severity: .warning)
    }
  }
}
