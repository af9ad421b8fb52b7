import Events

extension RolloutEvent {
  /// What happened, in a few words for tables.
  var word: String {
    switch self {
    case .started: "started"
    case .stageStarted(let stage, let tenants): "stage \(stage) up to \(tenants)"
    case .stageProved(let stage): "proved \(stage)"
    case .baking: "baking"
    case .gateEvaluated(_, let isOpen): isOpen ? "open" : "shut"
    case .approvalRequested: "approval requested"
    case .approvalDecided: "approval decided"
    case .tenantRefused(let refusal): "refused \(refusal.index)"
    case .paused: "paused"
    case .unpaused: "unpaused"
    case .stopping(.failures(let count, let limit)): "stopping: \(count) of \(limit) failed"
    case .stopping(.stageFailed(let stage)): "stopping: stage \(stage)"
    case .stopping(.gateShut): "stopping: gate"
    case .stopping(.cancelled): "stopping: cancelled"
    case .stopping(.deadline): "stopping: deadline"
    case .resumed: "resumed"
    case .finished: "finished"
    }
  }
}
