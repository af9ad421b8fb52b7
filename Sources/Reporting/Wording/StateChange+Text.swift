package import Events
import Expressions
package import Operations

extension StateChange {
  /// The change in one line: what happens to the thing, the fields that differ, and why.
  package var text: String {
    let fields = differences.map(\.text).joined(separator: ", ")
    let what = fields.isEmpty ? kind.phrase : "\(kind.phrase) (\(fields))"
    return reason.map { "\(what): \($0)" } ?? what
  }
}

extension StateChange.Kind {
  /// What is decided about it.
  package var phrase: String {
    switch self {
    case .create: "create"
    case .unchanged: "unchanged"
    case .change: "change"
    case .remove: "remove"
    case .drift: "drift"
    case .conflict: "conflict"
    case .unknown: "known after apply"
    }
  }

  /// What a run says of it once it is done.
  package var pastPhrase: String {
    switch self {
    case .create: "created"
    case .unchanged: "unchanged"
    case .change: "changed"
    case .remove: "removed"
    case .drift: "drift"
    case .conflict: "conflict"
    case .unknown: "unknown"
    }
  }
}

extension Lookup.Difference {
  /// The field, and both values as far as they may be shown: `timeLimit: 40 → 60`.
  package var text: String { planText(TerminalStyle(), limit: 60, stays: false) }
}

extension StepResult {
  /// Whether something differs and was left as it is.
  var isDrift: Bool { outcome == .succeeded && change?.kind == .drift }

  /// The symbol and the role of the step's end in a line.
  func symbol(_ style: TerminalStyle) -> (String, TerminalStyle.Role) {
    let shown = isDrift ? Outcome.tolerated : outcome
    return (shown.symbol(style), shown.role)
  }
}

extension ChangeCounts {
  /// The counts in one line, `3 created, 1 changed, 38 unchanged`; nil where there is nothing to count.
  package var text: String? {
    let order: [StateChange.Kind] = [.create, .change, .remove, .drift, .unchanged]
    let parts = order.filter { self[$0] > 0 }.map { "\(self[$0]) \($0.pastPhrase)" }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
