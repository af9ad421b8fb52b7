import Events
import Expressions
import Operations
import Planning

/// Steps.
extension StepTree {
  /// The step at `path`, the next of its sequence, is in progress.
  mutating func begin(_ path: StepPath, at moment: Moment) -> NodeID? {
    guard let id = sequence(around: path), let node = nodes[id],
      case .sequence(var sequence) = node.content, sequence.next < sequence.steps.count
    else {
      note(flaw: "`\(path)` began although it was not its turn")
      return nil
    }
    let planned = sequence.steps[sequence.next]
    let scope =
      sequence.role == .undo
      ? undoScope(of: sequence.scopes[sequence.next], inside: node.scope)
      : ownScope(of: planned, inside: node.scope)
    let (settled, flaw) = settled(planned, in: scope)
    let step = StepState(step: settled, flaw: flaw, startedAt: moment)
    let child = add(Node(parent: id, path: path, scope: scope, content: .step(step)))
    sequence.next += 1
    sequence.current = child
    nodes[id]?.content = .sequence(sequence)
    steps[path] = child
    undos.takeUp(path, from: node.parent, to: child)
    return child
  }

  mutating func beginAttempt(at path: StepPath, within settings: RunSettings) {
    guard let id = steps[path] else { return }
    update(id) { $0.phase = .working }
    beginGroup(id, within: settings)
  }

  mutating func failAttempt(at path: StepPath) {
    guard let id = steps[path] else { return }
    let rounds = keptRounds(of: id)
    dropGroup(id)
    dropAftermath(of: id)
    update(id) { step in
      step.phase = .backingOff
      step.stop = nil
      if let rounds { step.rounds = rounds }
    }
  }

  /// A step that was over begins anew: what remains of the steps that followed its work is gone.
  private mutating func dropAftermath(of id: NodeID) {
    switch step(id)?.phase {
    case .rescuing(let sequence, _), .undoing(let sequence, _), .concluding(let sequence, _):
      guard let node = nodes.removeValue(forKey: sequence) else { return }
      sequences[node.path] = nil
      drop(node.scope)
    case .working, .backingOff, .rescued, .ended, nil: break
    }
  }

  /// The work of a step that has steps of `rescue` or `always` is over.
  mutating func endWork(at path: StepPath, _ ending: Ending) {
    guard let id = steps[path], let node = nodes[id], let step = step(id) else { return }
    dropGroup(id)
    if step.step.keepsResults {
      publish(ending.result, of: step.step, at: node.path, in: node.scope)
    }
    update(path) { step in
      if case .timedOut = step.stop { step.stop = nil }
    }
    if ending.result.outcome == .failed, self.step(id)?.stop == nil,
      !step.step.modifiers.rescue.isEmpty
    {
      beginRescue(of: id, node, step.step, after: ending)
    } else {
      beginAlways(of: id, after: ending)
    }
  }

  mutating func beginRescue(
    of id: NodeID, _ node: Node, _ step: PlannedStep, after ending: Ending
  ) {
    let scope = addScope(inside: node.scope, variables: ["error": ending.errorVariable])
    let steps = addSequence(
      step.modifiers.rescue, at: node.path.appending(.rescue), below: id, in: scope)
    update(node.path) { $0.phase = .rescuing(steps, after: ending) }
  }

  mutating func beginAlways(of id: NodeID, after ending: Ending) {
    guard let node = nodes[id], let step = step(id)?.step else {
      return note(flaw: "`always` of a step that is not in progress")
    }
    guard !step.modifiers.always.isEmpty else {
      return update(node.path) { $0.phase = .ended(ending) }
    }
    let scope = addScope(inside: node.scope, variables: [:])
    let steps = addSequence(
      step.modifiers.always, at: node.path.appending(.always), below: id, in: scope, role: .always)
    update(node.path) { $0.phase = .concluding(steps, after: ending) }
  }

