import Expressions
import OrderedCollections
import Playbooks

/// Decisions of people.
extension PlaybookChecker {
  /// What is filled in is the step's result.
  mutating func check(_ approve: Approve, in scope: NameScope) -> CheckedWork {
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
}

extension InferredValue {
  fileprivate init(_ field: Approve.Field) {
    self.init(
      field.type.staticType, field.type.holdsSecret ? .secret : .open)
  }
}
