import Events
import Expressions
import Operations
import Planning
import Playbooks

/// The steps in progress and what their expressions see; only events change it.
struct StepTree: Sendable, Hashable {
  var nodes: [NodeID: Node] = [:]
  /// The children of the groups in progress, apart from their nodes so that they change in place.
  var groups: [NodeID: GroupState] = [:]
  var scopes: [ScopeID: Scope] = [:]
  /// The outermost sequence, and what its expressions see.
  var root: Root?
  /// The steps in progress, by their paths.
  var steps: [StepPath: NodeID] = [:]
  /// The sequences in progress, by the paths of what they belong to.
  var sequences: [StepPath: NodeID] = [:]
  var nextNumber = 0
  /// What is kept of steps that are over.
  private var history = History()
  /// The results of applying events.
  private var result = Applied()
  private var surroundings: Surroundings

  /// No steps; their expressions know `zones` by name.
  init(zones: NamedZones?) {
    surroundings = Surroundings(zones: zones)
  }

  /// What all expressions see, whatever step they belong to.
  private struct Surroundings: Sendable, Hashable {
    var run = Value.null
    let zones: NamedZones?
  }

  /// What expressions know as `run`.
  var run: Value {
    get { surroundings.run }
    _modify { yield &surroundings.run }
  }

  /// The time zones that expressions know by name.
  var zones: NamedZones? { surroundings.zones }

  private struct Applied: Sendable, Hashable {
    /// Of the event that is being applied.
    var consequences: [Consequence] = []
    var flaw: String?
  }

  /// What follows from the event that is being applied.
  var consequences: [Consequence] {
    get { result.consequences }
    _modify { yield &result.consequences }
  }

  /// Why the events so far cannot be those of a run; nil while they can.
  var flaw: String? { result.flaw }

  private struct History: Sendable, Hashable {
    var keptGroups: Set<StepPath> = []
    var undos = Undos()
  }

  /// Groups whose results are kept although they set no `retry`, since another attempt of them begins
  /// after the run was over.
  var keptGroups: Set<StepPath> {
    get { history.keptGroups }
    _modify { yield &history.keptGroups }
  }

  /// What the steps changed that can be taken back.
  var undos: Undos {
    get { history.undos }
    _modify { yield &history.undos }
  }

  struct Root: Sendable, Hashable {
    let sequence: NodeID
    let scope: ScopeID
    /// The ends at which what its steps changed is taken back.
    let undoCauses: [UndoCause]
    /// How it ended, once it did; nil while it is being undone.
    var ending: Ending?
    /// How its steps ended that are being undone.
    var undoing: Ending?
    /// Whether what its steps changed was taken back.
    var isUndone = false
  }
}

/// Reading.
extension StepTree {
  /// The step in progress at `path`.
  func id(of path: StepPath) -> NodeID? { steps[path] }

  var pathsInProgress: Set<StepPath> { Set(steps.keys) }

  func step(_ id: NodeID) -> StepState? {
    guard case .step(let step)? = nodes[id]?.content else { return nil }
    return step
  }

  func sequence(_ id: NodeID) -> SequenceState? {
    guard case .sequence(let sequence)? = nodes[id]?.content else { return nil }
    return sequence
  }

  /// What `template` sees as one of the steps of `scope`; `more` names are bound on top.
  func bindings(
    for template: Template, in scope: ScopeID, adding more: [String: Value] = [:]
  ) -> Bindings {
    guard let scope = scopes[scope] else { return Bindings(more, zones: zones) }
    return bindings(for: template, of: scope, adding: more)
  }

  func bindings(
    for template: Template, of scope: Scope, adding more: [String: Value] = [:]
  ) -> Bindings {
    bindings(of: scope, adding: more).adding(listAttributesUsed(in: template, of: scope))
  }

  /// What every template sees.
  func bindings(in scope: ScopeID) -> Bindings {
    scopes[scope].map { bindings(of: $0) } ?? Bindings(zones: zones)
  }

  func bindings(of scope: Scope, adding more: [String: Value] = [:]) -> Bindings {
    var names = scope.variables
    names.reserveCapacity(names.count + more.count + 3)
    names["inputs"] = .map(scope.inputs)
    names["steps"] = .map(scope.steps)
    names["run"] = run
    names.merge(more) { $1 }
    return Bindings(names, zones: zones)
  }

