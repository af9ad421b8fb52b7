import Diagnostics
import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Ends.
extension EnsureStep {
  func finish(
    _ id: NodeID, _ record: ValueMap, _ change: StateChange, in machine: inout RunMachine
  ) {
    guard let (_, state) = machine.kernel.inProgress(id) else { return }
    // Of several of a name, one was removed: the others are still there.
    let isOneOfSeveral =
      ensurance.state == .absent
      && !(machine.works.ensuring(of: id)?.search.matches.isEmpty ?? true)
    machine.works.setEnsuring(nil, of: id)
    let isSent = state.progress.comparison?.done.contains(operation.id) ?? false
    let answer = isSent ? answer(in: state.progress) : [:]
    let value = lookup.ensuredResult(of: operation, answer: answer, record: record)
    machine.succeed(
      id, with: .map(value), checking: .map(value), change,
      observing: isOneOfSeveral ? nil : observed(record, id, in: machine))
  }

  /// How the thing is, where `record` is what a read shows of it; nil where none shows it.
  func observed(_ record: ValueMap, _ id: NodeID, in machine: RunMachine) -> ObservedThing? {
    guard let node = machine.kernel.tree.nodes[id],
      let arguments = try? machine.kernel.tree.evaluate(call.arguments, in: node.scope),
      record != [:] || ensurance.state == .absent
    else { return nil }
    return ObservedThing(
      identity: machine.kernel.hidden(lookup.identity(in: arguments)),
      fields: record == [:] ? nil : machine.kernel.hidden(lookup.compared(in: record)))
  }

  /// What the operation itself answered, as far as it was sent.
  func answer(in progress: StepProgress) -> ValueMap {
    guard let exchange = progress.exchange, exchange.intent.operation == operation.id,
      let answer = exchange.answer
    else { return [:] }
    var fields = answer.fields
    if let command = answer.commandID { fields["commandId"] = .string(command) }
    return fields
  }

  func stop(_ id: NodeID, because cause: Cancellation, in machine: inout RunMachine) {
    guard machine.works.ensuring(of: id) != nil else {
      return request(at: id, in: machine).stop(id, because: cause, in: &machine)
    }
    machine.calls.abandon(id, &machine.kernel)
    machine.settle(id, .cancelled)
  }

  func graceOver(_ id: NodeID, in machine: inout RunMachine) {
    request(at: id, in: machine).graceOver(id, in: &machine)
  }

  func timedOut(_ id: NodeID, after limit: Duration, in machine: inout RunMachine) {
    guard let ensuring = machine.works.ensuring(of: id) else {
      return request(at: id, in: machine).timedOut(id, after: limit, in: &machine)
    }
    let call = machine.calls[id]
    machine.calls.abandon(id, &machine.kernel)
    switch ensuring.purpose {
    case .deciding:
      guard let call else { return }
      let failure = machine.timeoutFailure(of: call, within: .timeout(limit))
      fail(id, WorkFailure(failure, effect: .none), in: &machine)
    case .confirming(let refusal): fail(id, refusal, in: &machine)
    case .verifying:
      let limit = DurationText.text(machine.kernel.settings.lookups.limit)
      let cause = ensuring.problem.map { ": \($0)" } ?? ""
      var failure = Failure(
        .timeout,
        "the service accepted it, but `\(ensuring.read.id)` does not show it within \(limit)\(cause)",
        operation: operation.id)
      failure.allowsRetry = false
      fail(id, WorkFailure(failure, effect: .settled), in: &machine)
    }
  }

  /// The request in flight.
  private func request(at id: NodeID, in machine: RunMachine) -> OperationStep {
    guard let node = machine.kernel.tree.nodes[id], let state = machine.kernel.tree.step(id) else {
      return creation
    }
    return request(of: state.progress, at: node, in: machine) ?? creation
  }
}

extension StepState {
  /// What an ensured call did to its thing before it failed; nil where none of its requests was carried out.
  func carriedOutChange(at node: Node, in machine: RunMachine) -> StateChange? {
    guard let rules = step.rules as? EnsureStep, let comparison = progress.comparison,
      !comparison.done.isEmpty
    else { return nil }
    let isWhole = rules.requests(of: comparison, at: node, in: machine)
      .allSatisfy { comparison.done.contains($0.operation.id) }
    var change = comparison.change
    if !isWhole { change.kind = .change }
    return change
  }
}
