import Diagnostics
import Operations
import OrderedCollections
import Playbooks

/// The reasons of refusals under `tolerate` and `retry.on`.
extension PlaybookChecker {
  mutating func checkRefusals(of step: Step) {
    check(step.modifiers.tolerate, under: .tolerate, of: step)
    check(step.modifiers.retry?.namedRefusals ?? [], under: .retry, of: step)
  }

  /// Where reasons are named.
  private enum ReasonKey {
    case tolerate
    case retry

    var words: String {
      switch self {
      case .tolerate: "`tolerate`"
      case .retry: "`rejected(REASON)`"
      }
    }

    func written(_ reason: String) -> String {
      switch self {
      case .tolerate: reason
      case .retry: "rejected(\(reason))"
      }
    }
  }

  private mutating func check(
    _ reasons: [Located<String>], under key: ReasonKey, of step: Step
  ) {
    guard let first = reasons.first else { return }
    switch step.kind {
    case .unreadable: return
    case .call(let call): check(reasons, under: key, of: call)
    // The calls inside may be refused.
    case .play, .forEach, .parallel, .block:
      if key == .tolerate { reportMisplaced(first, key, hint: step.kind.hint(without: "tolerate")) }
    case .wait(.until) where key == .retry: break
    case .assert, .wait, .approve:
      reportMisplaced(
        first, key,
        hint: key == .tolerate
          ? step.kind.hint(without: "tolerate") : "leave it out: this step sends nothing")
    }
  }

  private mutating func reportMisplaced(
    _ reason: Located<String>, _ key: ReasonKey, hint: String?
  ) {
    report(
      .misplacedKey, "\(key.words) belongs to a step that calls an operation", at: reason.location,
      hint: hint)
  }

  private mutating func check(
    _ reasons: [Located<String>], under key: ReasonKey, of call: Call
  ) {
    guard let operation = api.operations[call.operation.value] else {
      guard LocalAction(rawValue: call.operation.value) != nil else { return }
      return report(
        .misplacedKey, "`\(call.operation.value)` sends nothing, so that nothing refuses it",
        at: reasons[0].location,
        hint: "leave \(key.words) out; what follows a failure goes under `rescue`")
    }
    for reason in reasons where !operation.refusals.contains(reason.value) {
      guard let meant = nearestName(to: reason.value, among: operation.refusals) else { continue }
      report(
        .unknownRefusal,
        "`\(operation.id)` is not known to be refused for `\(reason.value)`", at: reason.location,
        hint: "did you mean `\(key.written(meant))`?",
        fix: key == .tolerate
          ? spellingFix(reason.value, among: operation.refusals, at: reason.location) : nil,
        severity: .warning)
    }
  }
}
