import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Undoing: what the steps of a playbook changed is taken back, the latest change first.
extension StepTree {
  /// Whether what was changed below the step is taken back when its work ends so.
  func undoes(_ id: NodeID, after ending: Ending) -> Bool {
    guard case .play(let playbook, _)? = step(id)?.step.kind else { return false }
    return playbook.undoCauses.contains(after: ending) && undos.canUndo(below: id)
  }

  /// The same of the run itself.
  func undoesRun(after outcome: Outcome) -> Bool {
    guard let root, !root.isUndone else { return false }
    return root.undoCauses.contains(after: Ending(StepResult(outcome: outcome)))
      && undos.canUndo(below: nil)
  }

  mutating func beginUndo(at path: StepPath, _ undoing: Undoing, within settings: RunSettings) {
    let after = Ending(undoing.end.result, origin: undoing.end.origin)
    guard path != .root else {
      root?.ending = nil
      root?.undoing = after
      _ = addUndo(undoing, at: path, below: nil, within: settings)
      return
    }
    guard let id = steps[path], step(id) != nil else {
      return note(flaw: "`\(path)` is undone, which is not in progress")
    }
    dropGroup(id)
    update(id) { step in
      if case .timedOut = step.stop { step.stop = nil }
    }
    let sequence = addUndo(undoing, at: path, below: id, within: settings)
    update(id) { $0.phase = .undoing(sequence, after: after) }
    forgetResults(below: path, of: id)
  }

  /// The sequence with a step for each change that is undone.
  private mutating func addUndo(
    _ undoing: Undoing, at path: StepPath, below parent: NodeID?, within settings: RunSettings
  ) -> NodeID {
    let all = undos.take(below: parent)
    let armed = Array(all.filter(\.canBeUndone).reversed())
    undos.forget(armed)
    undos.putBack(all.filter { !$0.canBeUndone }, undoneAt: path, to: parent)
    if armed.map(\.path) != undoing.steps {
      note(flaw: "what is undone at `\(path)` is not what its steps changed")
    }
    let scope = addBareScope()
    var state = SequenceState(steps: [], role: .undo)
    for (number, undo) in armed.enumerated() {
      guard case .steps(let steps, let seen, let location) = undo.remedy else { continue }
      state.steps.append(
        PlannedStep(
          id: "\(number + 1)-\(undo.path.lastStep)", title: "undo \(undo.path)",
          kind: .block(steps),
          modifiers: PlannedModifiers(
            timeout: steps.ownTime(within: settings).map {
              .constant(settings.steps.undoTimeout + $0)
            }),
          location: location))
      state.scopes.append(seen)
      state.undos.append(undo)
    }
    let around = path.appending(.undo)
    let id = add(Node(parent: parent, path: around, scope: scope, content: .sequence(state)))
    sequences[around] = id
    consequences.append(.sequenceContinues(id))
    return id
  }

  /// A scope that sees nothing.
  private mutating func addBareScope() -> ScopeID {
    let id = nextScope()
    scopes[id] = Scope(
      inputs: ValueMap(), session: .init(credentials: nil, scope: id), play: id, frame: id)
    return id
  }

  /// The scope of a step that undoes: it sees what was kept for it, and shares its sessions with the others,
  /// whose scope is `outer`.
  mutating func undoScope(of seen: Scope, inside outer: ScopeID) -> ScopeID {
    let id = nextScope()
    var scope = seen
    scope.play = outer
    scope.frame = outer
    scope.session.scope = id
    scopes[id] = scope
    return id
  }

  /// A step that undoes something is over; the others go on, whatever it came to, unless it is in doubt.
  ///
  /// What could not be undone is left to the next undo of its play, or of a step around it.
  mutating func noteUndone(_ ending: Ending, in id: NodeID, _ sequence: inout SequenceState)
    -> Ending
  {
    guard !ending.allowsContinuation, ending.result.outcome != .inDoubt else { return ending }
    sequence.failures += 1
    let parent = nodes[id]?.parent
    undos.putBack(
      [sequence.undos[sequence.next - 1]],
      undoneAt: parent.flatMap { nodes[$0]?.path } ?? .root, to: parent)
    return .succeeded
  }

  /// How a playbook ends whose steps ended so, after it undid what `sequence` says.
  func ending(_ after: Ending, undoneBy sequence: SequenceState, _ last: Ending) -> Ending {
    guard last.result.outcome != .inDoubt else { return last }
    guard sequence.failures > 0, var failure = after.result.failure else { return after }
    let count = sequence.steps.count
    let text =
      sequence.failures == count
      ? "nothing could be undone: \(count) of \(count) failed"
      : "\(sequence.failures) of \(count) changes could not be undone"
    failure.hint = failure.hint.map { "\($0); \(text)" } ?? text
    var ending = after
    ending.result.failure = failure
    return ending
  }

  /// What was undone does not count as done for the groups around it any more.
  private mutating func forgetResults(below path: StepPath, of id: NodeID) {
    var next: NodeID? = id
    while let id = next, let node = nodes[id] {
      if case .step(let state) = node.content,
        !state.reuse.results.isEmpty || !state.reuse.changed.isEmpty
      {
        update(id) { $0.reuse.forget(below: path) }
      }
      next = node.parent
    }
  }
}

extension Reuse {
  fileprivate mutating func forget(below path: StepPath) {
    func isBelow(_ other: StepPath) -> Bool { other.components.starts(with: path.components) }
    results = results.filter { !isBelow($0.key) }
    changed = changed.filter { !isBelow($0) }
    through = results.values.filter(\.isFinal).map(\.sequence).max() ?? -1
  }
}

extension [UndoCause] {
  /// Whether one of them is the end of a playbook's steps.
  fileprivate func contains(after ending: Ending) -> Bool {
    switch ending.result.outcome {
    case .failed: contains(.failure)
    case .cancelled: contains(.cancel)
    case .succeeded, .unchanged, .skipped, .tolerated, .inDoubt: false
    }
  }
}

extension StepPath {
  /// The id of the innermost step.
  fileprivate var lastStep: String {
    for component in components.reversed() {
      if case .step(let id) = component { return id }
    }
    return "run"
  }
}
