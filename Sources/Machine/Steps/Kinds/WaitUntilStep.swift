import Events
import Expressions
import Operations
import Planning
import Playbooks

/// `wait: {until: …}`: a read, repeated until its answer satisfies a condition.
struct WaitUntilStep: StepRules {
  let condition: Template
  let read: PlannedRead
  /// Between two reads; nil where the author left it to the program.
  let interval: Duration?

  var kind: StepSummary.Kind { .wait }

  var subject: String? { read.operation.id }
  var isCall: Bool { true }
  var isRepeatable: Bool { read.operation.repetition.isRepeatable }

  func defaultTimeout(within settings: RunSettings) -> Duration? { settings.steps.conditionTimeout }

  func start(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    machine.works.setReading(Reading(), of: id)
    try machine.beginCall(
      of: read.operation, with: read.arguments, at: id, node, recording: .first())
  }

  func foresee(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    let call = PlannedCall(target: .operation(read.operation), arguments: read.arguments)
    guard try machine.canRead(by: read.operation, call, at: id, node) else {
      return machine.leftUnread(id)
    }
    try start(id, node, in: &machine)
  }

  func resume(
    _ id: NodeID, _ node: Node, _ progress: StepProgress, in machine: inout RunMachine
  ) throws(WorkFailure) {
    machine.works.setReading(Reading(), of: id)
    try machine.beginCall(
      of: read.operation, with: read.arguments, at: id, node,
      recording: .first(
        hasRequest: progress.exchange != nil, hasAnswer: progress.exchange?.answer != nil))
  }

  /// One read is done: the condition is true, or another read follows.
  func callSucceeded(_ id: NodeID, with fields: ValueMap, in machine: inout RunMachine) {
    guard let (node, _) = machine.kernel.inProgress(id) else { return }
    let answer = Value.map(fields)
    do throws(Failure) {
      switch try machine.kernel.tree.truth(
        of: condition, in: node.scope, binding: ["answer": answer])
      {
      case .holds: return machine.succeed(id, with: answer, checking: answer)
      case .unknown: return machine.leftUnread(id)
      // A run would wait; what it would see then is not known.
      case .fails: if machine.guidance.planning != nil { return machine.leftUnread(id) }
      }
    } catch {
      var failure = error
      failure.answer = answer.shortened
      return machine.fail(id, WorkFailure(failure, effect: .settled))
    }
    if machine.works.reading(of: id)?.answer != answer {
      machine.kernel.emitWaiting(id, .condition(condition.sourceText, answer: answer.shortened))
      let values = machine.kernel.tree.comparedValues(
        of: condition, in: node.scope, binding: ["answer": answer],
        hiding: machine.kernel.secrets)
      machine.works.updateReading(of: id) {
        $0.answer = answer
        $0.comparedValues = values
      }
    }
    machine.works.updateReading(of: id) { $0.problem = nil }
    scheduleRead(id, after: nil, in: &machine)
  }

  /// A read failed: it is tried again where that may help.
  func callFailed(_ id: NodeID, _ problem: WorkFailure, in machine: inout RunMachine) {
    guard problem.failure.allowsRetry else { return machine.fail(id, problem) }
    switch problem.failure.kind {
    case .network, .throttled, .serverError, .timeout:
      machine.works.updateReading(of: id) { $0.problem = problem.failure }
      scheduleRead(id, after: problem.retryAfter, in: &machine)
    case .unauthorised, .rejected, .invalid, .malformed, .expectation, .local:
      machine.fail(id, problem)
    }
  }

  private func scheduleRead(
    _ id: NodeID, after pause: Duration?, in machine: inout RunMachine
  ) {
    machine.calls.setPhase(id, .awaitingSession)
    let waited = machine.kernel.tree.step(id).map { step in
      machine.kernel.now - step.progress.attempt.startedAt
    }
    let interval =
      interval
      ?? machine.kernel.settings.polls.interval(.seconds(1), afterWaiting: waited ?? .zero)
    let moment = machine.kernel.now + max(interval, pause ?? .zero)
    machine.kernel.wake(for: .read(id), at: moment)
  }

  /// The time for another read has come.
  static func readAgain(_ id: NodeID, in machine: inout RunMachine) {
    machine.calls.beginAgain(id)
    machine.calls.proceed(id, &machine.sessions, &machine.kernel)
  }

  func stop(_ id: NodeID, because cause: Cancellation, in machine: inout RunMachine) {
    machine.calls.abandon(id, &machine.kernel)
    machine.settle(id, .cancelled)
  }

  func timedOut(_ id: NodeID, after limit: Duration, in machine: inout RunMachine) {
    guard let reading = machine.kernel.certain(machine.works.reading(of: id)) else { return }
    let call = machine.calls[id]
    machine.calls.abandon(id, &machine.kernel)
    let failure = machine.timeoutFailure(
      of: reading, call, until: condition, within: .timeout(limit))
    machine.fail(id, WorkFailure(failure, effect: .none))
  }
}

/// What the reads of a `wait` gave so far.
struct Reading: Sendable {
  /// The latest answer, or null.
  var answer: Value = .null
  /// The values that make the condition false for that answer, as a message may show them.
  var comparedValues: String?
  /// Why the latest read failed, or nil when it did not.
  var problem: Failure?
}
