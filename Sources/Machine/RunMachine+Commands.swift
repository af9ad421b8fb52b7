import Planning
import OrderedCollections
import Events
import Expressions
import Operations
import Playbooks

/// Accepted commands: their outcome comes by socket or by poll, whichever is first.
extension RunMachine {
  mutating func awaitCommand(
    _ command: String, at id: NodeID, _ call: CallState, _ answer: OperationAnswer
  ) {
    guard let node = nodes[id] else { return }
    commandWaiters.add(id, to: command)
    let listens = isListening(for: call)
    var wait = newWait(for: command, of: call, fields: answer.fields)
    wait.mayIdentifyCreated = answer.mayIdentifyCreated
    setPhase(id, .awaitingCommand(wait))
    if let early = earlyMessages.takeStatus(of: command) {
      commandStatus(early.state, early.body, of: command, by: .socket)
      guard commandWaiters[command].contains(id) else { return }
    }
    emitWaiting(node.path, .command(id: command))
    timers.set(.poll(id), at: listens ? now + settings.quietInterval : now)
  }

  /// A wait for `command` that begins now.
  func newWait(for command: String, of call: CallState, fields: ValueMap) -> CommandWait {
    CommandWait(
      commandID: command, acceptedAt: now, fields: fields,
      pollPause: isListening(for: call) ? settings.quietInterval : settings.firstPollInterval)
  }

  func isListening(for call: CallState) -> Bool {
    call.session.flatMap { sessions[$0] }?.isJoined ?? false
  }

  /// The command a node waits for, be it the call's own or the one behind requested data.
  func commandWait(_ id: NodeID) -> CommandWait? {
    switch call(at: id)?.phase {
    case .awaitingCommand(let wait): wait
    case .awaitingData(let wait): wait.command
    case .awaitingSession, .exchanging, nil: nil
    }
  }

  private mutating func updateWait(_ id: NodeID, _ change: (inout CommandWait) -> Void) {
    updateCall(id) { call in
      switch call.phase {
      case .awaitingCommand(var wait):
        change(&wait)
        call.phase = .awaitingCommand(wait)
      case .awaitingData(var data):
        guard var wait = data.command else { return }
        change(&wait)
        data.command = wait
        call.phase = .awaitingData(data)
      case .awaitingSession, .exchanging: break
      }
    }
  }

  /// The status of a command, from wherever it came, for everybody who waits for it; a second
  /// ending is ignored.
  mutating func commandStatus(
    _ state: CommandState, _ body: Value, of command: String, by means: CommandVerdict.Means
  ) {
    for id in commandWaiters[command] { commandStatus(state, body, of: command, at: id, by: means) }
  }

  private mutating func commandStatus(
    _ state: CommandState, _ body: Value, of command: String, at id: NodeID,
    by means: CommandVerdict.Means
  ) {
    guard let node = nodes[id], let call = call(at: id) else { return }
    let body = scrubber(forRefusalOf: call).scrub(body)
    switch state {
    case .pending:
      guard let wait = commandWait(id), !wait.hasReportedPending else { return }
      updateWait(id) { $0.hasReportedPending = true }
      emit(.commandPending(node.path, commandID: command))
    case .succeeded:
      if case .awaitingData = call.phase { return dataCommandSucceeded(command, at: id) }
      settleCommand(id, node, command, .succeeded, body, means)
      finishCall(id, with: call.finishedFields)
    case .failed:
      settleCommand(id, node, command, .rejected, body, means)
      callFailed(
        id, WorkFailure(call.rejection(body), effect: .settled))
    case .unknown(let received):
      let word = scrubber(forRefusalOf: call).scrub(received)
      settleCommand(id, node, command, .unknown(word), body, means)
      var failure = call.rejection("the command ended with the unknown status `\(word)`", body)
      failure.hint = "check the outcome at the service: this program does not know the status"
      callFailed(id, WorkFailure(failure, effect: .settled))
    }
  }

  private mutating func settleCommand(
    _ id: NodeID, _ node: Node, _ command: String, _ state: CommandVerdict.State, _ body: Value,
    _ means: CommandVerdict.Means
  ) {
    if let call = call(at: id) { abandon(call, at: id) }
    timers.cancel(.poll(id))
    let verdict = CommandVerdict(commandID: command, state: state, means: means, body: body)
    emit(.commandSettled(node.path, verdict))
  }
}

/// Polling.
extension RunMachine {
  /// Asks for a command's status, with a token that is not about to end.
  mutating func pollCommand(_ id: NodeID) {
    guard let wait = commandWait(id), wait.poll == nil else { return }
    timers.cancel(.poll(id))
    if let session = call(at: id)?.session, sessions[session]?.isTokenOnItsWay(at: now) ?? false {
      sessions[session]?.waitingForPoll.append(id)
      return renewToken(of: session)
    }
    sendPoll(id, wait, route: provenRoutes[plan.api.roles.commandStatus] ?? 0)
  }

  private mutating func sendPoll(_ id: NodeID, _ wait: CommandWait, route: Int) {
    guard let operation = plan.api.operations[plan.api.roles.commandStatus],
      operation.routes.indices.contains(route)
    else { return }
    let session = wait.isTokenRefused ? nil : call(at: id)?.session.flatMap { sessions[$0] }
    do {
      let request = try operation.request(
        ["commandId": .string(wait.commandID)], by: operation.routes[route],
        token: session?.usableToken)
      let requestID = self.request(
        for: .poll(id, route: route, generation: session?.tokenGeneration))
      updateWait(id) { $0.poll = requestID }
      perform(.exchange(requestID, request))
    } catch {
      schedulePoll(id)
    }
  }

