import Events
import Expressions
import Operations
import Planning
import Playbooks

/// Groups.
extension StepTree {
  /// The children of a group in their places; none when what they need cannot be evaluated.
  mutating func beginGroup(_ id: NodeID, within settings: RunSettings) {
    guard let node = nodes[id], let step = step(id) else {
      return note(flaw: "a group began that is not in progress")
    }
    switch step.step.kind {
    case .block(let steps):
      groups[id] = GroupState(.block)
      addMember(0, of: id, at: node.path, in: node.scope, steps)
    case .parallel(let branches):
      groups[id] = GroupState(.parallel(branches: branches.map(\.name)))
      for (number, branch) in branches.enumerated() {
        addMember(
          number, of: id, at: node.path.appending(.branch(branch.name)), in: node.scope,
          branch.steps)
      }
    case .play(let playbook, let arguments):
      guard let inputs = try? inputs(of: playbook, arguments, in: node.scope) else { return }
      let scope = addScope(of: playbook, inputs, inside: node.scope)
      groups[id] = GroupState(.play(playbook, scope: scope))
      addMember(0, of: id, at: node.path, in: scope, playbook.steps)
    case .forEach(let loop): beginLoop(loop, id, within: settings)
    case .call, .assert, .wait, .waitUntil, .approve: break
    }
  }

  mutating func addMember(
    _ number: Int, of id: NodeID, at path: StepPath, in scope: ScopeID, _ steps: [PlannedStep]
  ) {
    let member = addSequence(steps, at: path, below: id, in: scope)
    groups[id]?.running[member] = number
  }

  mutating func beginRound(_ number: Int, at path: StepPath) -> NodeID? {
    let loopPath = StepPath(components: Array(path.components.dropLast()))
    guard let id = steps[loopPath], let node = nodes[id],
      case .forEach(let loop, let elements)? = groups[id]?.kind,
      elements.values.indices.contains(number)
    else {
      note(flaw: "`\(path)` is no round of a loop in progress")
      return nil
    }
    groups[id]?.begun += 1
    let scope = addScope(inside: node.scope, variables: elements.variables(of: number, in: loop))
    scopes[scope]?.frame = scope
    addMember(number, of: id, at: path, in: scope, loop.steps)
    // Its first step is what began it.
    consequences.removeLast()
    return sequences[path]
  }

  /// What the first step of a round will see that is about to begin.
  func scope(ofRound number: Int, of id: NodeID) -> Scope? {
    guard let node = nodes[id], case .forEach(let loop, let elements)? = groups[id]?.kind,
      elements.values.indices.contains(number), var scope = scopes[node.scope]
    else { return nil }
    scope.variables.merge(elements.variables(of: number, in: loop)) { $1 }
    return scope
  }

  mutating func endMember(
    _ member: NodeID, of id: NodeID, _ scope: ScopeID, _ ending: Ending
  ) {
    guard let number = groups[id]?.running.removeValue(forKey: member) else {
      return note(flaw: "what ended was no part of its group")
    }
    groups[id]?.note(ending, of: number)
    if case .pages(let reading)? = groups[id]?.kind { return endPages(reading, of: id) }
    guard case .forEach(let loop, _)? = groups[id]?.kind else { return }
    var results = scopes[scope]?.ownResults ?? ValueMap()
    if ending.allowsContinuation, let until = loop.until { noteEnd(until, of: id, in: scope) }
    drop(scope)
    if loop.onFailure == .continue, !ending.allowsContinuation {
      results["error"] =
        ending.result.failure == nil
        ? Ending.roundVariable("the round was cancelled") : ending.errorVariable
    }
    groups[id]?.results[number] = .map(results)
  }

  /// Whether the loop is to go on after a round that ended well.
  private mutating func noteEnd(_ until: Template, of id: NodeID, in scope: ScopeID) {
    do throws(Failure) {
      switch try truth(of: until, in: scope) {
      case .holds: groups[id]?.until.isSatisfied = true
      case .fails, .unknown: break
      }
    } catch {
      if groups[id]?.until.failure == nil { groups[id]?.until.failure = error }
    }
  }

  /// How far the rounds of a loop came, where another attempt goes on from there; nil for other groups.
  func keptRounds(of id: NodeID) -> RoundProgress? {
    guard let group = groups[id] else { return nil }
    return group.stopsAtFailure ? RoundProgress() : group.progress
  }

