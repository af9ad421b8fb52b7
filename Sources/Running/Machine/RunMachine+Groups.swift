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
  private mutating func startGroup(_ id: NodeID, _ kind: GroupState.Kind) {
    groups[id] = GroupState(kind)
    setWork(id, .group)
  }

  mutating func startBlock(_ id: NodeID, _ node: Node, _ steps: [PlannedStep]) {
    startGroup(id, .block)
    startMember(0, of: id, path: node.path, scope: node.scope, steps)
  }

  mutating func startParallel(_ id: NodeID, _ node: Node, _ branches: [PlannedBranch]) {
    startGroup(id, .parallel)
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

  mutating func startForEach(
    _ id: NodeID, _ node: Node, _ items: Template, _ variable: String, _ concurrency: Int,
    _ steps: [PlannedStep]
  ) throws(WorkFailure) {
    let values = try orSettled { () throws(Failure) in
      try elements(of: items, in: node.scope)
    }
    startGroup(
      id,
      .forEach(
        GroupState.Loop(
          items: values, variable: variable, concurrency: concurrency, steps: steps)))
    startIterations(id)
  }

  /// The element of the round whose first step `node` is, as far as it may be shown.
  func elementOfRound(beginningWith node: Node) -> String? {
    guard let parent = node.parent, let round = nodes[parent],
      case .iteration(let index)? = round.path.components.last,
      case .sequence(let sequence) = round.content, sequence.next == 1,
      let loop = round.parent.flatMap({ groups[$0] }), case .forEach(let kind) = loop.kind
    else { return nil }
    return kind.items[index].shownElement.map { scrubber.scrub($0) }
  }

  private func elements(of items: Template, in scope: ScopeID) throws(Failure) -> [Value] {
    let value = try evaluate(items, in: scope)
    let list: [Value]
    switch value {
    case .list(let elements): list = elements
    case .secret(let secret):
      guard case .list(let elements) = secret.reveal() else { fallthrough }
      list = elements.map(\.hidden)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .map, .timestamp, .duration, .type:
      throw Failure(.expectation, "`for-each` needs a list", location: items.location)
    }
    guard list.count <= settings.iterationLimit else {
      throw Failure(
        .expectation, "the list has \(list.count) elements; at most \(settings.iterationLimit)",
        location: items.location)
    }
    return list
  }

  /// Begins iterations until as many are under way as may be; ends the loop when none is left.
  private mutating func startIterations(_ id: NodeID) {
    guard let node = nodes[id], case .step(let step) = node.content,
      let group = groups[id], case .forEach(let loop) = group.kind
    else { return }
    var next = group.next
    let room = loop.concurrency - group.running.count
    if step.stop == nil, group.broken == nil, room > 0 {
      let end = min(next + room, loop.items.count)
      while next < end {
        let scope = addInnerScope(of: node.scope, variables: [loop.variable: loop.items[next]])
        startMember(
          next, of: id, path: node.path.appending(.iteration(next)), scope: scope, loop.steps)
        next += 1
      }
      groups[id]?.next = next
    }
    if groups[id]?.running.isEmpty ?? false { groupEnded(id) }
  }

  private mutating func startMember(
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
      let kind = groups[id]?.kind, let breaks = groups[id]?.note(ending)
    else { return }
    if breaks { stopMembers(of: id, because: .sibling) }
    switch kind {
    case .forEach:
      groups[id]?.results[index] = .map(scopes[scope]?.ownResults ?? ValueMap())
      scopes[scope] = nil
      startIterations(id)
    case .block, .parallel, .play:
      if groups[id]?.running.isEmpty ?? false { groupEnded(id) }
    }
  }

  /// Stops all children under way, in the order they began.
  mutating func stopMembers(of id: NodeID, because cancellation: Cancellation) {
    let members = groups[id]?.running.keys.sorted { $0.number < $1.number } ?? []
    for member in members { stop(member, because: .cancelled(cancellation)) }
  }

  private mutating func groupEnded(_ id: NodeID) {
    guard let step = stepState(id), let group = groups.removeValue(forKey: id) else { return }
    defer { if case .play(_, let scope) = group.kind { scopes[scope] = nil } }
    // Whatever ended the group: what is in doubt stays so, and nothing of it is tried again.
    if let broken = group.broken, broken.result.outcome == .inDoubt {
      updateStep(id) { $0.stop = nil }
      return settle(id, broken)
    }
    if case .timedOut(let failure) = step.stop {
      updateStep(id) { $0.stop = nil }
      return fail(id, WorkFailure(failure, effect: .none))
    }
    if let broken = group.broken { return groupFailed(id, broken) }
    do throws(WorkFailure) {
      succeed(id, with: try value(of: group))
    } catch {
      fail(id, error)
    }
  }

  private mutating func groupFailed(_ id: NodeID, _ broken: Ending) {
    guard broken.result.outcome == .failed, let failure = broken.result.failure else {
      return settle(id, broken)
    }
    fail(id, WorkFailure(failure, effect: .none, origin: broken.origin))
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

extension Value {
  /// So many characters of an element are shown.
  private static var longestShownElement: Int { 40 }

  /// A scalar's text where it is short and not secret.
  fileprivate var shownElement: String? {
    switch self {
    case .string(let text): text.count <= Self.longestShownElement ? text : nil
    case .bool, .int, .uint, .double: displayText
    case .null, .bytes, .list, .map, .timestamp, .duration, .type, .secret: nil
    }
  }
}
