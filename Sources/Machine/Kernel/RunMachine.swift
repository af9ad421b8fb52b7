package import Events
import Expressions
package import Operations
import OrderedCollections
package import Planning
import Playbooks

/// Every rule of execution, as a value: it receives inputs and returns actions.
///
/// It performs nothing and knows no clock, no randomness but its seed, and no task. The live runner,
/// the simulation and the tests drive the same machine. What must survive a crash is `state`, the fold
/// of the events it recorded; all else is built anew when a run is resumed.
package struct RunMachine: Sendable {
  /// What the run was started with, its settings included.
  package let start: RunStart
  var kernel: Kernel
  var sessions = Sessions()
  var calls: Calls
  var works = Works()
  /// Set once the steps are over and only sessions are left to close.
  private(set) var ending: RunResult?
  /// Set for a run that is continued, until it is.
  private(set) var resumption: RunResumption?
  /// What it was given besides plan and events.
  let guidance: Guidance
  /// What a plan expects of the steps before.
  var forecast = Forecast()

  /// A run of `plan` that has not begun, or a plan where `guidance` says so.
  package init(
    plan: Plan, start: RunStart, settings: RunSettings = RunSettings(),
    guidedBy guidance: Guidance = Guidance()
  ) {
    var start = start
    var settings = settings
    settings.plans.isMade = guidance.planning != nil
    settings.plans.hidesStart = guidance.planning?.hidesStart ?? false
    start.settings = settings.recorded
    self.start = start
    self.guidance = guidance
    sessions = Sessions(forPlan: guidance.planning != nil)
    kernel = Kernel(RunState(of: plan), seed: start.seed)
    calls = Calls(within: settings)
  }

  /// A run of `plan` that is continued from all its `events`; nil when they do not begin as a run
  /// does.
  ///
  /// A run that is over goes on with what did not end well (`Reopening(of:)`).
  package init?(
    resuming plan: Plan, after events: some BidirectionalCollection<RunEvent>,
    as resumption: RunResumption, guidedBy guidance: Guidance = Guidance()
  ) {
    guard case .runStarted(let start)? = events.first?.kind else { return nil }
    self.start = start
    self.guidance = guidance
    var resumption = resumption
    if case .runFinished? = events.last?.kind {
      let guarded = plan.api.operations.values.filter { !$0.repetition.isRepeatable }.map(\.id)
      resumption.reopening = Reopening(of: events, guarding: Set(guarded))
    }
    let state = RunState(of: plan, after: events, reopenedBy: resumption.reopening)
    kernel = Kernel(state, seed: resumption.seed)
    calls = Calls(within: state.settings)
    self.resumption = resumption
    for event in events {
      for secret in event.kind.secrets { kernel.learn(secret) }
      // Time does not go back, whatever the clock shows by now.
      kernel.advance(to: event.at)
    }
  }

  /// The recorded state of the run; equal to the fold of its events at any time.
  package var state: RunState { kernel.state }

  /// Hides what is known to be secret.
  package var secrets: SecretScrubber { kernel.secrets }

  /// How the run ended; nil while it goes on.
  package var result: RunResult? {
    if case .finished(let result) = kernel.state.phase, resumption == nil { result } else { nil }
  }

  /// The operations that change nothing.
  package var unchanging: Set<String> { kernel.plan.api.unchanging }

  /// The description of the API that the run calls.
  package var api: APIDescription { kernel.plan.api }

  /// When the machine wants a `tick`, or nil when it waits for something else.
  package var nextDeadline: Moment? {
    mutating get { kernel.nextTimer }
  }

  /// Handles one input and returns what to do next, performing nothing.
  package mutating func apply(_ input: RunInput, at moment: Moment) -> [RunAction] {
    if case .finished = kernel.state.phase, resumption == nil { return [] }
    guard kernel.fault == nil else { return [] }
    kernel.advance(to: moment)
    handle(input)
    work()
    finishIfClosed()
    return kernel.takeActions()
  }
}

/// Inputs.
extension RunMachine {
  private mutating func handle(_ input: RunInput) {
    switch input {
    case .start: begin()
    case .answered(let request, let response): answered(request, response)
    case .exchangeFailed(let request, let failure): exchangeFailed(request, failure)
    case .performed(let request, let result): performed(request, result)
    case .performFailed(let request, let failure): performFailed(request, failure)
    case .connected(let socket): sessions.connected(socket, &kernel)
    case .connectFailed(let socket, let failure):
      sessions.connectFailed(socket, failure, for: calls, &kernel)
    case .received(let socket, let text):
      for message in ServiceMessage.all(in: text, hiding: kernel.secrets) {
        received(message, on: socket)
      }
    case .disconnected(let socket, let failure):
      sessions.disconnected(socket, failure, for: calls, &kernel)
    case .tick: tick()
    case .cancel: cancel()
    case .decide(let path, let decision): decide(path, decision)
    case .voteSlotGranted(let path): voteSlotGranted(at: path)
    case .voteSlotAwaited(let path): voteSlotAwaited(at: path)
    }
  }

