import Playbooks
import OrderedCollections
import DequeModule
package import Events
import Expressions
package import Operations
package import Planning

/// Every rule of execution, as a value: it receives inputs and returns actions.
///
/// It performs nothing and knows no clock, no randomness but its seed, and no task. The live runner,
/// the simulation and the tests drive the same machine.
package struct RunMachine: Sendable {
  /// The state of the run; equal to the fold of its events at any time.
  package private(set) var state = RunState()

  let plan: Plan
  let settings: RunSettings
  package let start: RunStart
  var now = Moment(nanoseconds: .min)

  var nodes: [NodeID: Node] = [:]
  var scopes: [ScopeID: Scope] = [:]
  /// The children of the groups in progress, apart from their nodes so that they change in place.
  var groups: [NodeID: GroupState] = [:]
  var sessions: [SessionID: Session] = [:]
  var sessionIDs: [SessionIdentity: SessionID] = [:]
  var socketOwners: [SocketID: SessionID] = [:]
  var requests: [RequestID: RequestPurpose] = [:]
  /// Which nodes wait for which command, and for which requested data.
  var commandWaiters = Waiters()
  var dataWaiters = Waiters()
  var earlyMessages: EarlyMessages
  /// Every secret that came up so far, to be kept out of what others write.
  package var scrubber = SecretScrubber()
  /// The route of an operation that was found to work, by operation id.
  var provenRoutes: [String: Int] = [:]
  var timers = Timers()
  var silence = Silence()
  var agenda = Deque<AgendaItem>()
  var random: SplitMix
  /// Set once the steps are over and only sessions are left to close.
  var ending: RunResult?

  private var actions: [RunAction] = []
  private var nextNumber = 0
  private var root: NodeID?

  /// A run of `plan` that has not begun.
  package init(plan: Plan, start: RunStart, settings: RunSettings = RunSettings()) {
    self.plan = plan
    self.start = start
    self.settings = settings
    random = SplitMix(seed: start.seed)
    earlyMessages = EarlyMessages(limit: settings.earlyAckLimit)
  }

  /// When the machine wants a `tick`, or nil when it waits for something else.
  package var nextDeadline: Moment? {
    mutating get { timers.next }
  }

  /// Handles one input and returns what to do next, performing nothing.
  package mutating func apply(_ input: RunInput, at moment: Moment) -> [RunAction] {
    if case .finished = state.phase { return [] }
    now = max(now, moment)
    take(input)
    work()
    finishIfClosed()
    defer { actions = [] }
    return actions
  }
}

/// Something to be done within the current `apply`, in order; keeps recursion out of the tree.
enum AgendaItem: Sendable {
  case begin(NodeID)
  /// A child of `parent` is gone.
  case ended(NodeID, parent: NodeID, scope: ScopeID, Ending)
  /// A call continues now that its session is ready.
  case proceed(NodeID)
  /// A command's status is asked for now that there is a token, or none to be had.
  case poll(NodeID)
  /// A call's session could not be had.
  case refuse(NodeID, WorkFailure)
}

/// Whom an answer is for.
enum RequestPurpose: Sendable {
  case call(NodeID)
  /// `generation` counts the session's token that it carried.
  case poll(NodeID, route: Int, generation: Int?)
  case download(NodeID)
  case local(NodeID)
  /// A payload that a message brought is put into the file that the call names.
  case keeping(NodeID)
  case token(SessionID)
  case revocation(SessionID)
}

extension RunMachine {
  private mutating func take(_ input: RunInput) {
    switch input {
    case .start: begin()
    case .answered(let request, let response): answered(request, response)
    case .exchangeFailed(let request, let failure): exchangeFailed(request, failure)
    case .performed(let request, let result): performed(request, result)
    case .performFailed(let request, let failure): performFailed(request, failure)
    case .connected(let socket): connected(socket)
    case .connectFailed(let socket, let failure): connectFailed(socket, failure)
    case .received(let socket, let text): received(text, on: socket)
    case .disconnected(let socket, let failure): disconnected(socket, failure)
    case .tick: tick()
    case .cancel: cancelRun()
    }
  }

