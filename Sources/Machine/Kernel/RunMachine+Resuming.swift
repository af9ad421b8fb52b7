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
    kernel.emit(.runResumed(resumption))
    if let ending = kernel.tree.rootEnding { return rootEnded(ending) }
    openDefaultSession()
    guard ending == nil else { return }
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
      case .rescuing, .concluding: break
      case .ended(let ending): finish(id, ending)
      }
    }
  }

  private mutating func resumeWork(of id: NodeID, _ node: Node, _ step: StepState) {
    let rules = step.step.rules
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
      try rules.resume(id, node, step.progress, in: &self)
    } catch {
      return fail(id, error)
    }
    if case .cancelled? = step.stop { kernel.schedule(.consequence(.stepStopped(id))) }
  }

  /// The time that was left to the attempt still is; what passed meanwhile counts.
  private mutating func setDeadline(of id: NodeID, _ step: StepState) {
    guard let timeout = timeout(of: step.step) else { return }
    kernel.wake(for: .deadline(id), at: step.progress.attempt.startedAt + timeout)
  }
}