  private mutating func answered(_ request: RequestID, _ response: APIResponse) {
    var response = response
    response.receivedAt = kernel.now
    kernel.noteAnswer(to: request)
    switch kernel.takePurpose(of: request) {
    case .call(let node): calls.answered(node, response, &sessions, &kernel)
    case .poll(let node, let route, let generation):
      calls.pollAnswered(
        node, response, route: route, generation: generation, &sessions, &kernel)
    case .download(let node): calls.downloaded(node, response, &kernel)
    case .token(let session):
      let hasFoundAPI = calls.hasFoundAPI(sessions)
      sessions.tokenAnswered(session, response, hasFoundAPI: hasFoundAPI, &kernel)
    case .revocation(let session): sessions.revocationAnswered(session, response, &kernel)
    case .local, .keeping, nil: break
    }
  }

  private mutating func exchangeFailed(_ request: RequestID, _ failure: TransportFailure) {
    let problem = kernel.scrubbed(failure)
    kernel.noteFailure(of: request, problem)
    switch kernel.takePurpose(of: request) {
    case .call(let node): calls.failed(node, problem, &sessions, &kernel)
    case .poll(let node, _, _): calls.pollFailed(node, problem.message, sessions, &kernel)
    case .download(let node): calls.downloadFailed(node, problem, &kernel)
    case .token(let session): sessions.tokenFailed(session, problem, &kernel)
    case .revocation(let session):
      sessions.revocationFailed(session, problem.message, &kernel)
    case .local, .keeping, nil: break
    }
  }

  private mutating func performed(_ request: RequestID, _ result: LocalResult) {
    switch kernel.takePurpose(of: request) {
    case .local(let node): LocalStep.performed(node, result, in: &self)
    case .keeping(let node):
      kernel.note(result.notice, at: node)
      calls.kept(node, result.fields, &kernel)
    case .call, .poll, .download, .token, .revocation, nil: break
    }
  }

  private mutating func performFailed(_ request: RequestID, _ problem: LocalFailure) {
    let failure = Failure(
      .local, kernel.secrets.scrub(problem.message),
      hint: problem.hint.map { kernel.secrets.scrub($0) })
    switch kernel.takePurpose(of: request) {
    case .local(let node):
      LocalStep.failed(node, failure, wasInterrupted: problem == .interrupted, in: &self)
    case .keeping(let node): calls.downloadFailed(node, failure, &kernel)
    case .call, .poll, .download, .token, .revocation, nil: break
    }
  }

  private mutating func received(_ message: ServiceMessage, on socket: SocketID) {
    guard let session = sessions.owner(of: socket) else { return }
    kernel.noteSocket()
    if let message = ChannelMessage(message) {
      sessions.received(message, in: session, on: socket, for: calls, &kernel)
    } else if let message = CallMessage(message) {
      calls.received(message, sessions, &kernel)
    }
  }

  private mutating func tick() {
    while let (purpose, lateness) = kernel.takeDueTimer() {
      switch purpose {
      case .deadline(let node): deadlinePassed(node, late: lateness)
      case .backoff(let node): backoffOver(node)
      case .pause(let node): succeed(node, with: [:])
      case .poll(let node): calls.pollCommand(node, &sessions, &kernel)
      case .askAgain(let node): calls.askAgain(node, &kernel)
      case .read(let node): WaitUntilStep.readAgain(node, in: &self)
      case .lookup(let node): readAgain(node)
      case .grace(let node): graceOver(node)
      case .join(let session): sessions.joinTimedOut(session, for: calls, &kernel)
      case .reconnect(let session): sessions.reconnect(session, for: calls, &kernel)
      case .silence: kernel.reportSilence(timeLeft: timeLeft)
      case .leave(let session): sessions.closeChannel(session, &kernel)
      case .revoke(let session): sessions.revocationTimedOut(session, &kernel)
      }
      work()
    }
  }

  /// The longest time that a call in progress may still take.
  private var timeLeft: Duration? {
    calls.nodes.compactMap { kernel.due(.deadline($0)) }.max()
      .map { $0 - kernel.now }
  }
}

