import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// The ends of a plan's steps.
extension RunMachine {
  /// The step would make this change, to one thing unless `extent` says more.
  mutating func foresaw(
    _ id: NodeID, _ change: StateChange, giving value: Value, observing thing: ObservedThing? = nil,
    touching extent: Forecast.Extent = .oneThing
  ) {
    guard let (_, state) = kernel.inProgress(id) else { return }
    switch change.kind {
    case .unchanged, .drift, .conflict: break
    case .create, .change, .remove, .unknown: note(effects(of: state.step), at: id, extent)
    }
    let outcome: Outcome = change.kind == .unchanged ? .unchanged : .succeeded
    var result = StepResult(outcome: outcome, value: value, change: change, observed: thing)
    result.asked = asked(of: id)
    settle(id, Ending(result))
  }

  /// What the call of a step is given that may change something, as it may be recorded; nil for others.
  func asked(of id: NodeID) -> ValueMap? {
    guard let node = kernel.tree.nodes[id], case .call(let call)? = kernel.tree.step(id)?.step.kind,
      let arguments = try? kernel.tree.evaluate(call.arguments, in: node.scope)
    else { return nil }
    return switch call.target {
    case .operation(let operation): operation.recordable(arguments, hiding: kernel.secrets)
    case .local(let action):
      action.changesFiles ? action.recordable(arguments, hiding: kernel.secrets) : nil
    }
  }

  /// Whether the step is carried out, or what it would do, depends on `unknown`.
  mutating func foresawNothing(of id: NodeID, waitingFor unknown: Unknown) {
    foresawNothing(
      of: id, because: "it depends on \(unknown.phrase)", isReached: isReached(id, for: unknown))
  }

  /// What the step would do is not known; a step that changes nothing has nothing to show for it.
  ///
  /// It changes nothing either where no run comes to it.
  mutating func foresawNothing(of id: NodeID, because reason: String, isReached: Bool = true) {
    guard let (node, state) = kernel.inProgress(id) else { return }
    let effects = effects(of: state.step)
    if isReached {
      note(effects, at: id, of: nil, .anything)
      notePlannedFiles(of: state.step, node)
    } else {
      forecast.noteUnreached(
        Unknown("\(node.path)").union(Unknown("\(node.path).\(StepResult.changed)"))
          .union(Unknown("\(node.path).\(StepResult.outcome)")))
    }
    let change = StateChange(.unknown, reason: reason)
    let doesNothing = effects.sections.isEmpty && !effects.changesAnythingElse
    var result = StepResult(
      outcome: .succeeded, value: .unknown(Unknown("\(node.path)")),
      change: doesNothing ? nil : change)
    result.leaveOutcomeOpen(at: node.path)
    finish(id, Ending(result))
  }

  /// The result of a step of a plan, whose outcome may not be known: what is left open may be unchanged, and
  /// what may fail may be tolerated, or seen by an `always` around it.
  mutating func foreseen(_ result: StepResult, of id: NodeID) -> StepResult {
    guard guidance.planning != nil, result.outcome == .succeeded,
      let (node, state) = kernel.inProgress(id)
    else { return result }
    let failureIsSeen = state.step.mayBeTolerated || isInsideAlways(node)
    let isOpen: Bool
    switch result.change?.kind {
    case .unknown, .conflict: isOpen = true
    case .create, .change, .remove: isOpen = failureIsSeen
    case .unchanged, .drift: isOpen = false
    case nil where !failureIsSeen: isOpen = false
    // A read that is not made may fail.
    case nil where !state.rules.isGroup: isOpen = result.value.unknown != nil
    case nil:
      let effects = effects(of: state.step)
      isOpen = !effects.sections.isEmpty || effects.changesAnythingElse
    }
    guard isOpen else { return result }
    var result = result
    result.leaveOutcomeOpen(at: node.path)
    return result
  }

  /// Notes the files that the step, or those in it, may write.
  private mutating func notePlannedFiles(of step: PlannedStep, _ node: Node) {
    if case .call(let call) = step.kind {
      let fields =
        switch call.target {
        case .local(let action): action.writtenFileFields
        case .operation(let operation): [operation.field(of: .target)].compactMap(\.self)
        }
      for field in fields {
        guard let template = call.arguments[field],
          let value = try? kernel.tree.evaluate(template, in: node.scope),
          let path = LocalFile.path(of: value)
        else { continue }
        works.plannedFiles.add(path, from: Unknown("\(node.path)"))
      }
    }
    for inner in step.kind.steps + step.modifiers.rescue + step.modifiers.always {
      notePlannedFiles(of: inner, node)
    }
  }

