package import Events

/// What a plan says of a step, in one character.
package enum PlanSign: String, Sendable, Hashable, CaseIterable {
  /// The thing is not there, and will be made.
  case create
  /// It differs, and will be corrected; or a command without `ensure` will act on it.
  case change
  /// It is there, and will be removed.
  case remove
  /// It differs, and will stay as it is.
  case drift
  /// It differs, or there are several, and a run would fail there.
  case conflict
  /// What will be done depends on what is not known before.
  case unknown
  /// It is as asked.
  case unchanged
  /// The step's `when` is false.
  case skipped
  /// The step could not be planned.
  case failed

  /// The sign of a step that ended so; nil where there is nothing to show, as for a read.
  package init?(_ result: StepResult) {
    switch (result.outcome, result.change?.kind) {
    case (.skipped, _): self = .skipped
    case (.failed, .drift?), (.inDoubt, .drift?): self = .drift
    case (.failed, .conflict?), (.inDoubt, .conflict?): self = .conflict
    case (.failed, _), (.inDoubt, _): self = .failed
    case (.cancelled, _), (_, nil): return nil
    case (.succeeded, let kind?), (.unchanged, let kind?), (.tolerated, let kind?):
      self.init(kind)
    }
  }

  /// The sign of a change.
  package init(_ kind: StateChange.Kind) {
    self =
      switch kind {
      case .create: .create
      case .unchanged: .unchanged
      case .change: .change
      case .remove: .remove
      case .drift: .drift
      case .conflict: .conflict
      case .unknown: .unknown
      }
  }

  /// Whether a run that follows the plan may change something because of such a step.
  package var isWork: Bool {
    switch self {
    case .create, .change, .remove, .unknown: true
    case .drift, .conflict, .unchanged, .skipped, .failed: false
    }
  }

  /// Whether what is there is not as asked, and stays so.
  var stays: Bool {
    switch self {
    case .drift, .conflict: true
    case .create, .change, .remove, .unknown, .unchanged, .skipped, .failed: false
    }
  }

  /// Whether a person need not look at such a step.
  var isQuiet: Bool {
    switch self {
    case .unchanged, .skipped: true
    case .create, .change, .remove, .drift, .conflict, .unknown, .failed: false
    }
  }

  /// The character, the same in all outputs but for that of a failure.
  func symbol(_ style: TerminalStyle) -> String {
    switch self {
    case .create: "+"
    case .change: "~"
    case .remove: "-"
    case .drift, .conflict: "!"
    case .unknown: "?"
    case .unchanged: "="
    case .skipped: "."
    case .failed: Outcome.failed.symbol(style)
    }
  }

  var role: TerminalStyle.Role {
    switch self {
    case .create: .good
    case .change: .notable
    case .remove: .bad
    case .drift, .conflict: .alarming
    case .unknown: .active
    case .unchanged, .skipped: .faint
    case .failed: .bad
    }
  }
}
