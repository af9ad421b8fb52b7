import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// `call` of an operation of the API: one request, its response, and the outcome of its command.
struct OperationStep: StepRules {
  let operation: Operation
  let call: PlannedCall

  var kind: StepSummary.Kind { .call }
  var subject: String? { operation.id }
  var isCall: Bool { true }
  var isRepeatable: Bool { operation.repetition.isRepeatable }
  var lookupID: String? { operation.lookup?.operation }

  /// What it does to a thing of the service; nil where it does nothing.
  private var change: StateChange? {
    operation.hasEffect ? StateChange(operation.effect.change) : nil
  }

  func request(
    of progress: StepProgress, at node: Node, in machine: RunMachine
  ) -> OperationStep? { self }

  func requestDone(_ id: NodeID, with value: Value, in machine: inout RunMachine) {
    machine.succeed(id, with: value, checking: value, change)
  }

  func defaultTimeout(within settings: RunSettings) -> Duration? { settings.steps.attemptTimeout }

  func start(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    if let change, let decisions = machine.guidance.decisions,
      machine.kernel.tree.step(id)?.step.modifiers.ensure == nil,
      let objection = decisions.objection(
        to: change, machine.asked(of: id), at: node.path)
    {
      throw WorkFailure(objection, effect: .settled)
    }
    guard machine.takesVoteSlot(id, for: operation, node) else { return }
    try machine.beginCall(
      of: operation, with: call.arguments, at: id, node, recording: .every)
  }

  /// What is in flight may have had its effect: it is sent again only where that does no harm, and an
  /// accepted command is asked for its outcome.
  func resume(
    _ id: NodeID, _ node: Node, _ progress: StepProgress, in machine: inout RunMachine
  ) throws(WorkFailure) {
    if let doubt = progress.doubt, doubt.isDone {
      return requestDone(id, with: doubt.value, in: &machine)
    }
    guard isInFlight(progress) else { return try start(id, node, in: &machine) }
    let problem = doubt(about: progress)
    if let assumption = machine.guidance.assumptions[node.path],
      problem != nil || assumption != .notDone
    {
      return machine.assume(assumption, of: id, operation)
    }
    if let problem { throw problem }
    try machine.resumeCall(of: operation, with: call.arguments, at: id, node, progress)
  }

  /// Why nobody knows whether the request had its effect; nil when that is known, or the service can
  /// be asked for the outcome of its command.
  func doubt(about progress: StepProgress) -> WorkFailure? {
    guard isInFlight(progress), !(progress.doubt?.isDone ?? false) else { return nil }
    if isRefusedRepeat(progress) {
      var problem = WorkFailure.interrupted(
        "it was unknown why a repeat of its request was refused", operation)
      problem.isOfRepeat = true
      return problem
    }
    guard let answer = progress.exchange?.answer else {
      return .interrupted("its request was in flight", operation)
    }
    guard (200..<300).contains(answer.status) else {
      return .interrupted("its request was refused with status \(answer.status)", operation)
    }
    guard answer.commandID != nil || answer.requestID == nil else {
      return .interrupted("its data was on its way", operation)
    }
    guard answer.commandID != nil || !answer.fields.isEmpty else {
      var problem = WorkFailure.interrupted("its response said nothing of the outcome", operation)
      problem.mayStillHappen = true
      return problem
    }
    return nil
  }

  /// Whether a repeat was refused while a vote may still be open on the request before it.
  func isRefusedRepeat(_ progress: StepProgress) -> Bool {
    guard operation.isGated, progress.followsAbsence, let exchange = progress.exchange else {
      return false
    }
    if case .rejected? = exchange.verdict?.state { return true }
    return exchange.answer.map { !(200..<300).contains($0.status) } ?? false
  }

  /// Whether the request had no effect, or a second one does no harm; an accepted command never
  /// starts again.
  private func canStartAgain(_ progress: StepProgress) -> Bool {
    guard let answer = progress.exchange?.answer else { return isRepeatable }
    guard (200..<300).contains(answer.status) else {
      return isRepeatable || Calls.effect(of: answer.status, asksToWait: false) == .none
    }
    return isRepeatable && (answer.commandID == nil || answer.requestID != nil)
  }

  func isInFlight(_ progress: StepProgress) -> Bool {
    guard progress.exchange != nil else { return false }
    return isRefusedRepeat(progress) || !canStartAgain(progress)
  }

  func callSucceeded(_ id: NodeID, with fields: ValueMap, in machine: inout RunMachine) {
    guard machine.works.inquiry(of: id) == nil else {
      return machine.inquiryAnswered(id, with: fields)
    }
    requestDone(id, with: .map(fields), in: &machine)
  }

