import Expressions
import OrderedCollections
import Events
import Operations
import Planning
import Playbooks

/// Stopping parts of the tree: a cancellation, a failed sibling, a timeout.
extension RunMachine {
  /// Begins no further step below `id`; what is in flight may finish within a bounded time.
  mutating func stop(_ id: NodeID, because cause: StopCause) {
    guard var node = nodes[id] else { return }
    switch node.content {
    case .sequence(var sequence):
      guard !sequence.isProtected, !sequence.isStopped else { return }
      sequence.isStopped = true
      node.content = .sequence(sequence)
      nodes[id] = node
      if let current = sequence.current { stop(current, because: cause) }
    case .step(let step):
      switch (step.stop, cause) {
      case (nil, _):
        updateStep(id) { $0.stop = cause }
        stop(id, step.phase, cause)
      case (.timedOut, .cancelled):
        // Its children are being stopped already; what changes is that no attempt follows.
        updateStep(id) { $0.stop = cause }
      case (.cancelled, _), (.timedOut, .timedOut): break
      }
    }
  }

  private mutating func stop(_ id: NodeID, _ phase: StepState.Phase, _ cause: StopCause) {
    switch phase {
    case .ready: leave(step: id, .cancelled, isRecorded: true)
    case .backingOff: settle(id, .cancelled)
    case .working(let work): stop(id, work, cause)
    case .rescuing(let child, _): stop(child, because: cause)
    case .concluding: break
    }
  }

  private mutating func stop(_ id: NodeID, _ work: Work, _ cause: StopCause) {
    switch work {
    case .pausing: settle(id, .cancelled)
    case .reading(let reading):
      if let call = reading.call { abandon(call) }
      settle(id, .cancelled)
    case .local: timers.set(.grace(id), at: now + settings.cancelGrace)
    case .call(let call):
      if case .awaitingSession = call.phase { return settle(id, .cancelled) }
      timers.set(.grace(id), at: now + settings.cancelGrace)
    case .group: stopMembers(of: id)
    }
  }

  /// The time that a stopped step had for what was in flight is up.
  mutating func graceOver(_ id: NodeID) {
    guard case .working(let work) = stepState(id)?.phase else { return }
    guard case .call(let call) = work else { return settle(id, .cancelled) }
    abandon(call)
    let isHarmless = call.operation.repetition.isRepeatable
    let result = StepResult(
      outcome: isHarmless ? .cancelled : .inDoubt,
      failure: isHarmless ? nil : call.lapse("the run was stopped before the service said"))
    settle(id, Ending(result, origin: nodes[id]?.path))
  }

  /// An attempt's time is up.
  mutating func deadlinePassed(_ id: NodeID) {
    guard let node = nodes[id], let step = stepState(id), step.stop == nil else { return }
    guard case .working(let work) = step.phase else { return }
    switch work {
    case .call(let call):
      abandon(call)
      fail(id, WorkFailure(call.lapse("no end within the step's timeout"), effect: call.effect))
    case .reading(let reading):
      if let call = reading.call { abandon(call) }
      var failure = Failure(
        .timeout, "the condition did not hold within the step's timeout", answer: reading.answer,
        location: step.step.location)
      failure.hint = "the answer shown is the last one read; a longer `timeout` waits longer"
      fail(id, WorkFailure(failure, effect: .none))
    case .local(let local):
      forget(local.request)
      fail(
        id, WorkFailure(Failure(.timeout, "the action took too long"), effect: .settled))
    case .pausing: break
    case .group:
      let failure = Failure(
        .timeout, "`\(node.path)` was not done within its timeout", location: step.step.location)
      stop(id, because: .timedOut(failure))
    }
  }

  /// Drops everything that is outstanding for `call`.
  mutating func abandon(_ call: CallState) {
    switch call.phase {
    case .awaitingSession: break
    case .exchanging(let request, _): forget(request)
    case .awaitingCommand(let wait):
      commandWaiters[wait.commandID] = nil
      if let poll = wait.poll { forget(poll) }
    case .awaitingData(let wait):
      dataWaiters[wait.requestID] = nil
      if let command = wait.command {
        commandWaiters[command.commandID] = nil
        if let poll = command.poll { forget(poll) }
      }
      if let download = wait.download { forget(download) }
    }
  }

  mutating func forget(_ request: RequestID) {
    requests[request] = nil
    perform(.abandon(request))
  }
}

extension CallState {
  /// What the service may have done by now.
  var effect: WorkFailure.Effect {
    switch phase {
    case .awaitingSession: .none
    case .exchanging, .awaitingCommand: .possible
    case .awaitingData: .possible
    }
  }

  /// The failure of a call whose end nobody waited for.
  func lapse(_ reason: String) -> Failure {
    var failure = Failure(.timeout, reason, operation: operation.id)
    switch phase {
    case .awaitingSession: failure.message = "the session could not be opened: \(reason)"
    case .exchanging: failure.message = "no answer: \(reason)"
    case .awaitingCommand(let wait):
      failure.message = "command \(wait.commandID) was accepted, but \(reason)"
      failure.hint = "a vote may still be open; a longer `timeout` waits longer"
    case .awaitingData(let wait):
      failure.message = "the data of request \(wait.requestID) did not arrive: \(reason)"
      failure.hint =
        hasUnopenedPayload
        ? "bytes came that do not open under the step's `key`: is it the one they were sealed with?"
        : "is a storage device online, and is the operation gated by a vote?"
    }
    return failure
  }
}