  /// A run that was over goes on: another attempt begins of the steps that did not end well.
  mutating func reopen(_ reopening: Reopening) {
    for path in reopening.again {
      failAttempt(at: path)
      update(path) { $0.progress.beginAgain() }
    }
    for id in steps.values { update(id) { $0.progress.shift(by: reopening.pause) } }
  }

  mutating func reuse(_ path: StepPath, _ given: StepResult?, at moment: Moment) {
    guard let id = begin(path, at: moment), let result = given ?? reusableResult(of: id) else {
      return note(flaw: "`\(path)` has no result to be reused")
    }
    leave(id, Ending(result), isReused: true)
  }

  mutating func finish(_ path: StepPath, _ result: StepResult, _ sequence: Int) {
    guard let id = steps[path], let node = nodes[id], let step = step(id) else { return }
    if [.succeeded, .unchanged].contains(result.outcome) {
      keep(
        result, of: step.step, at: node,
        sequence)
    }
    if result.changes(at: path) == true { keepChange(of: node) }
    let ending = Ending(result, origin: origin(of: result.outcome, at: id))
    dropGroup(id)
    leave(id, ending)
  }

  /// The innermost step that decided how the step at `id` ends.
  func origin(of outcome: Outcome, at id: NodeID) -> StepPath? {
    guard outcome != .cancelled, !outcome.allowsContinuation, let node = nodes[id],
      let step = step(id)
    else { return nil }
    if case .ended(let ending) = step.phase { return ending.origin }
    guard let broken = groups[id]?.broken else { return node.path }
    if case .timedOut = step.stop, broken.result.outcome != .inDoubt { return node.path }
    return broken.origin
  }

  /// The step is over: its result is there for those that follow.
  mutating func leave(_ id: NodeID, _ ending: Ending, isReused: Bool = false) {
    guard let node = nodes.removeValue(forKey: id), case .step(let step) = node.content else {
      return
    }
    steps[node.path] = nil
    guard let parent = node.parent, var sequence = sequence(parent) else {
      return note(flaw: "`\(node.path)` belonged to no list of steps")
    }
    if let (loop, reading) = pageReading(in: parent) {
      return endPage(ending, in: parent, sequence, of: loop, reading)
    }
    if !isReused {
      settleUndos(
        of: id, node, step, ending.result, seeing: scopes[node.scope], in: sequence)
    }
    let outer = nodes[parent]?.scope ?? node.scope
    if outer != node.scope { drop(node.scope) }
    publish(ending.result, of: step.step, at: node.path, in: outer)
    bindLocals(after: step.step, in: outer)
    noteChanges(ending.result.changes(at: node.path), in: parent)
    sequence.current = nil
    let ending = sequence.role == .undo ? noteUndone(ending, in: parent, &sequence) : ending
    nodes[parent]?.content = .sequence(sequence)
    if !ending.allowsContinuation { return end(parent, ending) }
    if sequence.next == sequence.steps.count { return end(parent, .succeeded) }
    if sequence.isStopped { return end(parent, .cancelled) }
    consequences.append(.sequenceContinues(parent))
  }

  /// The result of `step` is there in `scope`, and in those around it that see its results.
  mutating func publish(
    _ result: StepResult, of step: PlannedStep, at path: StepPath, in scope: ScopeID
  ) {
    let value = result.annotatedValue(at: path)
    let empty: Outcome? =
      switch result.outcome {
      case .skipped, .tolerated, .failed, .cancelled, .inDoubt:
        result.value == [:] ? result.outcome : nil
      case .succeeded, .unchanged: nil
      }
    let attributes: [String: Value]? =
      if case .list = value { result.attributes(at: path) } else { nil }
    var next: ScopeID? = scope
    while let scope = next {
      if scopes[scope]?.finished.used?.contains(step.id) ?? true {
        scopes[scope]?.steps[step.id] = value
        scopes[scope]?.finished.listAttributes[step.id] = attributes
      }
      // Nothing gathers the results of a whole playbook.
      if scopes[scope]?.play != scope { scopes[scope]?.ownResults[step.id] = value }
      scopes[scope]?.finished.empty[step.id] = empty
      next = scopes[scope]?.publishesTo
    }
  }