  func callFailed(_ id: NodeID, _ problem: WorkFailure, in machine: inout RunMachine) {
    guard machine.works.inquiry(of: id) == nil else { return machine.inquiryFailed(id, problem) }
    // Of an accepted command the service knows more than a person, until it has forgotten it.
    if problem.wasForgotten, let path = machine.kernel.tree.nodes[id]?.path,
      machine.guidance.assumptions[path] == .notDone
    {
      return machine.assume(.notDone, of: id, operation)
    }
    machine.fail(id, problem)
  }

  func stop(_ id: NodeID, because cause: Cancellation, in machine: inout RunMachine) {
    if let inquiry = machine.works.inquiry(of: id) {
      // It ends soon, and until then it is unknown what the request did.
      if case .requested = cause { machine.inquiryStopped(id, inquiry) }
      return
    }
    guard let call = machine.calls[id], !call.isAwaitingSession,
      cause.waits(for: operation.repetition)
    else {
      machine.calls.abandon(id, &machine.kernel)
      return machine.settle(id, .cancelled)
    }
    machine.grantGrace(to: id)
  }

  func graceOver(_ id: NodeID, in machine: inout RunMachine) {
    guard let call = machine.kernel.certain(machine.calls[id]),
      let (_, step) = machine.kernel.inProgress(id)
    else { return }
    machine.calls.abandon(id, &machine.kernel)
    guard !isRepeatable, case .cancelled(let cause)? = step.stop else {
      return machine.settle(id, .cancelled)
    }
    var failure = machine.timeoutFailure(
      of: call, within: .grace(machine.kernel.settings.stopping.cancelGrace, after: cause))
    failure.location = step.step.location
    failure.lookup = lookupID
    machine.settle(
      id,
      Ending(
        StepResult(outcome: .inDoubt, failure: failure), origin: machine.kernel.tree.nodes[id]?.path
      ))
  }

  func timedOut(_ id: NodeID, after limit: Duration, in machine: inout RunMachine) {
    if let inquiry = machine.works.inquiry(of: id) {
      return machine.inquiryTimedOut(id, inquiry)
    }
    guard machine.works.voteSlot(of: id) != .requested else {
      return machine.fail(id, .noVoteSlot(within: limit, operation))
    }
    guard let call = machine.kernel.certain(machine.calls[id]) else { return }
    machine.calls.abandon(id, &machine.kernel)
    var problem = WorkFailure(
      machine.timeoutFailure(of: call, within: .timeout(limit)), effect: call.effect)
    problem.mayStillHappen = call.commandWait != nil
    machine.fail(id, problem)
  }
}

extension RunMachine {
  /// Begins a call of `operation` at a step, its session chosen.
  mutating func beginCall(
    of operation: Operation, with arguments: OrderedDictionary<String, Template>, at id: NodeID,
    _ node: Node, recording: CallState.Recording
  ) throws(WorkFailure) {
    let arguments = try WorkFailure.orSettled { () throws(Failure) in
      try kernel.tree.evaluate(arguments, in: node.scope)
    }
    let session = try session(of: operation, at: id, node)
    calls.begin(id, operation, arguments, in: session, recording: recording, &kernel)
    calls.proceed(id, &sessions, &kernel)
  }

  /// Takes up a call whose request was accepted before the run was interrupted.
  mutating func resumeCall(
    of operation: Operation, with arguments: OrderedDictionary<String, Template>, at id: NodeID,
    _ node: Node, _ progress: StepProgress
  ) throws(WorkFailure) {
    guard let answer = kernel.certain(progress.exchange?.answer) else { return }
    let arguments = try WorkFailure.orSettled { () throws(Failure) in
      try kernel.tree.evaluate(arguments, in: node.scope)
    }
    let session = try session(of: operation, at: id, node)
    calls.begin(id, operation, arguments, in: session, recording: .every, &kernel)
    calls.resume(id, after: answer, progress, &sessions, &kernel)
  }

  mutating func session(
    of operation: Operation, at id: NodeID, _ node: Node
  ) throws(WorkFailure) -> SessionID? {
    guard operation.authorization == .token, let step = kernel.tree.step(id)?.step else {
      return nil
    }
    let session: SessionID?
    do throws(Failure) {
      session = try sessions.session(for: step.modifiers.session, in: node.scope, &kernel)
    } catch {
      throw WorkFailure(error, effect: .settled)
    }
    guard let session else {
      throw WorkFailure(
        Failure(
          .unauthorised, "`\(operation.id)` needs a session and the step has none",
          hint: "add `session: {username: …, password: …}` to the playbook",
          operation: operation.id),
        effect: .none)
    }
    return session
  }
}

extension Cancellation {
  /// Whether a request in flight gets time to finish.
  ///
  /// A read is worth no wait. What may be sent again is waited for where the run ends normally,
  /// and not where time is up; what must not be sent again always.
  func waits(for repetition: Operation.Repetition) -> Bool {
    switch (repetition, self) {
    case (.safe, _), (.harmless, .timeUp): false
    case (.harmless, .requested), (.harmless, .sibling): true
    case (.detectable, _), (.unsafe, _): true
    }
  }
}