  mutating func dropGroup(_ id: NodeID) {
    guard let group = groups.removeValue(forKey: id) else { return }
    for member in group.running.keys.sorted() {
      guard let node = nodes.removeValue(forKey: member) else { continue }
      sequences[node.path] = nil
      if case .sequence(let sequence) = node.content, let current = sequence.current {
        note(flaw: "a group ended whose step \(current.number) was in progress")
      }
    }
    switch group.kind {
    case .play(_, let scope): drop(scope)
    case .pages(let reading): drop(reading.scope)
    case .block, .parallel, .forEach: break
    }
  }
}

/// Scopes.
extension StepTree {
  /// A scope inside `parent` that sees all of it, and `variables` besides.
  mutating func addScope(
    inside parent: ScopeID, variables: [String: Value]
  ) -> ScopeID {
    let id = nextScope()
    guard var inner = scopes[parent] else { return id }
    inner.variables.merge(variables) { $1 }
    inner.ownResults = ValueMap()
    inner.publishesTo = nil
    scopes[id] = inner
    return id
  }

  mutating func addScope(
    of playbook: PlannedPlaybook, _ inputs: ValueMap, inside parent: ScopeID
  ) -> ScopeID {
    let id = nextScope()
    let inherited = scopes[parent]?.session ?? .init(credentials: nil, scope: id)
    let session =
      playbook.session.map { Scope.DefaultSession(credentials: $0, scope: id) } ?? inherited
    var scope = Scope(inputs: inputs, session: session, play: id, frame: id)
    scope.finished.used = playbook.uses.steps
    bind(playbook.locals, in: &scope)
    scopes[id] = scope
    return id
  }

  mutating func drop(_ scope: ScopeID) {
    guard scopes.removeValue(forKey: scope) != nil else { return }
    consequences.append(.scopeEnded(scope))
  }

  mutating func nextScope() -> ScopeID {
    nextNumber += 1
    return ScopeID(number: nextNumber)
  }

  mutating func add(_ node: Node) -> NodeID {
    nextNumber += 1
    let id = NodeID(number: nextNumber)
    nodes[id] = node
    return id
  }
}

/// Stopping.
extension StepTree {
  mutating func stop(below path: StepPath, because reason: StopReason) {
    guard let id = steps[path] else {
      return note(flaw: "`\(path)` is stopped, which is not in progress")
    }
    switch reason {
    case .timedOut(let failure): stop(id, because: .timedOut(failure))
    case .stepFailed(let origin):
      if groups[id]?.standing == .whole { groups[id]?.standing = .breaking }
      for member in groups[id]?.running.keys.sorted() ?? [] {
        // The play that failed may still be being undone.
        guard let node = nodes[member], node.path == path || !origin.isInside(node.path) else {
          continue
        }
        stop(member, because: .cancelled(.sibling))
      }
    }
  }

  /// No further step below `id` begins.
  mutating func stop(_ id: NodeID, because cause: StopCause) {
    switch nodes[id]?.content {
    case .sequence(var sequence):
      guard !sequence.isProtected, !sequence.isStopped else { return }
      sequence.isStopped = true
      nodes[id]?.content = .sequence(sequence)
      if let current = sequence.current {
        stop(current, because: cause)
      } else {
        end(id, .cancelled)
      }
    case .step(let step): stop(id, step, because: cause)
    case nil: break
    }
  }

  mutating func stop(_ id: NodeID, _ step: StepState, because cause: StopCause) {
    switch (step.stop, cause) {
    case (.cancelled, _), (.timedOut, .timedOut): return
    case (.timedOut, .cancelled):
      // Its children are being stopped already; what changes is that no attempt follows.
      return update(id) { $0.stop = cause }
    case (nil, _): update(id) { $0.stop = cause }
    }
    let passedDown = StopCause.cancelled(cause.passedDown(from: nodes[id]?.path ?? .root))
    switch step.phase {
    case .working:
      guard let group = groups[id] else { return consequences.append(.stepStopped(id)) }
      for member in group.running.keys.sorted() { stop(member, because: passedDown) }
    case .backingOff: consequences.append(.stepStopped(id))
    case .rescuing(let child, _): stop(child, because: passedDown)
    case .rescued, .undoing, .concluding, .ended: break
    }
  }
}
