import Diagnostics
package import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// `approve`: a person decides, and fills in the fields.
struct ApproveStep: StepRules {
  let approval: PlannedApproval

  var kind: StepSummary.Kind { .approve }

  func start(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    let message = try WorkFailure.orSettled { () throws(Failure) in
      try machine.kernel.tree.shownText(of: approval.message, in: node.scope)
    }
    let fields = approval.fields.map { name, field in
      ApprovalField(name: name, type: field.type, summary: field.summary)
    }
    machine.kernel.emit(
      .approvalRequested(
        node.path,
        ApprovalRequest(
          message: machine.kernel.secrets.scrub(message), fields: fields,
          deadline: machine.decisionDeadline(of: id))))
  }

  func foresee(_ id: NodeID, _ node: Node, in machine: inout RunMachine) throws(WorkFailure) {
    var fields = ValueMap()
    for name in approval.fields.keys {
      fields[name] = .unknown(Unknown("\(node.path).\(name)"))
    }
    machine.foresaw(
      id, StateChange(.unknown, reason: "a person decides"), giving: .map(fields))
  }

  /// Whoever was to decide still is; a decision that is recorded is carried out.
  func resume(
    _ id: NodeID, _ node: Node, _ progress: StepProgress, in machine: inout RunMachine
  ) throws(WorkFailure) {
    switch progress.approval {
    case nil: try start(id, node, in: &machine)
    case .requested?: break
    case .decided(let decision)?: conclude(id, decision, in: &machine)
    }
  }

  /// A person decided; what does not fit the fields, or comes too late, is no decision.
  func decide(_ id: NodeID, _ decision: ApprovalDecision, in machine: inout RunMachine) {
    guard let node = machine.kernel.tree.nodes[id], let step = machine.kernel.tree.step(id),
      case .requested(let request)? = step.progress.approval, case .working = step.phase,
      step.stop == nil, decision.isInTime(for: request)
    else { return }
    var decision = decision
    switch decision.verdict {
    case .approved:
      guard let fields = values(of: decision.fields) else { return }
      decision.fields = fields
    case .rejected(let reason):
      decision.fields = [:]
      decision.verdict = .rejected(reason: reason.map { machine.kernel.secrets.scrub($0) })
    }
    machine.kernel.learn(secretsOf: .map(decision.fields))
    // A text that was filled in may hold a secret that is known from elsewhere.
    decision.fields = machine.kernel.hidden(decision.fields)
    machine.kernel.emit(.approvalDecided(node.path, decision))
    conclude(id, decision, in: &machine)
  }

  /// What was filled in, of the declared types; nil when something is missing or of another.
  private func values(of given: ValueMap) -> ValueMap? {
    var values = ValueMap()
    for (name, field) in approval.fields {
      guard let value = given[name].flatMap({ field.type.value(from: $0, .computed) }) else {
        return nil
      }
      values[name] = value
    }
    return values.count == given.count ? values : nil
  }

  private func conclude(_ id: NodeID, _ decision: ApprovalDecision, in machine: inout RunMachine) {
    switch decision.verdict {
    case .approved: machine.succeed(id, with: .map(decision.fields))
    case .rejected(let reason):
      let who = decision.by.map { " by \($0)" } ?? ""
      var failure = Failure(
        .rejected, "the step was rejected\(who)" + (reason.map { ": \($0)" } ?? ""))
      failure.allowsRetry = false
      machine.fail(id, WorkFailure(failure, effect: .settled))
    }
  }

  func timedOut(_ id: NodeID, after limit: Duration, in machine: inout RunMachine) {
    let text = "nobody decided \(TimeLimit.timeout(limit).phrase)"
    machine.fail(id, WorkFailure(Failure(.timeout, text), effect: .none))
  }
}

extension RunMachine {
  /// The paths of the steps that wait for a person's decision.
  package var awaitedDecisions: [StepPath] { kernel.tree.awaitedDecisions }

  /// Whether nothing but decisions of people brings the run any further.
  package var waitsForDecisionsOnly: Bool {
    ending == nil && kernel.tree.waitsForDecisions(orAt: [])
  }

  /// When a decision on the step comes too late: its own time is up, or that of a step around it.
  fileprivate func decisionDeadline(of id: NodeID) -> Moment? {
    let limited = kernel.tree.stoppable(around: id).map { TimerPurpose.deadline($0) }
    return kernel.earliest(of: limited)
  }

  /// A person decided on the step at `path`.
  mutating func decide(_ path: StepPath, _ decision: ApprovalDecision) {
    guard let id = kernel.tree.id(of: path), let step = kernel.tree.step(id),
      let rules = step.rules as? ApproveStep
    else { return }
    rules.decide(id, decision, in: &self)
  }
}

extension ApprovalDecision {
  /// Whether it was made before the time for it was up, however late it is handled.
  fileprivate func isInTime(for request: ApprovalRequest) -> Bool {
    guard let at, let deadline = request.deadline else { return true }
    return at <= deadline
  }
}

extension StepTree {
  /// The paths of the steps that wait for a person's decision, in the order they began.
  var awaitedDecisions: [StepPath] {
    nodes.sorted { $0.key < $1.key }.filter { isAwaitingDecision($0.value) }.map(\.value.path)
  }

  /// Whether every step in progress that has no steps of its own waits for a decision, or is one of
  /// `others`.
  func waitsForDecisions(orAt others: Set<NodeID>) -> Bool {
    var awaited = 0
    for (id, node) in nodes {
      guard case .step(let step) = node.content else { continue }
      if isAwaitingDecision(node) || others.contains(id) {
        awaited += 1
      } else if case .working = step.phase, groups[id] == nil {
        return false
      } else if case .backingOff = step.phase {
        return false
      }
    }
    return awaited > 0
  }

  /// The node and those around it whose end stops it, innermost first: nothing stops `always` from
  /// outside.
  fileprivate func stoppable(around id: NodeID) -> [NodeID] {
    var found: [NodeID] = []
    var next: NodeID? = id
    while let id = next, let node = nodes[id] {
      if case .sequence(let sequence) = node.content, sequence.isProtected { break }
      found.append(id)
      next = node.parent
    }
    return found
  }

  private func isAwaitingDecision(_ node: Node) -> Bool {
    guard case .step(let step) = node.content, case .requested? = step.progress.approval,
      case .working = step.phase
    else { return false }
    return step.stop == nil
  }

  /// The text of `template` as a person reads it.
  func shownText(of template: Template, in scope: ScopeID) throws(Failure) -> String {
    do throws(EvaluationError) {
      return try template.shownText(with: bindings(for: template, in: scope))
    } catch {
      throw failure(of: template, in: scopes[scope], error)
    }
  }
}
