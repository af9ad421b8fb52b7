import Expressions
import OrderedCollections
import Events
import Operations
import Planning
import Playbooks

/// Stopping parts of the tree: a cancellation, a failed sibling, a timeout.
extension RunMachine {
  /// Begins no further step below `id`; what is in flight and must not be sent again may finish
  /// within a bounded time.
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
        stop(id, step.phase, cause.passedDown(from: node.path))
      case (.timedOut, .cancelled):
        // Its children are being stopped already; what changes is that no attempt follows.
        updateStep(id) { $0.stop = cause }
      case (.cancelled, _), (.timedOut, .timedOut): break
      }
    }
  }

  private mutating func stop(
    _ id: NodeID, _ phase: StepState.Phase, _ cancellation: Cancellation
  ) {
    switch phase {
    case .ready: leave(step: id, .cancelled, isRecorded: true)
    case .backingOff: settle(id, .cancelled)
    case .working(let work): stop(id, work, cancellation)
    case .rescuing(let child, _): stop(child, because: .cancelled(cancellation))
    case .concluding: break
    }
  }

  private mutating func stop(_ id: NodeID, _ work: Work, _ cancellation: Cancellation) {
    switch work {
    case .pausing: settle(id, .cancelled)
    case .reading(let reading):
      if let call = reading.call { abandon(call, at: id) }
      settle(id, .cancelled)
    case .local(let local):
      guard cancellation.waits(for: .harmless) else {
        forget(local.request)
        return settle(id, .cancelled)
      }
      // Its end is still waited for: it may be done already, and what follows needs its files at rest.
      perform(.abandon(local.request))
      timers.set(.grace(id), at: now + settings.cancelGrace)
    case .call(let call):
      guard !call.isAwaitingSession, cancellation.waits(for: call.operation.repetition) else {
        abandon(call, at: id)
        return settle(id, .cancelled)
      }
      timers.set(.grace(id), at: now + settings.cancelGrace)
    case .group: stopMembers(of: id, because: cancellation)
    }
  }

  /// The time that a stopped step had for what was in flight is up.
  mutating func graceOver(_ id: NodeID) {
    guard let step = stepState(id), case .working(let work) = step.phase else { return }
    if case .local(let local) = work { forget(local.request) }
    guard case .call(let call) = work else { return settle(id, .cancelled) }
    abandon(call, at: id)
    guard !call.operation.repetition.isRepeatable, case .cancelled(let cause)? = step.stop else {
      return settle(id, .cancelled)
    }
    var failure = timeoutFailure(of: call, within: .grace(settings.cancelGrace, after: cause))
    failure.location = step.step.location
    failure.lookup = call.operation.lookup?.operation
    settle(id, Ending(StepResult(outcome: .inDoubt, failure: failure), origin: nodes[id]?.path))
  }

  /// An attempt's time is up.
  mutating func deadlinePassed(_ id: NodeID, late lateness: Duration) {
    guard let node = nodes[id], let step = stepState(id), step.stop == nil else { return }
    guard case .working(let work) = step.phase, let limit = timeout(of: step.step) else { return }
    guard step.hasOverslept || lateness < settings.oversleptLateness else { return oversleep(id) }
    switch work {
    case .call(let call):
      abandon(call, at: id)
      fail(id, WorkFailure(timeoutFailure(of: call, within: .timeout(limit)), effect: call.effect))
    case .reading(let reading):
      if let call = reading.call { abandon(call, at: id) }
      fail(
        id,
        WorkFailure(
          timeoutFailure(of: reading, until: step.step, within: .timeout(limit)), effect: .none))
    case .local(let local):
      forget(local.request)
      let text = "the action was not done \(TimeLimit.timeout(limit).phrase)"
      fail(id, WorkFailure(Failure(.timeout, text), effect: .settled))
    case .pausing: break
    case .group:
      let failure = Failure(
        .timeout, "`\(node.path)` was not done \(TimeLimit.timeout(limit).phrase)",
        location: step.step.location)
      stop(id, because: .timedOut(failure))
    }
  }

  /// The time passed while nobody could have noticed an end: whatever waits gets one poll, and a
  /// while to hear of it.
  private mutating func oversleep(_ id: NodeID) {
    updateStep(id) { $0.hasOverslept = true }
    timers.set(.deadline(id), at: now + settings.oversleptGrace)
    pollCommand(id)
  }

  /// Drops everything that is outstanding for `call`.
  mutating func abandon(_ call: CallState, at id: NodeID) {
    switch call.phase {
    case .awaitingSession: break
    case .exchanging(let request, _): forget(request)
    case .awaitingCommand(let wait): abandon(wait, at: id)
    case .awaitingData(let wait):
      dataWaiters.remove(id, from: wait.requestID)
      if let command = wait.command { abandon(command, at: id) }
      if let download = wait.download { forget(download) }
    }
  }

  private mutating func abandon(_ wait: CommandWait, at id: NodeID) {
    commandWaiters.remove(id, from: wait.commandID)
    if let poll = wait.poll { forget(poll) }
  }

  mutating func forget(_ request: RequestID) {
    requests[request] = nil
    perform(.abandon(request))
  }
}

extension StopCause {
  /// Why the steps below one that is stopped at `path` are stopped.
  fileprivate func passedDown(from path: StepPath) -> Cancellation {
    switch self {
    case .cancelled(let cancellation): cancellation
    case .timedOut: .timeUp(of: path)
    }
  }
}

extension Cancellation {
  /// Whether a request in flight gets time to finish.
  ///
  /// A read is worth no wait. What may be sent again is waited for where the run ends normally,
  /// and not where time is up; what must not be sent again always.
  fileprivate func waits(for repetition: Operation.Repetition) -> Bool {
    switch (repetition, self) {
    case (.safe, _), (.harmless, .timeUp): false
    case (.harmless, .requested), (.harmless, .sibling): true
    case (.detectable, _), (.unsafe, _): true
    }
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
}