  /// The read is not made, or the condition not checked: what it would show is not known.
  mutating func leftUnread(_ id: NodeID) {
    guard let (node, state) = kernel.inProgress(id) else { return }
    guard state.step.modifiers.rescue.allSatisfy({ effects(of: $0).sections.isEmpty }) else {
      return foresawNothing(of: id, because: "it is rescued if it fails")
    }
    settle(
      id,
      Ending(StepResult(outcome: .succeeded, value: .unknown(Unknown("\(node.path)")))))
  }

  /// Notes in which sections reads do not show any more what will be.
  private mutating func note(
    _ effects: StepEffects, at id: NodeID, _ extent: Forecast.Extent
  ) {
    guard !effects.sections.isEmpty, let node = kernel.tree.nodes[id],
      let step = kernel.tree.step(id)
    else {
      return
    }
    let session = try? sessions.session(for: step.step.modifiers.session, in: node.scope, &kernel)
    note(effects, at: id, of: session.flatMap(owner), extent)
  }

  private mutating func note(
    _ effects: StepEffects, at id: NodeID, of owner: Forecast.Owner?, _ extent: Forecast.Extent
  ) {
    guard let path = kernel.tree.nodes[id]?.path else { return }
    for section in effects.sections {
      forecast.noteChange(of: section, of: owner, by: path, extent)
    }
  }

  /// What `step` may change, and the steps in it.
  private mutating func effects(of step: PlannedStep) -> StepEffects {
    var sections: Set<String> = []
    if case .call(let call) = step.kind {
      if case .operation(let operation) = call.target {
        sections = self.sections(of: operation, isEnsured: step.modifiers.ensure != nil)
      }
      if step.modifiers.rescue.isEmpty, step.modifiers.always.isEmpty {
        return StepEffects(sections: sections, changesAnythingElse: step.doesAnythingElse)
      }
    }
    // Rounds ask again and again.
    if let known = forecast.effects[step.location] { return known }
    for inner in step.kind.steps + step.modifiers.rescue + step.modifiers.always {
      sections.formUnion(effects(of: inner).sections)
    }
    let effects = StepEffects(
      sections: sections, changesAnythingElse: step.doesAnythingElse)
    forecast.effects[step.location] = effects
    return effects
  }

  /// The sections whose reads may show what a call of `operation` does.
  private mutating func sections(of operation: Operation, isEnsured: Bool) -> Set<String> {
    let sending = Forecast.Sending(operation: operation.id, isEnsured: isEnsured)
    if let known = forecast.sections[sending] { return known }
    var all = [operation]
    if isEnsured, let lookup = operation.lookup {
      all += lookup.remedies.operations.compactMap { kernel.plan.api.operations[$0] }
    }
    let sections = all.filter(\.hasEffect).reduce(into: Set<String>()) { sections, operation in
      sections.formUnion(operation.affectedSections)
    }
    forecast.sections[sending] = sections
    return sections
  }
}

/// What follows a conflict, at which a run fails.
extension RunMachine {
  /// The step of a conflict gives `value`: what is unknown of it never becomes known, unless the failure
  /// is rescued.
  mutating func noteUnreached(_ value: Value, at node: Node) {
    guard !isRescued(node) else { return }
    forecast.noteUnreached(Unknown("\(node.path).\(StepResult.outcome)"))
    guard let fields = value.fields else { return }
    for unknown in fields.entries.values.compactMap(\.unknown)
    where unknown.sources.allSatisfy({ $0.hasPrefix("\(node.path).") }) {
      forecast.noteUnreached(unknown)
    }
  }

  /// Whether a run may come to a step that depends on `unknown`; what is done after a failure is done all
  /// the same.
  func isReached(_ id: NodeID, for unknown: Unknown) -> Bool {
    guard forecast.isUnreached(unknown), let path = kernel.tree.nodes[id]?.path else { return true }
    return path.components.contains { [.always, .rescue, .undo].contains($0) }
  }

  /// Whether a step around it has steps of `always`, which know how it ended.
  private func isInsideAlways(_ node: Node) -> Bool {
    var around = node.parent.flatMap { kernel.tree.nodes[$0] }
    while let current = around {
      if case .step(let state) = current.content, !state.step.modifiers.always.isEmpty {
        return true
      }
      around = current.parent.flatMap { kernel.tree.nodes[$0] }
    }
    return false
  }

