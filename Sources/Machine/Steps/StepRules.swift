import Events
import Expressions
import Operations
import Planning
import Playbooks

/// The rules of one kind of step: how its work begins, goes on, is stopped and runs out of time.
///
/// What all kinds share (conditions, attempts, `rescue`, `always`) is in `RunMachine+Steps`.
protocol StepRules: Sendable {
  /// What the record says of the step when it begins.
  var kind: StepSummary.Kind { get }
  /// The operation, local action or playbook it is about; of a `for-each`, the name of its element.
  var subject: String? { get }
  /// Whether it sends a request or acts locally, so that it is tried again by default.
  var isCall: Bool { get }
  /// Whether doing it twice leaves the same state as doing it once.
  var isRepeatable: Bool { get }
  /// Whether it has steps of its own.
  var isGroup: Bool { get }
  /// The operation that reads whether it happened, where the description names one.
  var lookupID: String? { get }
  /// Whether its result is there although it failed.
  var keepsResults: Bool { get }

  /// How long one attempt may take where the author set no `timeout`; nil for no limit.
  func defaultTimeout(within settings: RunSettings) -> Duration?
  /// Begins an attempt.
  func start(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure)
  /// Begins an attempt of a plan: what it would do is foreseen, and at most reads are sent.
  func foresee(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure)
  /// Takes up an attempt that was interrupted; `progress` is what is recorded of it.
  func resume(
    _ id: NodeID, _ node: Node, _ progress: StepProgress, in machine: inout RunMachine
  ) throws(WorkFailure)
  /// Whether something that was begun may still come to its end, going by what is recorded.
  func isInFlight(_ progress: StepProgress) -> Bool
  /// The step is stopped while its work is in progress.
  func stop(_ id: NodeID, because cause: Cancellation, in machine: inout RunMachine)
  /// The time that a stopped step had for what was in flight is up.
  func graceOver(_ id: NodeID, in machine: inout RunMachine)
  /// The attempt's time is up.
  func timedOut(_ id: NodeID, after limit: Duration, in machine: inout RunMachine)
  /// The step's call did what it should.
  func callSucceeded(_ id: NodeID, with fields: ValueMap, in machine: inout RunMachine)
  /// The step's call failed.
  func callFailed(_ id: NodeID, _ problem: WorkFailure, in machine: inout RunMachine)
  /// Something below the step is over.
  func memberEnded(_ id: NodeID, in machine: inout RunMachine)
  /// The call whose request is in flight or was the latest, going by what is recorded; nil for a step
  /// that sends none.
  func request(
    of progress: StepProgress, at node: Node, in machine: RunMachine
  ) -> OperationStep?
  /// The step has a place among the open votes and sends its command; `waited` says whether it had to wait
  /// for that.
  func voteSlotGranted(
    _ id: NodeID, _ node: Node, afterWaiting waited: Bool, in machine: inout RunMachine
  ) throws(WorkFailure)
  /// The effect of the step's request is known, and gave `value`.
  func requestDone(_ id: NodeID, with value: Value, in machine: inout RunMachine)
}

extension StepRules {
  var subject: String? { nil }
  var isCall: Bool { false }
  var isRepeatable: Bool { true }
  var isGroup: Bool { false }
  var lookupID: String? { nil }
  var keepsResults: Bool { false }

  func defaultTimeout(within settings: RunSettings) -> Duration? { nil }
  func foresee(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    try start(id, node, in: &machine)
  }
  func resume(
    _ id: NodeID, _ node: Node, _ progress: StepProgress, in machine: inout RunMachine
  ) throws(WorkFailure) {
    try start(id, node, in: &machine)
  }
  func isInFlight(_ progress: StepProgress) -> Bool { false }
  func stop(_ id: NodeID, because cause: Cancellation, in machine: inout RunMachine) {
    machine.settle(id, .cancelled)
  }
  func graceOver(_ id: NodeID, in machine: inout RunMachine) { machine.settle(id, .cancelled) }
  func timedOut(_ id: NodeID, after limit: Duration, in machine: inout RunMachine) {}
  func callSucceeded(_ id: NodeID, with fields: ValueMap, in machine: inout RunMachine) {}
  func callFailed(_ id: NodeID, _ problem: WorkFailure, in machine: inout RunMachine) {
    machine.fail(id, problem)
  }
  func memberEnded(_ id: NodeID, in machine: inout RunMachine) {}
  func request(
    of progress: StepProgress, at node: Node, in machine: RunMachine
  ) -> OperationStep? { nil }
  func voteSlotGranted(
    _ id: NodeID, _ node: Node, afterWaiting waited: Bool, in machine: inout RunMachine
  ) throws(WorkFailure) {
    try start(id, node, in: &machine)
  }
  func requestDone(_ id: NodeID, with value: Value, in machine: inout RunMachine) {
    machine.succeed(id, with: value, checking: value)
  }
}

extension PlannedStep.Kind {
  /// The rules of this kind of step.
  var rules: any StepRules {
    switch self {
    case .call(let call):
      switch call.target {
      case .operation(let operation): OperationStep(operation: operation, call: call)
      case .local(let action): LocalStep(action: action, call: call)
      }
    case .play(let playbook, let arguments): PlayStep(playbook: playbook, arguments: arguments)
    case .forEach(let loop): ForEachStep(loop: loop)
    case .parallel: ParallelStep()
    case .block: BlockStep()
    case .assert(let assertions): AssertStep(assertions: assertions)
    case .wait(let duration): WaitStep(duration: duration.constant ?? .zero)
    case .waitUntil(let condition, let read, let interval):
      WaitUntilStep(condition: condition, read: read, interval: interval?.constant)
    case .approve(let approval): ApproveStep(approval: approval)
    }
  }

  var isCall: Bool { rules.isCall }

  /// Whether a second time could have a second effect.
  var mustNotRepeat: Bool {
    guard case .call = self else { return false }
    return !rules.isRepeatable
  }
}

extension PlannedStep {
  var rules: any StepRules {
    guard let ensurance = modifiers.ensure, case .call(let call) = kind,
      case .operation(let operation) = call.target, let lookup = operation.lookup
    else { return kind.rules }
    return EnsureStep(
      operation: operation, call: call, lookup: lookup, ensurance: ensurance, location: location)
  }

  /// Whether its result is there although it failed.
  var keepsResults: Bool { rules.keepsResults }

  /// The summary recorded when the step begins; `element` is that of the round it begins.
  func summary(element: String? = nil) -> StepSummary {
    let rules = rules
    return StepSummary(
      kind: rules.kind, title: title, subject: rules.subject, element: element)
  }
}
