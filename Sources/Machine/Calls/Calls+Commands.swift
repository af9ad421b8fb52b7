import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Accepted commands: their outcome comes by socket or by poll, whichever is first.
extension Calls {
  mutating func awaitCommand(
    _ command: String, at id: NodeID, _ call: CallState, _ answer: OperationAnswer,
    _ sessions: inout Sessions, _ kernel: inout Kernel
  ) {
    expect(command: command, at: id)
    let listens = sessions.listen(for: call)
    var wait = newWait(for: command, of: call, fields: answer.fields, sessions, kernel)
    wait.mayIdentifyCreated = answer.mayIdentifyCreated
    setPhase(id, .awaitingCommand(wait))
    if let early = earlyMessages.takeStatus(of: command) {
      commandStatus(early.state, early.body, of: command, by: .socket, sessions, &kernel)
      guard commandWaiters[command].contains(id) else { return }
    }
    kernel.emitWaiting(id, .command(id: command))
    kernel.wake(
      for:
        .poll(id), at: listens ? kernel.now + kernel.settings.polls.quietInterval : kernel.now)
  }

  /// A wait for `command` that begins now.
  func newWait(
    for command: String, of call: CallState, fields: ValueMap, _ sessions: Sessions,
    _ kernel: Kernel
  ) -> CommandWait {
    let settings = kernel.settings
    return CommandWait(
      commandID: command, acceptedAt: kernel.now, fields: fields,
      polling: .init(
        pause: sessions.listen(for: call)
          ? settings.polls.quietInterval : settings.polls.firstInterval))
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
      case .awaitingSession, .exchanging, .over: break
      }
    }
  }

  /// The status of a command, from wherever it came, for everybody who waits for it; a second
  /// ending is ignored.
  mutating func commandStatus(
    _ state: CommandState, _ body: Value, of command: String, by means: CommandVerdict.Means,
    _ sessions: Sessions, _ kernel: inout Kernel
  ) {
    for id in commandWaiters[command] {
      commandStatus(state, body, of: command, at: id, by: means, sessions, &kernel)
    }
  }

  private mutating func commandStatus(
    _ state: CommandState, _ body: Value, of command: String, at id: NodeID,
    by means: CommandVerdict.Means, _ sessions: Sessions, _ kernel: inout Kernel
  ) {
    guard let (node, _) = kernel.inProgress(id), let call = kernel.certain(self[id]) else {
      return
    }
    // A success says no more, usually, and then there is nothing to hide.
    let secrets =
      state == .succeeded && body == .null
      ? kernel.secrets : kernel.secrets(forRefusalOf: call, in: sessions)
    let body = secrets.scrub(body)
    switch state {
    case .pending:
      guard let wait = call.commandWait, !wait.hasReportedPending else { return }
      updateWait(id) { $0.hasReportedPending = true }
      kernel.emit(.commandPending(node.path, commandID: command))
    case .succeeded:
      if case .awaitingData = call.phase { return dataCommandSucceeded(command, at: id, &kernel) }
      settleCommand(id, node, command, .succeeded, body, nil, means, &kernel)
      kernel.schedule(.callSucceeded(id, call.finishedFields))
    case .failed(let given):
      let reason = kernel.recordable(given, ofRefusing: call, at: id, hiding: secrets)
      settleCommand(id, node, command, .rejected, body, reason, means, &kernel)
      kernel.schedule(.callFailed(id, WorkFailure(call.rejection(body, reason), effect: .settled)))
    case .unknown(let received):
      let word = secrets.scrub(received)
      settleCommand(id, node, command, .unknown(word), body, nil, means, &kernel)
      kernel.schedule(
        .callFailed(id, WorkFailure(call.unknownStatus(word, body), effect: .settled)))
    }
  }

  private mutating func settleCommand(
    _ id: NodeID, _ node: Node, _ command: String, _ state: CommandVerdict.State, _ body: Value,
    _ reason: String?, _ means: CommandVerdict.Means, _ kernel: inout Kernel
  ) {
    abandon(id, &kernel)
    kernel.cancelTimer(for: .poll(id))
    var verdict = CommandVerdict(commandID: command, state: state, means: means, body: body)
    verdict.reason = reason
    kernel.emit(.commandSettled(node.path, verdict))
  }
}

