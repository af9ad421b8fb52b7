import Events
import Operations

extension RolloutEvent {
  /// The tenant that the event is about; nil when it is about the rollout.
  var tenant: String? {
    guard case .tenantRefused(let refusal) = self else { return nil }
    return refusal.tenant
  }

  /// The event in a few words, without the tenant.
  var text: String {
    switch self {
    case .started(let start): start.text
    case .stageStarted(let stage, let tenants): "stage \(stage) started: up to tenant \(tenants)"
    case .stageProved(let stage): "stage \(stage) succeeded"
    case .baking(let stage, let until): "waits until \(until.text) after stage \(stage)"
    case .gateEvaluated(let stage, let isOpen):
      "the gate after stage \(stage) is \(isOpen ? "open" : "shut")"
    case .approvalRequested(let stage): "approval required to go on after stage \(stage)"
    case .approvalDecided(let stage, let decision): "after stage \(stage): \(decision.text)"
    case .tenantRefused(let refusal): "not started: \(refusal.reason)"
    case .paused: "paused: no further tenant starts"
    case .unpaused: "no longer paused"
    case .stopping(let stop): "stopping: \(stop.text)"
    case .resumed(let resumption): "rollout resumed by \(resumption.owner)"
    case .finished(let result): "rollout \(result.outcome.word): \(result.counts.text)"
    }
  }

  /// The event with what a person does about it.
  func line(_ commands: RolloutCommands) -> StyledLine {
    guard case .approvalRequested(let stage) = self else { return StyledLine(text, role) }
    return StyledLine("approval required after stage \(stage): `\(commands.approve)`", role)
  }

  /// How the event is shown.
  var role: TerminalStyle.Role {
    switch self {
    case .started, .stageStarted, .stageProved, .baking, .unpaused: .plain
    case .gateEvaluated(_, let isOpen): isOpen ? .plain : .notable
    case .approvalRequested, .approvalDecided, .paused, .stopping, .resumed: .notable
    case .tenantRefused: .bad
    case .finished(let result): result.outcome.role
    }
  }
}

extension RolloutStart {
  fileprivate var text: String {
    let tenants = tenantCount == 1 ? "1 tenant" : "\(tenantCount) tenants"
    let place = PlaceText.clause(service, environment: environment)
    // There is none for `run --tenants`.
    let from = file.isEmpty ? "" : " of \(file)"
    return "rollout \(rollout)\(from): \(playbook) for \(tenants)\(place)"
  }
}

extension RolloutStop {
  /// Why no further tenant starts, such as `3 tenants failed, and the limit is 3`.
  package var text: String {
    switch self {
    case .failures(let count, let limit):
      "\(count == 1 ? "1 tenant" : "\(count) tenants") failed, and the limit is \(limit)"
    case .stageFailed(let stage): "not every tenant of stage \(stage) succeeded"
    case .gateShut(let stage): "the gate after stage \(stage) is shut"
    case .cancelled: "cancel requested"
    case .deadline: "the deadline has passed"
    }
  }
}

extension TenantCounts {
  /// Such as `18 succeeded, 1 failed, 1 not started`; `no tenants` when there are none.
  var text: String { text(running: TenantState.running.words) }

  /// The same, where tenants in progress are called `running`.
  func text(running: String) -> String {
    let parts = TenantState.allCases.filter { self[$0] != 0 }.map {
      "\(self[$0]) \($0 == .running ? running : $0.words)"
    }
    return parts.isEmpty ? "no tenants" : parts.joined(separator: ", ")
  }
}

extension TenantState {
  /// The state as it is written in sentences, such as `not started`.
  var words: String {
    switch self {
    case .succeeded, .unchanged, .failed, .cancelled, .waiting, .running: rawValue
    case .inDoubt: "in doubt"
    case .notStarted: "not started"
    }
  }
}
