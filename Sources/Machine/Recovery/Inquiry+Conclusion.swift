import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// The ends of inquiries.
extension RunMachine {
  mutating func conclude(_ id: NodeID, _ inquiry: Inquiry, _ outcome: InquiryOutcome) {
    guard let (node, _) = kernel.inProgress(id) else { return }
    endWork(of: id)
    guard !guidance.isInquiry else { return report(node, inquiry, outcome) }
    switch (inquiry.cause, outcome) {
    case (_, .done(let value)): settleDoubt(id, node, inquiry, done: value)
    case (.assumed, .notDone):
      let result = inquiry.lookup.result(of: inquiry.operation, from: ValueMap())
      settleDoubt(id, node, inquiry, done: .map(result))
    case (.failed(var problem), .notDone) where isGivenUp(problem, inquiry, id):
      problem.failure.message += "; it does not show, and a vote on it may still be open"
      decide(id, problem)
    case (.failed(let problem), .notDone): settleDoubt(id, node, inquiry, notDone: problem)
    case (.assumed, .undecided(let reason)):
      let failure = Failure(
        .network, "the result of `\(inquiry.operation.id)` could not be read: \(reason)",
        operation: inquiry.operation.id, lookup: inquiry.read.id)
      settle(id, Ending(StepResult(outcome: .inDoubt, failure: failure), origin: node.path))
    case (.failed(var problem), .undecided(let reason)):
      problem.failure.message += "; \(reason)"
      problem.effect = .possible
      decide(id, problem)
    }
  }

  /// Whether a gated command that does not show is not sent again either, so that nothing would say how
  /// a vote on it ends.
  private func isGivenUp(_ problem: WorkFailure, _ inquiry: Inquiry, _ id: NodeID) -> Bool {
    guard inquiry.operation.isGated, !problem.wasInterrupted, let state = kernel.tree.step(id)
    else {
      return false
    }
    var problem = problem
    problem.effect = .none
    return !RetryDecision(of: problem, state, within: kernel.settings).triesAgain
  }

  /// Only says what was found: nothing follows from it in a run that is merely asked about.
  private mutating func report(_ node: Node, _ inquiry: Inquiry, _ outcome: InquiryOutcome) {
    switch outcome {
    case .done(let value):
      kernel.emit(
        .doubtSettled(
          node.path,
          DoubtVerdict(
            isDone: true, means: .lookup, operation: inquiry.read.id,
            value: kernel.secrets.hide(in: value))))
    case .notDone:
      kernel.emit(
        .doubtSettled(
          node.path, DoubtVerdict(isDone: false, means: .lookup, operation: inquiry.read.id)))
    case .undecided(let reason): reportDoubt(node, Failure(.network, reason))
    }
    finishInquiries()
  }

  /// Says that nothing can be found out about the step.
  mutating func reportDoubt(_ node: Node, _ failure: Failure) {
    let result = StepResult(outcome: .inDoubt, failure: failure)
    kernel.emit(.stepFinished(node.path, kernel.scrubbed(result)))
  }

  private mutating func settleDoubt(
    _ id: NodeID, _ node: Node, _ inquiry: Inquiry, done value: Value
  ) {
    let value = kernel.secrets.hide(in: value)
    let means: DoubtVerdict.Means =
      if case .assumed = inquiry.cause { .assumption } else { .lookup }
    kernel.emit(
      .doubtSettled(
        node.path,
        DoubtVerdict(isDone: true, means: means, operation: inquiry.read.id, value: value)))
    kernel.tree.step(id)?.rules.requestDone(id, with: value, in: &self)
  }

  private mutating func settleDoubt(
    _ id: NodeID, _ node: Node, _ inquiry: Inquiry, notDone problem: WorkFailure
  ) {
    kernel.emit(
      .doubtSettled(
        node.path, DoubtVerdict(isDone: false, means: .lookup, operation: inquiry.read.id)))
    if problem.wasInterrupted { return sendAgain(id) }
    var problem = problem
    problem.effect = .none
    decide(id, problem)
  }

  /// The attempt that was interrupted had no effect: it begins anew, and is the same attempt.
  mutating func sendAgain(_ id: NodeID) {
    guard let (node, state) = kernel.inProgress(id) else { return }
    guard state.stop == nil else { return settle(id, .cancelled) }
    works.begin(id)
    setDeadline(of: id, state)
    do throws(WorkFailure) {
      try state.rules.start(id, node, in: &self)
    } catch {
      fail(id, error)
    }
  }

  /// What a person said about a step in doubt is taken for true.
  mutating func assume(_ assumption: Assumption, of id: NodeID, _ operation: Operation) {
    guard let (node, _) = kernel.inProgress(id) else { return }
    if case .done = assumption {
      kernel.note("`\(node.path)` is done because a person said so", at: id)
    }
    switch assumption {
    case .notDone:
      kernel.emit(.doubtSettled(node.path, DoubtVerdict(isDone: false, means: .assumption)))
      sendAgain(id)
    case .found(var verdict):
      kernel.learn(secretsOf: verdict.value)
      verdict.value = kernel.secrets.hide(in: verdict.value)
      kernel.emit(.doubtSettled(node.path, verdict))
      guard verdict.isDone else { return sendAgain(id) }
      kernel.tree.step(id)?.rules.requestDone(id, with: verdict.value, in: &self)
    case .done(nil) where inquire(id, about: .assumed): break
    case .done(let given):
      var result = given ?? ValueMap()
      for name in operation.answer.keys where result[name] == nil { result[name] = .null }
      kernel.learn(secretsOf: .map(result))
      let value = kernel.secrets.hide(in: .map(result))
      kernel.emit(
        .doubtSettled(node.path, DoubtVerdict(isDone: true, means: .assumption, value: value)))
      kernel.tree.step(id)?.rules.requestDone(id, with: value, in: &self)
    }
  }
}
