import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// `call` of a local action, which needs no service.
struct LocalStep: StepRules {
  let action: LocalAction
  let call: PlannedCall

  var kind: StepSummary.Kind { .local }
  var subject: String? { action.rawValue }
  var isCall: Bool { true }

  func defaultTimeout(within settings: RunSettings) -> Duration? { settings.steps.attemptTimeout }

  func start(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    let arguments = try WorkFailure.orSettled { () throws(Failure) in
      try machine.kernel.tree.evaluate(call.arguments, in: node.scope)
    }
    if action.changesFiles,
      let objection = machine.guidance.decisions?.objection(
        toWriting: machine.asked(of: id), at: node.path)
    {
      throw WorkFailure(objection, effect: .settled)
    }
    for secret in action.secrets(in: arguments) { machine.kernel.learn(secret) }
    machine.kernel.emit(
      .actionIntended(
        node.path,
        ActionIntent(
          attempt: machine.kernel.tree.step(id)?.progress.attempt.number ?? 1,
          action: action.rawValue,
          arguments: action.recordable(arguments, hiding: machine.kernel.secrets))))
    let request = machine.kernel.request(for: .local(id))
    machine.works.setAction(request, of: id)
    machine.kernel.perform(
      machine.guidance.planning == nil
        ? .perform(request, action, arguments)
        : .performDry(
          request, action, arguments, DryRun(of: node.path, after: machine.works.plannedFiles)))
  }

  /// The action is done, or what it would do is known.
  static func performed(_ id: NodeID, _ result: LocalResult, in machine: inout RunMachine) {
    machine.kernel.learn(secretsOf: .map(result.fields))
    machine.kernel.note(result.notice, at: id)
    machine.works.plannedFiles.add(result.plannedFiles)
    let secrets = machine.kernel.secrets
    let fields = Value.map(ValueMap(result.fields.entries.mapValues { secrets.hide(in: $0) }))
    machine.succeed(
      id, with: fields, checking: fields, result.change,
      asking: machine.guidance.planning == nil ? nil : machine.asked(of: id))
  }

  /// The action failed, perhaps because the step is stopped.
  static func failed(
    _ id: NodeID, _ failure: Failure, wasInterrupted: Bool, in machine: inout RunMachine
  ) {
    guard let step = machine.kernel.tree.step(id), machine.works.action(of: id) != nil else {
      return
    }
    if step.stop != nil, wasInterrupted { return machine.settle(id, .cancelled) }
    machine.fail(id, WorkFailure(failure, effect: .settled))
  }

  func stop(_ id: NodeID, because cause: Cancellation, in machine: inout RunMachine) {
    guard let request = machine.works.action(of: id) else { return }
    guard cause.waits(for: .harmless) else {
      machine.kernel.forget(request)
      return machine.settle(id, .cancelled)
    }
    // Its end is still waited for: it may be done already, and what follows needs its files at rest.
    machine.kernel.perform(.abandon(request))
    machine.grantGrace(to: id)
  }

  func graceOver(_ id: NodeID, in machine: inout RunMachine) {
    if let request = machine.works.action(of: id) { machine.kernel.forget(request) }
    machine.settle(id, .cancelled)
  }

  func timedOut(_ id: NodeID, after limit: Duration, in machine: inout RunMachine) {
    if let request = machine.works.action(of: id) { machine.kernel.forget(request) }
    let text = "the action was not done \(TimeLimit.timeout(limit).phrase)"
    machine.fail(id, WorkFailure(Failure(.timeout, text), effect: .settled))
  }
}
