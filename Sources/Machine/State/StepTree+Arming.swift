import Diagnostics
import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Arming: what a step changed is noted with what takes it back.
extension StepTree {
  /// The step at `path` had its effect, and fails or is tried again all the same.
  mutating func recordEffect(at path: StepPath, _ value: Value) {
    guard let id = steps[path], let node = nodes[id], let step = step(id) else {
      return note(flaw: "`\(path)` had an effect and is not in progress")
    }
    let result = StepResult(outcome: .failed, value: value)
    arm(
      step, node, result, of: change(by: step, id, at: node), seeing: scopes[node.scope],
      in: stepAround(node))
  }

  /// The step at `node` is over: what it changed is noted, and what was changed below it is handed on.
  mutating func settleUndos(
    of id: NodeID, _ node: Node, _ step: StepState, _ result: StepResult, seeing scope: Scope?,
    in sequence: SequenceState
  ) {
    let below = undos.take(below: id)
    // What was done to undo something is not undone.
    guard sequence.role != .undo, !undos.isOff else { return undos.forget(below) }
    let around = stepAround(node)
    guard step.rules.isGroup else {
      if result.change?.isEffect ?? false {
        arm(step, node, result, of: change(by: step, id, at: node), seeing: scope, in: around)
      }
      return undos.handOn(below, to: around)
    }
    let inside = below.filter { !$0.path.isAftermath(of: node.path) }
    guard step.step.modifiers.undo != nil, !inside.isEmpty else {
      return undos.handOn(below, to: around)
    }
    undos.forget(inside)
    arm(step, node, result, of: .parts(inside.parts), seeing: scope, in: around)
    undos.handOn(below.filter { $0.path.isAftermath(of: node.path) }, to: around)
  }

  /// What the step's call changes: the same call changes the same thing, another may change another.
  ///
  /// One that created something creates another thing the next time, unless it is harmless.
  func change(by step: StepState, _ id: NodeID, at node: Node) -> ArmedUndo.Change {
    guard case .call(let call) = step.step.kind else { return .parts([:]) }
    let isAnother = step.createdSomething && !step.rules.isRepeatable
    let attempt = step.step.modifiers.ensure == nil ? step.progress.attempt.number : nil
    return .call(
      try? evaluate(call.arguments, in: node.scope),
      creation: isAnother ? ArmedUndo.Creation(step: id, attempt: attempt) : nil)
  }

  private mutating func arm(
    _ step: StepState, _ node: Node, _ result: StepResult, of change: ArmedUndo.Change,
    seeing scope: Scope?, in around: NodeID?
  ) {
    guard !undos.isOff, isUndone(inside: around) else { return }
    guard !undos.isArmed(node.path, change) else { return }
    var scope = scope
    scope?.note(result, of: step.step, at: node.path)
    let remedy =
      scope.map { self.remedy(of: step, at: node, result, seeing: $0) } ?? ArmedUndo.Remedy.none
    undos.arm(ArmedUndo(path: node.path, change: change, remedy: remedy), in: around)
  }

  /// Whether the playbook of the run, or one that is played around, takes back what its steps change.
  func isUndone(inside id: NodeID?) -> Bool {
    var next = id
    while let id = next, let node = nodes[id] {
      if case .step(let state) = node.content, case .play(let playbook, _) = state.step.kind,
        !playbook.undoCauses.isEmpty
      {
        return true
      }
      next = node.parent
    }
    return !(root?.undoCauses.isEmpty ?? true)
  }

  /// The innermost step around `node`.
  func stepAround(_ node: Node) -> NodeID? { node.parent.flatMap { nodes[$0]?.parent } }

  private func remedy(
    of step: StepState, at node: Node, _ result: StepResult, seeing scope: Scope
  ) -> ArmedUndo.Remedy {
    guard let undo = step.step.modifiers.undo else { return .none }
    let kept = scope.keeping(undo.uses, session: valued(scope.session))
    switch undo.kind {
    case .steps(let steps): return .steps(steps, seeing: kept, location: undo.location)
    case .removal(let removals):
      guard step.createdSomething, case .call(let call) = step.step.kind,
        let arguments = try? evaluate(call.arguments, in: node.scope)
      else { return .none }
      let session = valued(step.step.modifiers.session, in: node.scope)
      var steps: [PlannedStep] = []
      for (number, removal) in removals.enumerated() {
        guard let fields = removal.values(after: result.value, of: arguments) else {
          steps = [removal.stepWithoutValues(undo)]
          break
        }
        steps.append(
          removal.step(
            with: fields, in: session, undo, mayBeNeedless: number + 1 < removals.count))
      }
      return .steps(steps, seeing: kept, location: undo.location)
    }
  }

  private func valued(_ session: Scope.DefaultSession) -> Scope.DefaultSession {
    var session = session
    session.credentials = session.credentials.map { valued($0, in: session.scope) }
    return session
  }

  private func valued(_ choice: SessionChoice, in scope: ScopeID) -> SessionChoice {
    switch choice {
    case .default, .none: choice
    case .own(let credentials): .own(valued(credentials, in: scope))
    }
  }

  /// The credentials as values, which need no scope any more; one that has no value stays as it is.
  private func valued(_ credentials: Credentials, in scope: ScopeID) -> Credentials {
    func valued(_ template: Template) -> Template {
      (try? evaluate(template, in: scope)).map { .literal($0, template.location) } ?? template
    }
    var credentials = credentials
    switch credentials.kind {
    case .profile(let username, let password):
      credentials.kind = .profile(username: valued(username), password: valued(password))
    case .application(let access, let refresh, let end):
      credentials.kind = .application(
        accessToken: valued(access), refreshToken: refresh.map(valued), expiresAt: end.map(valued))
    }
    return credentials
  }
}

