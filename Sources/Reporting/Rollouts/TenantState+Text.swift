import Events
import Operations

extension TenantState {
  /// The symbol that stands before a tenant in this state.
  func symbol(_ style: TerminalStyle) -> String {
    switch self {
    case .succeeded: style.choose("✓", "+")
    case .unchanged: "="
    case .failed: style.choose("✗", "x")
    case .cancelled: style.choose("■", "#")
    case .inDoubt: "?"
    case .waiting: "!"
    case .running: style.choose("…", ":")
    case .notStarted: style.choose("·", ".")
    }
  }

  /// How a tenant in this state is shown.
  var role: TerminalStyle.Role {
    switch self {
    case .succeeded: .good
    case .unchanged, .notStarted: .faint
    case .failed: .bad
    case .cancelled, .inDoubt, .waiting: .notable
    case .running: .active
    }
  }

  /// Whether something is wrong with the tenant, or a person must do something for it.
  var needsAttention: Bool {
    switch self {
    case .failed, .cancelled, .inDoubt, .waiting: true
    case .succeeded, .unchanged, .running, .notStarted: false
    }
  }
}

extension TenantRow {
  /// How long its run has taken up to `now`, or took; nil where it has none.
  func elapsed(at now: Moment?) -> Duration? {
    startedAt.flatMap { start in (endedAt ?? now).map { $0 - start } }
  }

  /// Why it did not succeed, in one sentence; nil where nothing is wrong.
  var reason: String? {
    if let refusal { return "not started: \(refusal.reason)" }
    if let failure { return failure.message }
    return state.needsAttention ? state.usualReason : nil
  }

  /// What to do about it, where that is known.
  var hint: String? {
    refusal?.hint ?? failure.flatMap { $0.hint ?? $0.usualHint(of: nil) }
  }
}

extension TenantState {
  /// What is said of a tenant without a failure.
  var usualReason: String {
    switch self {
    case .waiting: "waits for a decision"
    case .inDoubt: "the outcome of a step is unknown"
    case .cancelled: "stopped before its end"
    case .succeeded, .unchanged, .failed, .running, .notStarted: words
    }
  }
}