  /// What `template` asks of lists among the results, as names with dots: lists have no fields.
  func listAttributesUsed(in template: Template, of scope: Scope) -> [String: Value] {
    guard !scope.finished.listAttributes.isEmpty else { return [:] }
    var names: [String: Value] = [:]
    for path in template.references(to: "steps").map(\.path) where path.count > 1 {
      names["steps.\(path[0]).\(path[1])"] = scope.finished.listAttributes[path[0]]?[path[1]]
    }
    return names
  }
}

extension Bindings {
  /// This and some more names, which hide equal ones.
  func adding(_ names: [String: Value]) -> Bindings {
    guard !names.isEmpty else { return self }
    var copy = self
    for (name, value) in names { copy[name] = value }
    return copy
  }
}

/// Applying events.
extension StepTree {
  /// Notes that an event does not fit the state: a mistake of this program, or another's events.
  mutating func note(flaw: String) { result.flaw = result.flaw ?? flaw }

  /// Applies one event and returns what may begin or must end because of it.
  mutating func apply(
    _ event: RunEvent, of plan: Plan, within settings: RunSettings
  ) -> [Consequence] {
    consequences = []
    note(event)
    switch event.kind {
    case .runStarted(let start):
      undos.isOff = settings.plans.isMade
      begin(plan, start, at: event.at, hidingStart: settings.plans.hidesStart)
    case .stepStarted(let path, _): _ = begin(path, at: event.at)
    case .attemptStarted(let path, _): beginAttempt(at: path, within: settings)
    case .attemptFailed(let path, _, _, _): failAttempt(at: path)
    case .workEnded(let path, let end):
      endWork(at: path, Ending(end.result, origin: end.origin))
    case .effectRecorded(let path, let value): recordEffect(at: path, value)
    case .undoing(let path, let undoing): beginUndo(at: path, undoing, within: settings)
    case .stepReused(let path, _, let result): reuse(path, result, at: event.at)
    case .stepFinished(let path, let result): finish(path, result, event.sequence)
    case .stopping(let path, let reason): stop(below: path, because: reason)
    case .cancelRequested: if let root { stop(root.sequence, because: .cancelled(.requested)) }
    case .runResumed(let resumption): if let reopening = resumption.reopening { reopen(reopening) }
    case .requestIntended, .requestAnswered, .actionIntended, .commandSettled, .doubtSettled,
      .stateCompared,
      .dataArrived, .stepWaiting, .approvalRequested, .approvalDecided, .sessionChanged,
      .commandPending, .serviceChanged, .runFinished, .internalError, .rollout:
      break
    }
    defer { consequences = [] }
    return consequences
  }

  private mutating func begin(
    _ plan: Plan, _ start: RunStart, at moment: Moment, hidingStart isHidden: Bool
  ) {
    let (seconds, nanoseconds) = moment.nanoseconds.quotientAndRemainder(
      dividingBy: 1_000_000_000)
    run = [
      "id": .string(start.run.text), "name": .string(start.playbook),
      "startedAt": .timestamp(Timestamp(seconds: seconds, nanoseconds: Int32(nanoseconds))),
    ]
    if isHidden {
      run = [
        "id": .unknown(Unknown("run.id")), "name": .string(start.playbook),
        "startedAt": .unknown(Unknown("run.startedAt")),
      ]
    }
    let scope = nextScope()
    var outermost = Scope(
      inputs: plan.inputs,
      session: .init(credentials: plan.playbook.session, scope: scope), play: scope, frame: scope)
    outermost.finished.used = plan.playbook.uses.steps
    bind(plan.playbook.locals, in: &outermost)
    scopes[scope] = outermost
    root = Root(
      sequence: addSequence(plan.playbook.steps, at: .root, below: nil, in: scope), scope: scope,
      undoCauses: plan.playbook.undoCauses)
  }

  /// Notes how far a step in progress came; what is over may still be stopped, and begins anew.
  private mutating func note(_ event: RunEvent) {
    guard let path = event.kind.step else { return }
    switch event.kind {
    case .stepStarted, .stepReused, .stopping: return
    case _: update(path) { $0.progress.apply(event) }
    }
  }
}
