package import Events

extension StateChange {
  /// The change in one line: what happens to the thing, the fields that differ, and why.
  package var text: String {
    let fields = fieldsText
    guard !fields.isEmpty else { return reason.map { "\(kind.phrase): \($0)" } ?? kind.phrase }
    guard PlanSign(kind).stays else {
      return reason.map { "\(kind.phrase) (\(fields)): \($0)" } ?? "\(kind.phrase) (\(fields))"
    }
    return "\(kind.phrase): \(fields)" + (reason.map { "; \($0)" } ?? "")
  }

  /// The fields that differ: `size: 4 → 1`, or `size: 4 (asked: 1)` where that stays; empty without any.
  var fieldsText: String {
    let stays = PlanSign(kind).stays
    return differences.map { $0.planText(TerminalStyle(), limit: 60, stays: stays) }
      .joined(separator: ", ")
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
    case .drift: "differs and stays"
    case .conflict: "conflict"
    case .unknown: "known after apply"
    }
  }

  /// What a plan says of it, as one that was made earlier: `was to be created`.
  var foreseenPhrase: String {
    switch self {
    case .create: "to be created"
    case .unchanged: "unchanged"
    case .change: "to be changed"
    case .remove: "to be removed"
    case .drift: "different and left as it is"
    case .conflict: "in conflict"
    case .unknown: "not known"
    }
  }

  /// How many steps did so, as a run says it once they are done: `3 created`.
  func pastPhrase(of count: Int) -> String {
    switch self {
    case .create: "\(count) created"
    case .unchanged: "\(count) unchanged"
    case .change: "\(count) changed"
    case .remove: "\(count) removed"
    case .drift: count == 1 ? "1 differs and stays" : "\(count) differ and stay"
    case .conflict: count == 1 ? "1 conflict" : "\(count) conflicts"
    case .unknown: "\(count) unknown"
    }
  }
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
    let parts = order.filter { self[$0] > 0 }.map { $0.pastPhrase(of: self[$0]) }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