  mutating func pollAnswered(
    _ id: NodeID, _ response: APIResponse, route: Int, generation: Int?
  ) {
    guard let wait = commandWait(id), let call = call(at: id),
      let operation = plan.api.operations[plan.api.roles.commandStatus]
    else { return }
    updateWait(id) { $0.poll = nil }
    let isProven = provenRoutes[operation.id] != nil
    if !isProven, route + 1 < operation.routes.count,
      operation.read(response).suggestsOtherRoute
    {
      return sendPoll(id, wait, route: route + 1)
    }
    let status = CommandStatus.read(response, hiding: scrubber(forRefusalOf: call))
    if status.isProof {
      provenRoutes[operation.id] = route
      updateWait(id) { $0.pollProblem = nil }
    }
    switch status {
    case .inFlight: commandStatus(.pending, .null, of: wait.commandID, by: .poll)
    case .succeeded(let note): commandStatus(.succeeded, note, of: wait.commandID, by: .poll)
    case .rejected(let reason): commandStatus(.failed, reason, of: wait.commandID, by: .poll)
    case .unknown(let word): commandStatus(.unknown(word), .null, of: wait.commandID, by: .poll)
    case .notKnown
    where wait.mayIdentifyCreated && now - wait.acceptedAt >= settings.unknownCommandGrace:
      abandon(call, at: id)
      return finishCall(id, with: wait.fields)
    case .notKnown where now - wait.acceptedAt >= settings.unknownCommandGrace:
      var failure = call.rejection(
        "the service does not know command \(wait.commandID): it was refused, or forgotten", .null)
      failure.hint = "check the outcome at the service: older ones answer so for a refused command"
      abandon(call, at: id)
      return callFailed(id, WorkFailure(failure, effect: .settled))
    case .notKnown: break
    case .problem(let problem):
      updateWait(id) { $0.pollProblem = problem.message }
      if [401, 403].contains(response.status), let generation {
        return pollRefused(id, wait, call, response.status, generation: generation)
      }
      return schedulePoll(id, after: problem.retryAfter)
    }
    updateWait(id) { $0.hasRenewedToken = false }
    schedulePoll(id)
  }

  /// A poll was refused for its token: a new token and one more poll, and then polls without one.
  ///
  /// Nothing says that a status needs a token (protocol.md §2).
  private mutating func pollRefused(
    _ id: NodeID, _ wait: CommandWait, _ call: CallState, _ status: Int, generation: Int
  ) {
    guard let session = call.session, status == 401, !wait.hasRenewedToken else {
      updateWait(id) { $0.isTokenRefused = true }
      return schedulePoll(id)
    }
    updateWait(id) { $0.hasRenewedToken = true }
    discardToken(of: session, generation: generation)
    sessions[session]?.waitingForPoll.append(id)
    guard !(sessions[session]?.hasFreshToken(at: now) ?? false) else { return pollNow(session) }
    renewToken(of: session)
  }

  mutating func pollFailed(_ id: NodeID, _ problem: String) {
    updateWait(id) {
      $0.poll = nil
      $0.pollProblem = problem
    }
    schedulePoll(id)
  }

  mutating func schedulePoll(_ id: NodeID, after retryAfter: Duration? = nil) {
    guard let wait = commandWait(id), let call = call(at: id) else { return }
    let longest = isListening(for: call) ? settings.rarePollInterval : settings.pollInterval
    let pause = min(wait.pollPause, longest)
    updateWait(id) { $0.pollPause = min(pause * 2, longest) }
    let asked = min(retryAfter ?? .zero, settings.maximumRetryAfter)
    timers.set(.poll(id), at: now + max(pause, asked))
  }

  /// Polls every command that `session` waits for: acks may have been lost with the socket.
  mutating func pollOutstanding(of session: SessionID) {
    for id in commandWaiters.all where call(at: id)?.session == session { pollCommand(id) }
  }
}

extension CommandStatus {
  /// Whether the answer shows that the route it came by is the right one.
  fileprivate var isProof: Bool {
    switch self {
    case .inFlight, .succeeded, .rejected, .unknown: true
    case .notKnown, .problem: false
    }
  }
}

extension CallState {
  /// What a finished command offers to later steps: the answer's fields and the command id.
  fileprivate var finishedFields: ValueMap {
    guard case .awaitingCommand(let wait) = phase else { return ValueMap() }
    var fields = wait.fields
    fields["commandId"] = .string(wait.commandID)
    return fields
  }

  /// A command that was rejected, be it with or without a reason.
  fileprivate func rejection(_ body: Value) -> Failure {
    rejection("the command was rejected" + (body == .null ? ", without a reason" : ""), body)
  }

  fileprivate func rejection(_ what: String, _ body: Value) -> Failure {
    let reason = body.text ?? (body == .null ? nil : body.displayText)
    return Failure(
      .rejected, reason.map { "\(what): \($0)" } ?? what, hint: operation.rejectionHint,
      operation: operation.id, answer: body)
  }
}
