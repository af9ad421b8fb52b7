import Playbooks
import Events
import Expressions
import Operations
import OrderedCollections
import Planning

/// Sequences: one step after another.
extension RunMachine {
  /// Begins the sequence's next step, or ends it.
  mutating func advance(_ id: NodeID) {
    guard var node = nodes[id], case .sequence(var sequence) = node.content else { return }
    guard sequence.next < sequence.steps.count else {
      return leave(id, Ending(StepResult(outcome: .succeeded)))
    }
    guard !sequence.isStopped else { return leave(id, .cancelled) }
    let step = sequence.steps[sequence.next]
    let child = add(
      Node(
        parent: id, path: node.path.appending(.step(step.id)), scope: node.scope,
        content: .step(StepState(step: step))))
    sequence.next += 1
    sequence.current = child
    node.content = .sequence(sequence)
    nodes[id] = node
    agenda.append(.begin(child))
  }

  private mutating func leave(_ id: NodeID, _ ending: Ending) {
    guard let node = nodes.removeValue(forKey: id) else { return }
    if let parent = node.parent {
      agenda.append(.ended(id, parent: parent, scope: node.scope, ending))
    } else {
      rootEnded(ending, scope: node.scope)
    }
  }

  mutating func childEnded(
    _ child: NodeID, of parent: NodeID, in scope: ScopeID, _ ending: Ending
  ) {
    guard let node = nodes[parent] else { return }
    switch node.content {
    case .sequence:
      if ending.result.outcome.allowsContinuation { advance(parent) } else { leave(parent, ending) }
    case .step(let step):
      switch step.phase {
      case .working(.group): memberEnded(child, of: parent, scope, ending)
      case .rescuing(_, let after):
        scopes[scope] = nil
        rescueEnded(parent, ending, after)
      case .concluding(_, let after):
        scopes[scope] = nil
        alwaysEnded(parent, ending, after)
      case .ready, .backingOff, .working: break
      }
    }
  }

  private mutating func rescueEnded(_ id: NodeID, _ ending: Ending, _ after: Ending) {
    guard ending.result.outcome.allowsContinuation else {
      // A rescue that fails leaves the failure it was for; in doubt or cancelled weighs more.
      return startAlways(id, after: ending.result.outcome == .failed ? after : ending)
    }
    var tolerated = after
    tolerated.result.outcome = .tolerated
    startAlways(id, after: tolerated)
  }

  private mutating func alwaysEnded(_ id: NodeID, _ ending: Ending, _ after: Ending) {
    let endsWell = ending.result.outcome.allowsContinuation
    let wasWell = after.result.outcome.allowsContinuation
    leave(step: id, wasWell && !endsWell ? ending : after)
  }
}

/// Groups: play, for-each, parallel, block.
extension RunMachine {
  mutating func startGroup(
    _ id: NodeID, _ kind: GroupState.Kind, keeping kept: [Int: Value] = [:]
  ) {
    groups[id] = GroupState(kind, keeping: kept)
    setWork(id, .group)
  }

  mutating func startBlock(_ id: NodeID, _ node: Node, _ steps: [PlannedStep]) {
    startGroup(id, .block)
    startMember(0, of: id, path: node.path, scope: node.scope, steps)
  }

  mutating func startParallel(_ id: NodeID, _ node: Node, _ branches: [PlannedBranch]) {
    startGroup(id, .parallel(branches: branches.map(\.name)))
    for (index, branch) in branches.enumerated() {
      startMember(
        index, of: id, path: node.path.appending(.branch(branch.name)), scope: node.scope,
        branch.steps)
    }
  }

  mutating func startPlay(
    _ id: NodeID, _ node: Node, _ playbook: PlannedPlaybook,
    _ arguments: OrderedDictionary<String, Template>
  ) throws(WorkFailure) {
    let scope = try orSettled { () throws(Failure) in
      var inputs = try evaluate(arguments, in: node.scope)
      try playbook.complete(&inputs)
      let inherited = scopes[node.scope]?.session
      let scope = addScope(
        Scope(inputs: inputs, steps: ValueMap(), variables: [:], session: inherited))
      if playbook.session != nil {
        let session = try session(for: playbook.session, in: scope)
        scopes[scope]?.session = session
      }
      return scope
    }
    startGroup(id, .play(playbook, scope: scope))
    startMember(0, of: id, path: node.path, scope: scope, playbook.steps)
  }

  mutating func startMember(
    _ index: Int, of id: NodeID, path: StepPath, scope: ScopeID, _ steps: [PlannedStep]
  ) {
    let child = add(
      Node(
        parent: id, path: path, scope: scope,
        content: .sequence(SequenceState(steps: steps, isProtected: false))))
    groups[id]?.running[child] = index
    agenda.append(.begin(child))
  }

  private mutating func memberEnded(
    _ child: NodeID, of id: NodeID, _ scope: ScopeID, _ ending: Ending
  ) {
    guard let index = groups[id]?.running.removeValue(forKey: child),
      let kind = groups[id]?.kind, let stops = groups[id]?.note(ending, of: index)
    else { return }
    if stops { stopMembers(of: id, because: .sibling) }
    switch kind {
    case .forEach(let loop, _):
      roundEnded(index, of: loop, at: id, scope, ending)
      startIterations(id)
    case .block, .parallel, .play:
      if groups[id]?.running.isEmpty ?? false { groupEnded(id) }
    }
  }

  /// Stops all children in progress, in the order they began.
  mutating func stopMembers(of id: NodeID, because cancellation: Cancellation) {
    let members = groups[id]?.running.keys.sorted { $0.number < $1.number } ?? []
    for member in members { stop(member, because: .cancelled(cancellation)) }
  }

  mutating func groupEnded(_ id: NodeID) {
    guard let step = stepState(id), let group = groups.removeValue(forKey: id) else { return }
    defer { if case .play(_, let scope) = group.kind { scopes[scope] = nil } }
    // Whatever ended the group: what is in doubt stays so, and nothing of it is tried again.
    if let broken = group.broken, broken.result.outcome == .inDoubt {
      updateStep(id) { $0.stop = nil }
      return settle(id, broken.giving(keptValue(of: group)))
    }
    if case .timedOut(let failure) = step.stop {
      updateStep(id) { $0.stop = nil }
      if !group.stopsAtFailure { updateStep(id) { $0.keptRounds = group.finishedRounds } }
      return fail(id, WorkFailure(failure, effect: .none, value: keptValue(of: group)))
    }
    if let broken = group.broken { return groupFailed(id, broken, group) }
    // Rounds that never began because the loop was stopped are not done.
    guard group.waiting.isEmpty else {
      return settle(id, Ending.cancelled.giving(keptValue(of: group)))
    }
    do throws(WorkFailure) {
      succeed(id, with: try value(of: group))
    } catch {
      fail(id, error)
    }
  }

  private mutating func groupFailed(_ id: NodeID, _ broken: Ending, _ group: GroupState) {
    guard broken.result.outcome == .failed, let failure = failure(of: group) else {
      return settle(id, broken.giving(keptValue(of: group)))
    }
    if !group.stopsAtFailure { updateStep(id) { $0.keptRounds = group.finishedRounds } }
    fail(
      id,
      WorkFailure(failure, effect: .none, origin: broken.origin, value: keptValue(of: group)))
  }

  private func value(of group: GroupState) throws(WorkFailure) -> Value {
    switch group.kind {
    case .block, .parallel: return [:]
    case .forEach: return .list(group.results)
    case .play(let playbook, let scope):
      return try orSettled { () throws(Failure) -> Value in
        .map(try outputs(of: playbook, in: scope))
      }
    }
  }
}
