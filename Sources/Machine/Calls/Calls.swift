import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// The calls in progress: requests in flight, commands and data that are waited for, early messages,
/// and the routes that were found to work.
///
/// It alone writes them. How a call ended is put on the agenda, for the step that made it.
struct Calls: Sendable {
  private var calls: [NodeID: CallState] = [:]
  /// Which nodes wait for which command, and for which requested data.
  private(set) var commandWaiters = Waiters()
  private(set) var dataWaiters = Waiters()
  var earlyMessages: EarlyMessages
  /// The route of an operation that was found to work, by operation id.
  var provenRoutes: [String: Int] = [:]

  init(within settings: RunSettings) {
    earlyMessages = EarlyMessages(limit: settings.calls.earlyAckLimit)
  }

  /// The call in progress at a node, whether it is the step itself or one read of a wait.
  subscript(id: NodeID) -> CallState? { calls[id] }

  /// The nodes with a call in progress.
  var nodes: some Sequence<NodeID> { calls.keys }

  /// Whether a call waits for a message of the session's socket.
  func awaitMessages(in session: SessionID) -> Bool {
    commandWaiters.all.contains { calls[$0]?.session == session }
      || dataWaiters.all.contains { calls[$0]?.session == session }
  }

  /// From now on the node hears of the command and of the requested data.
  mutating func expect(command: String?, data request: String? = nil, at id: NodeID) {
    if let command { commandWaiters.add(id, to: command) }
    if let request { dataWaiters.add(id, to: request) }
  }

  /// The node has heard all of the command.
  mutating func stopExpecting(command: String, at id: NodeID) {
    commandWaiters.remove(id, from: command)
  }

  mutating func setPhase(_ id: NodeID, _ phase: CallState.Phase) { calls[id]?.phase = phase }

  mutating func updateCall(_ id: NodeID, _ change: (inout CallState) -> Void) {
    guard var call = calls.removeValue(forKey: id) else { return }
    change(&call)
    calls[id] = call
  }
}

/// The life of a call.
extension Calls {
  /// Begins a call of `operation`, which leaves as soon as its session is ready.
  mutating func begin(
    _ id: NodeID, _ operation: Operation, _ arguments: ValueMap, in session: SessionID?,
    recording: CallState.Recording, _ kernel: inout Kernel
  ) {
    for secret in operation.secrets(in: arguments) { kernel.learn(secret) }
    calls[id] = CallState(
      operation, arguments, in: session, by: provenRoutes[operation.id] ?? 0,
      recording: recording)
  }

  /// Lets the call of a wait be made once more.
  mutating func beginAgain(_ id: NodeID) {
    updateCall(id) { call in
      call.hasReplayed = false
      call.phase = .awaitingSession
    }
  }

  /// The step is over, and its call with it.
  mutating func end(_ id: NodeID) { calls[id] = nil }

  /// Drops everything that is outstanding for the call.
  mutating func abandon(_ id: NodeID, _ kernel: inout Kernel) {
    guard let call = calls[id] else { return }
    switch call.phase {
    case .awaitingSession, .over: break
    case .exchanging(let request, _): kernel.forget(request)
    case .awaitingCommand(let wait): abandon(wait, at: id, &kernel)
    case .awaitingData(let wait):
      dataWaiters.remove(id, from: wait.requestID)
      if let command = wait.command { abandon(command, at: id, &kernel) }
      if let download = wait.download { kernel.forget(download) }
    }
    setPhase(id, .over)
  }

  private mutating func abandon(_ wait: CommandWait, at id: NodeID, _ kernel: inout Kernel) {
    commandWaiters.remove(id, from: wait.commandID)
    if let poll = wait.polling.request { kernel.forget(poll) }
  }
}

/// Requests.
extension Calls {
  /// Sends the call's request once its session is as the operation needs it.
  mutating func proceed(_ id: NodeID, _ sessions: inout Sessions, _ kernel: inout Kernel) {
    guard let call = calls[id], case .awaitingSession = call.phase else { return }
    if let session = call.session {
      guard sessions.isReady(session, for: call.operation, kernel) else {
        return sessions.queue(session, for: id, call.operation, &kernel)
      }
    }
    send(id, call, call.session.flatMap { sessions[$0] }, &kernel)
  }