/// Polling.
extension Calls {
  /// Asks for a command's status, with a token that is not about to end.
  mutating func pollCommand(
    _ id: NodeID, _ sessions: inout Sessions, _ kernel: inout Kernel
  ) {
    guard let call = self[id], let wait = call.commandWait, wait.polling.request == nil else {
      return
    }
    kernel.cancelTimer(for: .poll(id))
    if let session = call.session, sessions[session]?.isTokenOnItsWay(at: kernel.now) ?? false {
      sessions.queuePoll(of: id, in: session)
      return sessions.renewToken(of: session, &kernel)
    }
    let route = provenRoutes[kernel.plan.api.roles.commandStatus] ?? 0
    sendPoll(id, call, wait, route: route, sessions, &kernel)
  }

  private mutating func sendPoll(
    _ id: NodeID, _ call: CallState, _ wait: CommandWait, route: Int, _ sessions: Sessions,
    _ kernel: inout Kernel
  ) {
    guard let operation = kernel.plan.api.pollOperation, operation.routes.indices.contains(route)
    else { return }
    let session = wait.polling.isTokenRefused ? nil : call.session.flatMap { sessions[$0] }
    do {
      let request = try operation.request(
        ["commandId": .string(wait.commandID)], by: operation.routes[route],
        token: session?.usableToken)
      let requestID = kernel.request(
        for: .poll(id, route: route, generation: session?.token.generation))
      updateWait(id) { $0.polling.request = requestID }
      kernel.perform(.exchange(requestID, request))
    } catch {
      schedulePoll(id, sessions, &kernel)
    }
  }

  mutating func pollAnswered(
    _ id: NodeID, _ response: APIResponse, route: Int, generation: Int?,
    _ sessions: inout Sessions, _ kernel: inout Kernel
  ) {
    guard let call = kernel.certain(self[id]), let wait = kernel.certain(call.commandWait),
      let operation = kernel.certain(kernel.plan.api.pollOperation)
    else { return }
    updateWait(id) { $0.polling.request = nil }
    let isProven = provenRoutes[operation.id] != nil
    if !isProven, route + 1 < operation.routes.count,
      operation.read(response).suggestsOtherRoute
    {
      return sendPoll(id, call, wait, route: route + 1, sessions, &kernel)
    }
    let status = CommandStatus.read(
      response, hiding: kernel.secrets(forRefusalOf: call, in: sessions))
    if status.isProof {
      provenRoutes[operation.id] = route
      updateWait(id) { $0.polling.problem = nil }
    }
    let command = wait.commandID
    switch status {
    case .inFlight: commandStatus(.pending, .null, of: command, by: .poll, sessions, &kernel)
    case .succeeded(let note):
      commandStatus(.succeeded, note, of: command, by: .poll, sessions, &kernel)
    case .rejected(let body, let reason):
      commandStatus(
        .failed(reason: reason), body, of: command, by: .poll, sessions, &kernel)
    case .unknown(let word):
      commandStatus(.unknown(word), .null, of: command, by: .poll, sessions, &kernel)
    case .notKnown:
      guard kernel.now - wait.acceptedAt < kernel.settings.polls.unknownCommandGrace else {
        return commandIsUnknown(id, call, wait, &kernel)
      }
    case .problem(let problem):
      updateWait(id) { $0.polling.problem = problem.message }
      if [401, 403].contains(response.status), let generation {
        return pollRefused(id, wait, call, response.status, generation, &sessions, &kernel)
      }
      return schedulePoll(id, after: problem.retryAfter, sessions, &kernel)
    }
    updateWait(id) { $0.polling.hasRenewedToken = false }
    schedulePoll(id, sessions, &kernel)
  }

  /// The service does not know the command, although it had time to.
  private mutating func commandIsUnknown(
    _ id: NodeID, _ call: CallState, _ wait: CommandWait, _ kernel: inout Kernel
  ) {
    abandon(id, &kernel)
    guard !wait.mayIdentifyCreated else {
      return kernel.schedule(.callSucceeded(id, wait.fields))
    }
    var failure = call.rejection(
      "the service does not know command \(wait.commandID): it was refused, or forgotten", .null)
    failure.hint =
      "check the outcome at the service: older versions respond like this to a refused command"
    let wasKnown = wait.isResumed || wait.hasReportedPending
    let effect: WorkFailure.Effect = wasKnown ? .possible : .settled
    var problem = WorkFailure(failure, effect: effect)
    problem.wasForgotten = wait.isResumed
    kernel.schedule(.callFailed(id, problem))
  }