  mutating func update(_ path: StepPath, _ change: (inout StepState) -> Void) {
    guard let id = steps[path] else {
      return note(flaw: "something happened in `\(path)`, which is not in progress")
    }
    update(id, change)
  }

  mutating func update(_ id: NodeID, _ change: (inout StepState) -> Void) {
    guard case .step(var step)? = nodes[id]?.content else {
      return note(flaw: "a step changed that is not in progress")
    }
    nodes[id]?.content = .sequence(SequenceState(steps: []))
    change(&step)
    nodes[id]?.content = .step(step)
  }
}

/// Sequences.
extension StepTree {
  /// The sequence that the step at `path` belongs to; that of a round begins with its first step.
  mutating func sequence(around path: StepPath) -> NodeID? {
    let around = StepPath(components: Array(path.components.dropLast()))
    if let known = sequences[around] { return known }
    guard case .iteration(let number)? = around.components.last else { return nil }
    return beginRound(number, at: around)
  }

  mutating func addSequence(
    _ steps: [PlannedStep], at path: StepPath, below parent: NodeID?, in scope: ScopeID,
    role: SequenceState.Role = .work
  ) -> NodeID {
    let state = SequenceState(steps: steps, role: role)
    let id = add(Node(parent: parent, path: path, scope: scope, content: .sequence(state)))
    sequences[path] = id
    consequences.append(.sequenceContinues(id))
    return id
  }

  /// The sequence is over, and so is what it is a part of, or its next part begins.
  mutating func end(_ id: NodeID, _ ending: Ending) {
    guard let node = nodes.removeValue(forKey: id) else { return }
    sequences[node.path] = nil
    guard let parent = node.parent else { return endRoot(node, ending) }
    guard let step = step(parent) else {
      return note(flaw: "the steps of `\(node.path)` belonged to no step")
    }
    switch step.phase {
    case .working: endMember(id, of: parent, node.scope, ending)
    case .rescuing(_, let after):
      drop(node.scope)
      endRescue(of: parent, ending, after)
    case .undoing(_, let after):
      drop(node.scope)
      guard case .sequence(let undo) = node.content else { return }
      beginAlways(of: parent, after: self.ending(after, undoneBy: undo, ending))
    case .concluding(_, let after):
      drop(node.scope)
      let decides = after.allowsContinuation && !ending.allowsContinuation
      update(parent) { $0.phase = .ended(decides ? ending : after) }
    case .backingOff, .rescued, .ended: break
    }
    consequences.append(.stepContinues(parent))
  }

  /// The outermost steps are over, or what they changed is undone.
  private mutating func endRoot(_ node: Node, _ ending: Ending) {
    var ending = ending
    if let after = root?.undoing, case .sequence(let undo) = node.content {
      drop(node.scope)
      ending = self.ending(after, undoneBy: undo, ending)
      root?.undoing = nil
      root?.isUndone = true
    }
    root?.ending = ending
    consequences.append(.rootEnded(ending))
  }

  mutating func endRescue(of id: NodeID, _ ending: Ending, _ after: Ending) {
    guard ending.allowsContinuation else {
      // A rescue that fails leaves the failure it was for; in doubt or cancelled weighs more.
      let decisive = ending.result.outcome == .failed ? after : ending
      guard !undoes(id, after: decisive) else {
        return update(id) { $0.phase = .rescued(decisive) }
      }
      return beginAlways(of: id, after: decisive)
    }
    var tolerated = after
    tolerated.result.outcome = .tolerated
    beginAlways(of: id, after: tolerated)
  }
}

/// Reuse: what a group that is retried does not do again.
///
/// A finished operation whose repeat is neither safe nor harmless is reused, and with it every call
/// that finished before it: its arguments came from those, and with newer ones its result would
/// belong to nothing (a token reserved anew, say, that no data was exchanged for).
extension StepTree {
  /// The result that the step at `id`, or the step about to begin in that sequence, had in an earlier
  /// attempt of a group around it, when it is to be reused.
  func reusableResult(of id: NodeID) -> StepResult? {
    guard let node = nodes[id], let step = step(id)?.step else { return nil }
    return reusableResult(of: step, at: node.path, below: node.parent)
  }

