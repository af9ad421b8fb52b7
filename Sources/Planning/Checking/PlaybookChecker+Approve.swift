import Diagnostics
import Expressions
import OrderedCollections
import Playbooks

/// Decisions of people.
extension PlaybookChecker {
  /// What is filled in is the step's result.
  mutating func check(
    _ approve: Approve, at location: SourceLocation, in scope: NameScope
  ) -> CheckedWork {
    facts.asksPeople = true
    warnOfDecision("this `approve` stands", at: location, in: scope)
    if let message = approve.message { check(message, in: scope) }
    let result =
      approve.hasAllFields
      ? InferredValue(fields: approve.fields.mapValues { InferredValue($0) }) : .nothing
    guard let message = approve.message, approve.hasAllFields else {
      return CheckedWork(kind: nil, result: result)
    }
    let planned = PlannedApproval(message: message, fields: approve.fields)
    return CheckedWork(kind: .approve(planned), result: result)
  }

  /// A played file asks people as the steps do that stand where it is played.
  mutating func noteDecisions(of play: Play, _ checked: CheckedFile, in scope: NameScope) {
    guard checked.asksPeople else { return }
    facts.asksPeople = true
    warnOfDecision(
      "`\(play.path.value)` has an `approve` step and is played", at: play.path.location,
      in: scope)
  }

  /// Nothing stops `always`, so that a run that is cancelled would wait for a person.
  private mutating func warnOfDecision(
    _ what: String, at location: SourceLocation, in scope: NameScope
  ) {
    guard !scope.enclosures.contains(where: { $0.kind == .undo }) else {
      return report(
        .approveInUndo, "\(what) under `undo`: what is undone cannot wait for a decision",
        at: location, hint: "undo without asking, or put the `approve` before what is undone")
    }
    guard scope.enclosures.contains(where: { $0.kind == .always }) else { return }
    report(
      .approveInAlways,
      "\(what) under `always`: a run that is cancelled waits for the decision all the same",
      at: location,
      hint: "put the `approve` before the step that has this `always`, and leave only what needs "
        + "no decision under `always`", severity: .warning)
  }
}

extension InferredValue {
  fileprivate init(_ field: Approve.FormField) {
    self.init(
      field.type.staticType, field.type.holdsSecret ? .secret : .open)
  }
}
