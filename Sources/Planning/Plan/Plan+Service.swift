import Playbooks

extension Plan {
  /// Whether any step may call an operation of the API; a plan without one needs no service.
  package var callsOperations: Bool { playbook.callsOperations }
}

extension PlannedPlaybook {
  /// Whether any step may call an operation of the API.
  package var callsOperations: Bool { steps.contains(where: \.callsOperations) }
}

extension PlannedStep {
  fileprivate var callsOperations: Bool {
    kind.callsOperations || modifiers.steps.contains(where: \.callsOperations)
  }
}

extension PlannedStep.Kind {
  fileprivate var callsOperations: Bool {
    switch self {
    case .waitUntil: true
    case .call(let call):
      switch call.target {
      case .operation: true
      case .local: false
      }
    case .play, .forEach, .block, .parallel: steps.contains(where: \.callsOperations)
    case .assert, .wait, .approve: false
    }
  }
}