  private mutating func send(
    _ id: NodeID, _ call: CallState, _ session: Session?, _ kernel: inout Kernel
  ) {
    guard let (node, step) = kernel.inProgress(id) else { return }
    let route = call.operation.routes[call.route]
    if let failure = call.operation.secretInAddress(call.arguments) {
      return kernel.schedule(.callFailed(id, .impossible(failure)))
    }
    var request: APIRequest
    do {
      request = try call.operation.request(
        call.arguments, by: route, token: session?.usableToken)
      request.sendBy = kernel.now + kernel.settings.calls.sendLimit
    } catch {
      let failure = Failure(.invalid, error.message, operation: call.operation.id)
      return kernel.schedule(.callFailed(id, .impossible(failure)))
    }
    recordIntent(id, node, step, call, route, &kernel)
    kernel.noteForeignAddress(of: request, at: id)
    let requestID = kernel.request(for: .call(id))
    setPhase(id, .exchanging(requestID, tokenGeneration: session?.token.generation ?? 0))
    kernel.perform(.exchange(requestID, request))
  }

  private mutating func recordIntent(
    _ id: NodeID, _ node: Node, _ step: StepState, _ call: CallState, _ route: Operation.Route,
    _ kernel: inout Kernel
  ) {
    guard calls[id]?.recording.takeRequest() ?? false else { return }
    kernel.emit(
      .requestIntended(
        node.path,
        RequestIntent(
          attempt: step.progress.attempt.number, operation: call.operation.id, method: route.method,
          path: route.path,
          arguments: call.operation.recordable(call.arguments, hiding: kernel.secrets),
          sendBy: kernel.now + kernel.settings.calls.sendLimit)))
  }
}

/// Answers.
extension Calls {
  mutating func answered(
    _ id: NodeID, _ response: APIResponse, _ sessions: inout Sessions, _ kernel: inout Kernel
  ) {
    guard let call = calls[id], let step = kernel.tree.step(id),
      case .exchanging(_, let generation) = call.phase
    else { return }
    let isRefused = !(200..<300).contains(response.status)
    let secrets =
      isRefused
      ? kernel.secrets(forRefusalOf: call, in: sessions) : kernel.secrets(for: call)
    let answer = call.operation.read(response, hiding: secrets)
    kernel.learn(secretsOf: .map(answer.fields))
    recordAnswer(answer, of: id, step, &kernel)
    if answer.suggestsOtherRoute, step.stop == nil, call.route + 1 < call.operation.routes.count {
      return tryNextRoute(id, answer, &sessions, &kernel)
    }
    var refusal: CallState.RefusedRequest?
    if answer.status == 405, let earlier = call.earlierRefusal {
      refusal = earlier
    } else if case .problem(let problem) = answer.verdict {
      refusal = CallState.RefusedRequest(
        problem: problem, status: answer.status, answer: answer.recordable)
    }
    if let refusal { return refused(id, call, refusal, generation, &sessions, &kernel) }
    provenRoutes[call.operation.id] = call.route
    sessions.noteToken(of: call, generation: generation, answer, response, &kernel)
    accepted(id, call, answer, &sessions, &kernel)
  }

  mutating func recordAnswer(
    _ answer: OperationAnswer, of id: NodeID, _ step: StepState, _ kernel: inout Kernel
  ) {
    guard let (node, _) = kernel.inProgress(id), let call = kernel.certain(calls[id]),
      calls[id]?.recording.takeAnswer() ?? false
    else { return }
    kernel.emit(
      .requestAnswered(
        node.path,
        RequestAnswer(
          attempt: step.progress.attempt.number, status: answer.status, commandID: answer.commandID,
          requestID: answer.requestID, body: answer.recordable,
          fields: call.mustKeep(answer) ? answer.fields.present : [:],
          mayIdentifyCreated: answer.mayIdentifyCreated)))
  }

  /// Sends the call by the next route, and keeps a 404: a 405 of that route would say less.
  private mutating func tryNextRoute(
    _ id: NodeID, _ answer: OperationAnswer, _ sessions: inout Sessions,
    _ kernel: inout Kernel
  ) {
    updateCall(id) { call in
      if case .problem(let problem) = answer.verdict, answer.status == 404 {
        call.earlierRefusal = CallState.RefusedRequest(
          problem: problem, status: answer.status, answer: answer.recordable)
      }
      call.route += 1
      call.phase = .awaitingSession
    }
    proceed(id, &sessions, &kernel)
  }

  private mutating func refused(
    _ id: NodeID, _ call: CallState, _ refusal: CallState.RefusedRequest, _ generation: Int,
    _ sessions: inout Sessions, _ kernel: inout Kernel
  ) {
    let problem = refusal.problem
    if problem.kind == .unauthorised, let session = call.session, !call.hasReplayed,
      kernel.tree.step(id)?.stop == nil
    {
      sessions.discardToken(of: session, generation: generation)
      updateCall(id) {
        $0.hasReplayed = true
        $0.phase = .awaitingSession
      }
      return proceed(id, &sessions, &kernel)
    }
    let route = call.operation.routes[call.route]
    var failure = Failure(
      problem.kind, problem.message,
      hint: kernel.hintOfPath(
        of: route, refusedWith: refusal.status, hasFoundAPI: hasFoundAPI(sessions)),
      status: refusal.status, operation: call.operation.id, answer: refusal.answer)
    failure.reason = kernel.recordable(
      problem.reason, ofRefusing: call, at: id,
      hiding: kernel.secrets(forRefusalOf: call, in: sessions))
    let effect = Self.effect(of: refusal.status, asksToWait: problem.retryAfter != nil)
    setPhase(id, .over)
    kernel.schedule(
      .callFailed(id, WorkFailure(failure, effect: effect, retryAfter: problem.retryAfter)))
  }