extension Scope {
  /// The step's result is there.
  fileprivate mutating func note(_ result: StepResult, of step: PlannedStep, at path: StepPath) {
    let value = result.annotatedValue(at: path)
    steps[step.id] = value
    if case .list = value { finished.listAttributes[step.id] = result.attributes(at: path) }
  }

  /// Only what `uses` names, and a session whose credentials are values.
  fileprivate func keeping(_ uses: UsedValues, session: DefaultSession) -> Scope {
    var kept = Scope(
      inputs: inputs.keeping(uses.inputs), session: session, play: play, frame: frame)
    kept.steps = steps.keeping(uses.steps)
    kept.variables = variables.filter { uses.names.contains($0.key) }
    kept.flaws = flaws.filter { uses.names.contains($0.key) }
    kept.finished.empty = finished.empty.filter { uses.steps?.contains($0.key) ?? true }
    kept.finished.listAttributes = finished.listAttributes.filter {
      uses.steps?.contains($0.key) ?? true
    }
    return kept
  }
}

extension ValueMap {
  /// The entries with these names, or all of them.
  fileprivate func keeping(_ names: Set<String>?) -> ValueMap {
    guard let names else { return self }
    var kept = ValueMap()
    for name in self.names where names.contains(name) { kept[name] = self[name] }
    return kept
  }
}

extension StepState {
  /// Whether the call made something that was not there before: what it corrected or replaced, it did not
  /// create, and what the service did not show may have been there.
  fileprivate var createdSomething: Bool {
    guard case .call(let call) = step.kind, case .operation(let operation) = call.target else {
      return false
    }
    guard step.modifiers.ensure != nil else { return operation.effect == .create }
    guard let comparison = progress.comparison else { return false }
    let change = comparison.change
    return comparison.record.isEmpty && !comparison.recreates && change.reason == nil
      && [.create, .change].contains(change.kind) && comparison.done.contains(operation.id)
  }
}

extension PlannedRemoval {
  /// The values of its fields; nil where one of them is not known.
  fileprivate func values(after result: Value, of arguments: ValueMap) -> ValueMap? {
    var values = ValueMap()
    for (name, source) in fields {
      let value: Value? =
        switch source {
        case .result(let field): result.fields?[field]
        case .argument(let field): arguments[field]
        }
      guard let value, value != .null else { return nil }
      values[name] = value
    }
    return values
  }

  /// The step that fails because it is not known what to remove: nothing is left without a word.
  fileprivate func stepWithoutValues(_ undo: PlannedUndo) -> PlannedStep {
    let names = fields.values.map { source in
      switch source {
      case .result(let name), .argument(let name): "`\(name)`"
      }
    }
    let reason =
      "`\(operation.id)` cannot remove what was created: the call gave no "
      + names.joined(separator: " and ")
    let location = undo.location
    return PlannedStep(
      id: "identify", title: "find what to remove",
      kind: .assert([
        Assertion(
          condition: .literal(.bool(false), location),
          message: .literal(.string(reason), location), location: location)
      ]),
      modifiers: PlannedModifiers(), location: location)
  }

  /// The step that removes what `values` identify.
  ///
  /// Whatever is refused is done where a read shows that the thing is gone. What goes before the thing itself
  /// may never have been there, and no read may show it: there, a refusal suffices.
  fileprivate func step(
    with values: ValueMap, in session: SessionChoice, _ undo: PlannedUndo, mayBeNeedless: Bool
  ) -> PlannedStep {
    var templates: OrderedDictionary<String, Template> = [:]
    for name in values.names {
      templates[name] = .literal(values[name] ?? .null, undo.location)
    }
    let id = operation.id.split(separator: ".").last.map(String.init) ?? operation.id
    let call = PlannedStep.Kind.call(
      PlannedCall(target: .operation(operation), arguments: templates))
    var modifiers = PlannedModifiers(session: session)
    if operation.lookup?.expects == .absent {
      modifiers.rescue = [
        PlannedStep(
          id: "gone", title: "it may be gone already", kind: call,
          modifiers: PlannedModifiers(session: session, ensure: Ensurance(.absent)),
          location: undo.location)
      ]
    } else if mayBeNeedless, let wasRefused = Self.refusal(at: undo.location) {
      modifiers.rescue = [
        PlannedStep(
          id: "gone", title: "it may be gone already", kind: .assert([wasRefused]),
          modifiers: PlannedModifiers(), location: undo.location)
      ]
    }
    return PlannedStep(
      id: id, title: id, kind: call, modifiers: modifiers, location: undo.location)
  }

  /// That the service refused the call, and not that it could not be reached, say.
  private static func refusal(at location: SourceLocation) -> Assertion? {
    let classes = [FailureClass.rejected, .invalid].map { "'\($0.rawValue)'" }
    let text = "error.class in [\(classes.joined(separator: ", "))]"
    return (try? Expression(parsing: text, at: location)).map {
      Assertion(condition: .expression($0), location: location)
    }
  }
}

extension StepPath {
  /// Whether it belongs to the `rescue` or `always` of the step at `path`, which is around it.
  fileprivate func isAftermath(of path: StepPath) -> Bool {
    switch components[path.depth] {
    case .rescue, .always, .undo: true
    case .step, .iteration, .branch: false
    }
  }
}