  private func isRescued(_ node: Node) -> Bool {
    var around: Node? = node
    while let current = around {
      if case .step(let state) = current.content, !state.step.modifiers.rescue.isEmpty {
        return true
      }
      around = current.parent.flatMap { kernel.tree.nodes[$0] }
    }
    return false
  }
}

/// What can be read.
extension RunMachine {
  /// Whose things are read and changed in a session.
  func owner(of session: SessionID) -> Forecast.Owner {
    sessions[session]?.username.map { .profile($0) } ?? .application(session)
  }

  /// Whose things the step of a plan would read with `operation`, and what there is to be read.
  mutating func outlook(
    of operation: Operation, at id: NodeID, _ node: Node
  ) throws(WorkFailure) -> (owner: Forecast.Owner?, access: Forecast.Access) {
    guard let planning = guidance.planning, !planning.isOffline else {
      return (nil, .closed(reason: "nothing is read offline"))
    }
    guard operation.authorization == .token, let step = kernel.tree.step(id)?.step else {
      return (nil, .open)
    }
    if let unknown = kernel.tree.unknownCredentials(of: step.modifiers.session, in: node.scope) {
      return (nil, .closed(reason: "its session depends on \(unknown.phrase)"))
    }
    guard let session = try session(of: operation, at: id, node), let state = sessions[session]
    else { return (nil, .open) }
    let owner = owner(of: session)
    return (owner, forecast.access(of: owner, state.identity))
  }
}

extension StepTree {
  /// The credentials of the session that a step in `scope` chooses, and where they are evaluated.
  func credentials(
    for choice: SessionChoice, in scope: ScopeID
  ) -> (credentials: Credentials, scope: ScopeID)? {
    switch choice {
    case .none: return nil
    case .own(let own): return (own, scope)
    case .default:
      guard let session = scopes[scope]?.session, let credentials = session.credentials else {
        return nil
      }
      return (credentials, session.scope)
    }
  }

  /// What the credentials wait for that a step chooses; nil where they are known.
  func unknownCredentials(of choice: SessionChoice, in scope: ScopeID) -> Unknown? {
    guard let (credentials, scope) = credentials(for: choice, in: scope) else { return nil }
    let values = credentials.templates.compactMap { try? evaluate($0, in: scope) }
    return Value.list(values).unknownParts
  }
}

extension StepResult {
  /// From now on it is unknown how the step at `path` ends.
  fileprivate mutating func leaveOutcomeOpen(at path: StepPath) {
    var outcomes = self.outcomes ?? StepOutcomes()
    outcomes.own = .unknown(Unknown("\(path).\(StepResult.outcome)"))
    self.outcomes = outcomes
  }
}

extension PlannedStep {
  /// Whether what follows it may go on although it failed.
  fileprivate var mayBeTolerated: Bool {
    !modifiers.rescue.isEmpty || !modifiers.tolerate.isEmpty
  }

  /// Whether it does something that is no request: it changes files, or asks a person.
  fileprivate var doesAnythingElse: Bool {
    switch kind {
    case .approve: return true
    case .call(let call):
      switch call.target {
      case .local(let action): return action.changesFiles
      case .operation(let operation):
        if let target = operation.field(of: .target), call.arguments[target] != nil { return true }
      }
    case .play, .forEach, .parallel, .block, .assert, .wait, .waitUntil: break
    }
    let inner = kind.steps + modifiers.rescue + modifiers.always
    return inner.contains(where: \.doesAnythingElse)
  }
}

extension LocalAction {
  /// Whether it may write a file.
  var changesFiles: Bool { !writtenFileFields.isEmpty }

  /// The fields that name the files it may write.
  fileprivate var writtenFileFields: [String] {
    switch self {
    case .generateKeys: ["privateKeyFile", "dataKeyFile"]
    case .decryptData, .encryptData: ["to"]
    case .writeFile, .generateSecret: ["path"]
    case .loadKeys, .readFile, .digestFile: []
    }
  }
}

extension Credentials {
  /// What they are made of.
  var templates: [Template] {
    switch kind {
    case .profile(let username, let password): [username, password]
    case .application(let access, let refresh, let end): [access, refresh, end].compactMap(\.self)
    }
  }
}

extension Lookup.Remedies {
  /// The ids of the other operations that may be called.
  fileprivate var operations: [String] {
    let correction: [String] =
      if case .other(let remedy)? = correction { [remedy.operation] } else { [] }
    return correction + removal.map(\.operation)
  }
}