  /// Whether some request of the run was answered as by the API.
  func hasFoundAPI(_ sessions: Sessions) -> Bool {
    !provenRoutes.isEmpty || sessions.hasHadToken
  }

  /// What a refused request may have done.
  ///
  /// Nothing by 4xx and by 3xx but 303, which follows a request that was carried out (RFC 9110
  /// §15.4.4). A 503 with `Retry-After` comes of a server that did not begin (§15.6.4); one without may
  /// come of a gateway that lost the answer. Nobody knows by any other 5xx or an answer that makes no
  /// sense.
  static func effect(of status: Int, asksToWait: Bool) -> WorkFailure.Effect {
    switch status {
    case 303: .possible
    case 300..<500: .none
    case 503 where asksToWait: .none
    default: .possible
    }
  }

  private mutating func accepted(
    _ id: NodeID, _ call: CallState, _ answer: OperationAnswer, _ sessions: inout Sessions,
    _ kernel: inout Kernel
  ) {
    switch call.operation.completion {
    case .commandStatus:
      // Without a command id the answer itself was the end (protocol.md §15).
      guard let command = answer.commandID else { return succeed(id, answer.fields, &kernel) }
      awaitCommand(command, at: id, call, answer, &sessions, &kernel)
    case .requestID:
      guard let request = answer.requestID else {
        let failure = Failure(
          .malformed, "the answer holds no request id, so the data cannot be identified",
          status: answer.status, operation: call.operation.id, answer: answer.recordable)
        setPhase(id, .over)
        return kernel.schedule(.callFailed(id, WorkFailure(failure, effect: .none)))
      }
      awaitData(request, at: id, call, answer, &sessions, &kernel)
    case .http, .stream:
      if let command = answer.commandID, answer.verdict == .accepted {
        awaitCommand(command, at: id, call, answer, &sessions, &kernel)
      } else {
        succeed(id, answer.fields, &kernel)
      }
    }
  }

  private mutating func succeed(_ id: NodeID, _ fields: ValueMap, _ kernel: inout Kernel) {
    setPhase(id, .over)
    kernel.schedule(.callSucceeded(id, fields))
  }
}

/// Messages.
extension Calls {
  /// A message of a socket about a command or requested data.
  mutating func received(
    _ message: CallMessage, _ sessions: Sessions, _ kernel: inout Kernel
  ) {
    switch message {
    case .commandStatus(let command, let state, let body):
      if commandWaiters[command].isEmpty {
        earlyMessages.keep(state, body, of: command)
      } else {
        commandStatus(state, body, of: command, by: .socket, sessions, &kernel)
      }
    case .data(let request, let message): keepOrTake(message, of: request, &kernel)
    case .streamReady(let url):
      // A message that names no request is for the one that there is; without an address of its
      // own it may mean any of several.
      let requests = dataWaiters.ids.sorted()
      guard requests.count == 1 || url == nil else { break }
      for request in requests { keepOrTake(.streamReady(url: url), of: request, &kernel) }
    }
  }

  private mutating func keepOrTake(
    _ message: DataMessage, of request: String, _ kernel: inout Kernel
  ) {
    if dataWaiters[request].isEmpty {
      earlyMessages.keep(message, of: request)
    } else {
      dataMessage(message, of: request, &kernel)
    }
  }
}

/// A message of a socket about a command or requested data.
enum CallMessage: Sendable {
  case commandStatus(String, CommandState, body: Value)
  case data(request: String, DataMessage)
  /// A stream is ready, without saying whose.
  case streamReady(url: Secret?)
}

extension ValueMap {
  /// The entries that are not null.
  fileprivate var present: ValueMap {
    ValueMap(entries.filter { $0.value != .null })
  }
}

extension CallState {
  /// Whether the fields of the answer are still needed when the run is continued: the end of the step
  /// does not follow at once, or the request must not be sent again.
  fileprivate func mustKeep(_ answer: OperationAnswer) -> Bool {
    guard case .problem = answer.verdict else {
      return answer.verdict == .accepted || !operation.repetition.isRepeatable
    }
    return false
  }
}
