package import Expressions
import Operations

/// A form that is kept with a rollout, so that its notifications name the schedule after it is resumed, too.
extension NotifiedSchedule {
  /// The schedule as a map.
  package var value: Value {
    [
      "name": .string(name), "due": .int(due.nanoseconds), "through": .int(through.nanoseconds),
      "count": .int(Int64(count)), "verdict": .string(verdict),
      "reason": reason.map { .string($0) } ?? .null,
    ]
  }

  /// Reads `value` back; nil where it is none.
  package init?(_ value: Value) {
    guard let name = value[field: "name"]?.text, case .int(let due)? = value[field: "due"],
      case .int(let through)? = value[field: "through"],
      case .int(let count)? = value[field: "count"], let verdict = value[field: "verdict"]?.text
    else { return nil }
    self.name = name
    self.due = Moment(nanoseconds: due)
    self.through = Moment(nanoseconds: through)
    self.count = Int(count)
    self.verdict = verdict
    reason = value[field: "reason"]?.text
  }
}