  /// A poll was refused for its token: a new token and one more poll, and then polls without one.
  ///
  /// Nothing says that a status needs a token (protocol.md §2).
  private mutating func pollRefused(
    _ id: NodeID, _ wait: CommandWait, _ call: CallState, _ status: Int, _ generation: Int,
    _ sessions: inout Sessions, _ kernel: inout Kernel
  ) {
    guard let session = call.session, status == 401, !wait.polling.hasRenewedToken else {
      updateWait(id) { $0.polling.isTokenRefused = true }
      return schedulePoll(id, sessions, &kernel)
    }
    updateWait(id) { $0.polling.hasRenewedToken = true }
    sessions.discardToken(of: session, generation: generation)
    sessions.queuePoll(of: id, in: session)
    guard !(sessions[session]?.hasFreshToken(at: kernel.now) ?? false) else {
      return sessions.pollNow(session, &kernel)
    }
    sessions.renewToken(of: session, &kernel)
  }

  mutating func pollFailed(
    _ id: NodeID, _ problem: String, _ sessions: Sessions, _ kernel: inout Kernel
  ) {
    updateWait(id) {
      $0.polling.request = nil
      $0.polling.problem = problem
    }
    schedulePoll(id, sessions, &kernel)
  }

  private mutating func schedulePoll(
    _ id: NodeID, after retryAfter: Duration? = nil, _ sessions: Sessions,
    _ kernel: inout Kernel
  ) {
    // The answer before may have ended the command.
    guard let call = self[id], let wait = call.commandWait else { return }
    let settings = kernel.settings
    let longest =
      sessions.listen(for: call)
      ? settings.polls.longestWaitInterval
      : settings.polls.interval(
        settings.polls.longestInterval, afterWaiting: kernel.now - wait.acceptedAt)
    let pause = min(wait.polling.pause, longest)
    updateWait(id) { $0.polling.pause = min(pause * 2, longest) }
    let requested = min(retryAfter ?? .zero, settings.steps.maximumRetryAfter)
    kernel.wake(for: .poll(id), at: kernel.now + max(pause, requested))
  }

  /// Polls every command that `session` waits for: acks may have been lost with the socket.
  mutating func pollOutstanding(
    of session: SessionID, _ sessions: inout Sessions, _ kernel: inout Kernel
  ) {
    for id in commandWaiters.all where self[id]?.session == session {
      pollCommand(id, &sessions, &kernel)
    }
  }
}

extension Sessions {
  /// Whether the outcome of a call's command comes by a socket.
  fileprivate func listen(for call: CallState) -> Bool {
    call.session.flatMap { self[$0] }?.isJoined ?? false
  }
}

extension APIDescription {
  /// The operation that reads a command's status.
  fileprivate var pollOperation: Operation? { operations[roles.commandStatus] }
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
  var finishedFields: ValueMap {
    guard case .awaitingCommand(let wait) = phase else { return ValueMap() }
    var fields = wait.fields
    fields["commandId"] = .string(wait.commandID)
    return fields
  }

  /// A command that was rejected, be it with or without a reason.
  func rejection(_ body: Value, _ reason: String?) -> Failure {
    var failure = rejection(
      "the command was rejected" + (body == .null ? ", without a reason" : ""), body)
    failure.reason = reason
    return failure
  }

  /// A command that ended with a status that the contract does not know.
  func unknownStatus(_ word: String, _ body: Value) -> Failure {
    var failure = rejection("the command ended with the unknown status `\(word)`", body)
    failure.hint = "check the outcome at the service: this program does not know the status"
    return failure
  }

  fileprivate func rejection(_ what: String, _ body: Value) -> Failure {
    let reason = body.text ?? (body == .null ? nil : body.displayText)
    return Failure(
      .rejected, reason.map { "\(what): \($0)" } ?? what, hint: operation.rejectionHint,
      operation: operation.id, answer: body)
  }
}
