import Events
import Operations
import Planning

/// A run that is continued after an interruption.
///
/// What is recorded says how far each step came; timers, calls and sessions are built anew from that.
/// A step whose next event follows without anything from outside (the run was interrupted between
/// two events of one commit) continues from there, too.
extension RunMachine {
  mutating func resume(as resumption: RunResumption) {
    var resumption = resumption
    if let endedAt = kernel.state.overview.latestAt {
      resumption.reopening?.pause = kernel.now - endedAt
    }
    kernel.emit(.runResumed(resumption))
    guard !guidance.isInquiry else { return beginInquiries() }
    if let ending = kernel.tree.root?.ending { return rootEnded(ending) }
    openDefaultSession()
    guard ending == nil else { return }
    restoreTurns()
    restoreVoteSlots()
    for id in kernel.tree.nodes.keys.sorted() { kernel.schedule(.resume(id)) }
  }

  /// Takes up one node of the tree, unless it is gone meanwhile.
  mutating func resume(_ id: NodeID) {
    guard let node = kernel.tree.nodes[id] else { return }
    switch node.content {
    case .sequence(let sequence):
      if sequence.current == nil { kernel.schedule(.consequence(.sequenceContinues(id))) }
    case .step(let step):
      switch step.phase {
      case .working: resumeWork(of: id, node, step)
      case .backingOff:
        kernel.wake(for: .backoff(id), at: step.progress.pause?.end ?? kernel.now)
      case .rescuing, .undoing, .concluding: break
      case .rescued(let ending): _ = undo(id, after: ending)
      case .ended(let ending): finish(id, ending)
      }
    }
  }

  private mutating func resumeWork(of id: NodeID, _ node: Node, _ step: StepState) {
    let rules = step.rules
    if rules.isGroup, kernel.tree.groups[id] != nil {
      setDeadline(of: id, step)
      return rules.memberEnded(id, in: &self)
    }
    guard !step.progress.isUntouched else { return enter(id) }
    if case .cancelled? = step.stop, !rules.isInFlight(step.progress) {
      return settle(id, .cancelled)
    }
    works.begin(id)
    setDeadline(of: id, step)
    do throws(WorkFailure) {
      if guidance.planning == nil {
        try rules.resume(id, node, step.progress, in: &self)
      } else {
        // A plan is never continued: the step waited for its turn.
        try rules.foresee(id, node, in: &self)
      }
    } catch {
      return fail(id, error)
    }
    if case .cancelled? = step.stop { kernel.schedule(.consequence(.stepStopped(id))) }
  }

  /// The time that was left to the attempt still is; what passed meanwhile counts.
  ///
  /// A limit that nobody set begins anew.
  mutating func setDeadline(of id: NodeID, _ step: StepState) {
    guard let timeout = timeout(of: step) else { return }
    let start =
      step.step.modifiers.timeout == nil ? kernel.now : step.progress.attempt.startedAt
    kernel.wake(for: .deadline(id), at: start + timeout)
  }
}

/// Only finding out what requests did.
extension RunMachine {
  /// Asks about every request of which nobody knows whether it had its effect.
  private mutating func beginInquiries() {
    for id in kernel.tree.nodes.keys.sorted() {
      guard let node = kernel.tree.nodes[id], let step = kernel.tree.step(id),
        case .working = step.phase, step.rules.isInFlight(step.progress),
        let rules = step.rules.request(of: step.progress, at: node, in: self),
        step.progress.exchange?.verdict == nil || rules.isRefusedRepeat(step.progress)
      else { continue }
      var problem =
        rules.doubt(about: step.progress)
        ?? .interrupted("its command was in progress", rules.operation)
      if step.progress.exchange?.answer?.commandID != nil { problem.mayStillHappen = true }
      if !inquire(id, about: .failed(problem)) {
        var failure = problem.failure
        failure.message = "no read shows it"
        reportDoubt(node, failure)
      }
    }
    finishInquiries()
  }

  /// Ends the run once nothing is being found out any more.
  mutating func finishInquiries() {
    guard !works.hasInquiries, ending == nil else { return }
    conclude(RunResult(outcome: .inDoubt))
  }
}