  func reusableResult(
    of step: PlannedStep, at path: StepPath, below parent: NodeID?
  ) -> StepResult? {
    guard step.kind.isCall else { return nil }
    var ancestor = parent
    while let id = ancestor, let above = nodes[id] {
      if case .step(let group) = above.content, group.progress.attempt.number > 1,
        let recorded = group.reuse.results[path], recorded.sequence <= group.reuse.through
      {
        return recorded.result
      }
      ancestor = above.parent
    }
    return nil
  }

  mutating func keep(
    _ result: StepResult, of step: PlannedStep, at node: Node, _ sequence: Int
  ) {
    guard step.kind.isCall else { return }
    let mustNotRepeat = step.kind.mustNotRepeat
    for id in groups(above: node) where keepsResults(of: node, in: id) {
      update(id) { group in
        group.reuse.results[node.path] = .init(
          result: result, sequence: sequence, isFinal: mustNotRepeat)
        if mustNotRepeat { group.reuse.through = sequence }
      }
    }
  }

  private func keepsResults(of node: Node, in id: NodeID) -> Bool {
    guard let group = nodes[id], case .step(let step) = group.content else { return false }
    return (step.step.modifiers.retry != nil || keptGroups.contains(group.path))
      && !node.path.isAftermath(below: group.path)
  }

  /// The steps around a node, the innermost first.
  private func groups(above node: Node) -> [NodeID] {
    var groups: [NodeID] = []
    var ancestor = node.parent
    while let id = ancestor, let above = nodes[id] {
      if case .step = above.content { groups.append(id) }
      ancestor = above.parent
    }
    return groups
  }
}

/// Changes: what `steps.ID.changed` shows.
extension StepTree {
  /// A step of the sequence `id` is over and changed something, or may have: so did the step around it.
  private mutating func noteChanges(_ changes: Value, in id: NodeID) {
    guard changes != .null, let group = nodes[id]?.parent else { return }
    update(group) { $0.changesBelow = $0.changesBelow.joinedChanges(with: changes) }
  }

  /// A step that changed something did so, whatever a further attempt of a group around it finds.
  private mutating func keepChange(of node: Node) {
    for id in groups(above: node) where keepsResults(of: node, in: id) {
      update(id) { $0.reuse.changed.insert(node.path) }
    }
  }

  /// `result` with what was changed below the step at `id`, and in earlier attempts of groups around it, and
  /// how the steps of its rounds ended.
  func notingParts(_ result: StepResult, of id: NodeID) -> StepResult {
    guard let node = nodes[id], let step = step(id) else { return result }
    var changes = result.changesBelow ?? StepChanges()
    changes.any = changes.any.joinedChanges(with: step.changesBelow)
    let changedBefore = groups(above: node).contains { group in
      self.step(group)?.reuse.changed.contains(node.path) ?? false
    }
    if changedBefore {
      changes.any = true
    }
    var result = result
    if case .forEach? = groups[id]?.kind {
      let rounds = groups[id]?.givenResults ?? []
      changes.rounds = StepChanges.rounds(of: rounds)
      result.outcomes = StepOutcomes(rounds: StepOutcomes.rounds(of: rounds))
    }
    result.changesBelow = changes == StepChanges() ? nil : changes
    return result
  }
}

extension StepPath {
  /// Whether it belongs to a `rescue`, `always` or `undo` of a step below `path`, or of that itself: what
  /// was cleaned up is cleaned up again after another attempt.
  fileprivate func isAftermath(below path: StepPath) -> Bool {
    components.dropFirst(path.depth).contains { component in
      switch component {
      case .rescue, .always, .undo: true
      case .step, .iteration, .branch: false
      }
    }
  }
}