  private mutating func work() {
    while let item = agenda.popFirst() {
      switch item {
      case .begin(let node): begin(node)
      case .ended(let child, let parent, let scope, let ending):
        childEnded(child, of: parent, in: scope, ending)
      case .proceed(let node): proceedCall(node)
      case .poll(let node): pollCommand(node)
      case .refuse(let node, let failure):
        guard call(at: node)?.isAwaitingSession ?? false else { continue }
        fail(node, failure)
      }
    }
  }

  private mutating func begin() {
    guard case .notStarted = state.phase else { return }
    emit(.runStarted(start))
    scrubber.add(secretsOf: .map(plan.inputs))
    for secret in plan.plainSecrets { scrubber.add(secret) }
    let scope = addScope(Scope(inputs: plan.inputs, steps: ValueMap(), variables: [:]))
    do {
      let session = try session(for: plan.playbook.session, in: scope)
      scopes[scope]?.session = session
    } catch {
      return conclude(RunResult(outcome: .failed, failure: error))
    }
    let sequence = SequenceState(steps: plan.playbook.steps, isProtected: false)
    let root = add(Node(parent: nil, path: .root, scope: scope, content: .sequence(sequence)))
    self.root = root
    agenda.append(.begin(root))
  }

  /// The outermost sequence is over: what remains is to close the sessions.
  mutating func rootEnded(_ ending: Ending, scope: ScopeID) {
    var result = RunResult(
      outcome: ending.result.outcome, failure: ending.result.failure, failedStep: ending.origin)
    if ending.result.outcome.allowsContinuation {
      do {
        result.outcome = .succeeded
        result.outputs = try outputs(of: plan.playbook, in: scope)
      } catch {
        result = RunResult(outcome: .failed, failure: error)
      }
    }
    if !result.outcome.allowsContinuation {
      result.outputs = availableOutputs(of: plan.playbook, in: scope)
    }
    conclude(result)
  }

  private mutating func conclude(_ result: RunResult) {
    var result = result
    result.outputs = ValueMap(result.outputs.entries.mapValues { scrubber.hide(in: $0) })
    ending = result
    leaveSessions()
  }

  private mutating func finishIfClosed() {
    guard let result = ending, socketOwners.isEmpty, !isRevoking else { return }
    emit(.runFinished(result))
    actions.append(.finish(result))
  }

  private mutating func cancelRun() {
    guard case .running = state.phase, ending == nil else { return }
    emit(.cancelRequested(grace: settings.cancelGrace))
    if let root { stop(root, because: .cancelled(.requested)) }
  }

  private mutating func tick() {
    while let (purpose, lateness) = timers.popDue(at: now) {
      switch purpose {
      case .deadline(let node): deadlinePassed(node, late: lateness)
      case .backoff(let node): startAttempt(node)
      case .pause(let node): succeed(node, with: [:])
      case .poll(let node): pollCommand(node)
      case .askAgain(let node): askAgain(node)
      case .read(let node): readAgain(node)
      case .grace(let node): graceOver(node)
      case .join(let session): joinTimedOut(session)
      case .reconnect(let session): reconnect(session)
      case .silence: reportSilence()
      case .leave(let session): closeChannel(session)
      case .revoke(let session): revocationTimedOut(session)
      }
      work()
    }
  }
}

extension RunMachine {
  /// Records one thing that happened.
  mutating func emit(_ kind: RunEvent.Kind) {
    let event = RunEvent(sequence: state.nextSequence, at: now, kind: kind)
    state.fold(event)
    actions.append(.record(event))
  }

  /// Records what a step waits for, unless that is known already.
  mutating func emitWaiting(_ path: StepPath, _ reason: WaitReason) {
    guard state.steps[path]?.waiting != reason else { return }
    emit(.stepWaiting(path, reason))
  }

  mutating func perform(_ action: RunAction) {
    switch action {
    case .exchange(let id, let request): expectAnswer(to: id, request)
    case .connect: expectSocket()
    case .record, .abandon, .perform, .send, .disconnect, .finish: break
    }
    actions.append(action)
  }

  mutating func number() -> Int {
    nextNumber += 1
    return nextNumber
  }

  mutating func add(_ node: Node) -> NodeID {
    let id = NodeID(number: number())
    nodes[id] = node
    return id
  }

  mutating func addScope(_ scope: Scope) -> ScopeID {
    let id = ScopeID(number: number())
    scopes[id] = scope
    return id
  }

  mutating func request(for purpose: RequestPurpose) -> RequestID {
    let id = RequestID(number())
    requests[id] = purpose
    return id
  }
}