/// The agenda.
extension RunMachine {
  private mutating func work() {
    while let item = kernel.nextItem() {
      switch item {
      // An inquiry begins nothing, whatever it finds.
      case .consequence(let consequence): if !guidance.isInquiry { handle(consequence) }
      case .resume(let node): resume(node)
      case .proceed(let node): calls.proceed(node, &sessions, &kernel)
      case .poll(let node): calls.pollCommand(node, &sessions, &kernel)
      case .refuse(let node, let failure):
        guard calls[node]?.isAwaitingSession ?? false else { continue }
        // What a call is for decides what follows: a read of an inquiry may be made again.
        kernel.tree.step(node)?.rules.callFailed(node, failure, in: &self)
      case .rejoined(let session):
        calls.pollOutstanding(of: session, &sessions, &kernel)
        calls.askAgain(of: session, &kernel)
      case .callSucceeded(let node, let fields):
        callEnded(node, nil)
        kernel.tree.step(node)?.rules.callSucceeded(node, with: fields, in: &self)
      case .callFailed(let node, let problem):
        callEnded(node, problem)
        kernel.tree.step(node)?.rules.callFailed(node, problem, in: &self)
      }
    }
  }

  private mutating func handle(_ consequence: Consequence) {
    switch consequence {
    case .sequenceContinues(let id): if ending == nil { beginNext(in: id) }
    case .stepContinues(let id): stepContinues(id)
    case .stepStopped(let id): stopped(id)
    case .scopeEnded(let scope): sessions.release(scope, &kernel)
    case .rootEnded(let ending): rootEnded(ending)
    }
  }
}

/// The beginning and the end of a run.
extension RunMachine {
  private mutating func begin() {
    let plan = kernel.plan
    kernel.learn(secretsOf: .map(plan.inputs))
    for secret in plan.plainSecrets { kernel.learn(secret) }
    if let resumption {
      self.resumption = nil
      return resume(as: resumption)
    }
    guard case .notStarted = kernel.state.phase else { return }
    var start = start
    start.inputs = kernel.hidden(start.inputs)
    kernel.emit(.runStarted(start))
    openDefaultSession()
  }

  /// Evaluates the credentials of the run's session, so that a mistake in them ends it early.
  mutating func openDefaultSession() {
    guard let scope = kernel.tree.root?.scope else { return }
    do {
      _ = try sessions.defaultSession(in: scope, &kernel)
    } catch {
      conclude(RunResult(outcome: .failed, failure: error))
    }
  }

  /// The outermost sequence is over: what remains is to close the sessions.
  mutating func rootEnded(_ ending: Ending) {
    guard let root = kernel.tree.root else { return }
    let (scope, playbook) = (root.scope, kernel.plan.playbook)
    var result = RunResult(
      outcome: ending.result.outcome, failure: ending.result.failure, failedStep: ending.origin)
    if ending.allowsContinuation, !root.isUndone {
      do {
        result.outcome = .succeeded
        result.outputs = try kernel.tree.outputs(of: playbook, in: scope)
      } catch {
        result = RunResult(outcome: .failed, failure: error)
      }
    }
    if undoRun(after: result) { return }
    // What was undone is no output any more.
    if !result.outcome.allowsContinuation, !root.isUndone {
      result.outputs = kernel.tree.availableOutputs(of: playbook, in: scope)
    }
    result.changes = kernel.state.overview.changes
    conclude(result)
  }

  mutating func conclude(_ result: RunResult) {
    var result = result
    result.outputs = ValueMap(
      result.outputs.entries.mapValues { kernel.secrets.hide(in: $0) })
    ending = result
    sessions.endAll(&kernel)
  }

  private mutating func finishIfClosed() {
    guard let result = ending, sessions.isClosed, kernel.fault == nil else { return }
    kernel.emit(.runFinished(result))
    kernel.perform(.finish(result))
  }

  private mutating func cancel() {
    guard case .running = kernel.state.phase, ending == nil else { return }
    kernel.emit(.cancelRequested(grace: kernel.settings.stopping.cancelGrace))
    if guidance.isInquiry { conclude(RunResult(outcome: .cancelled)) }
  }
}

extension ChannelMessage {
  /// Nil for a message about something else.
  fileprivate init?(_ message: ServiceMessage) {
    switch message {
    case .joined(let correlationID, let channelID):
      self = .joined(echoed: correlationID, channelID: channelID)
    case .joinRefused(let correlationID, let status, let message):
      self = .joinRefused(
        JoinRefusal(echoed: correlationID, status: status, message: message))
    case .left: self = .left
    case .commandStatus, .requestData, .streamReady, .ignored: return nil
    }
  }
}

extension CallMessage {
  /// Nil for a message about something else.
  fileprivate init?(_ message: ServiceMessage) {
    switch message {
    case .commandStatus(let command, let state, let body):
      self = .commandStatus(command, state, body: body)
    case .requestData(let request, let context, let outputType, let body):
      let data = RequestedData(outputType: outputType, body: body)
      self = .data(request: request, .body(data, context: context))
    case .streamReady(let request?, let url): self = .data(request: request, .streamReady(url: url))
    case .streamReady(nil, let url): self = .streamReady(url: url)
    case .joined, .joinRefused, .left, .ignored: return nil
    }
  }
}
