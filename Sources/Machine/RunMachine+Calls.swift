import OrderedCollections
import Events
import Expressions
import Operations
import Planning
import Playbooks

/// Calls: from arguments to the HTTP answer.
extension RunMachine {
  mutating func startCall(
    _ id: NodeID, _ node: Node, _ call: PlannedCall, _ choice: SessionChoice
  ) throws(WorkFailure) {
    let arguments = try orSettled { () throws(Failure) in
      try evaluate(call.arguments, in: node.scope)
    }
    switch call.target {
    case .local(let action):
      for secret in action.secrets(in: arguments) { scrubber.add(secret) }
      let request = request(for: .local(id))
      setWork(id, .local(LocalState(request: request)))
      perform(.perform(request, action, arguments))
    case .operation(let operation):
      let call = try makeCall(operation, arguments, choice, in: node.scope)
      setWork(id, .call(call))
      proceedCall(id)
    }
  }

  /// A call of `operation` that has not left yet, its session chosen.
  mutating func makeCall(
    _ operation: Operation, _ arguments: ValueMap, _ session: SessionID?
  ) -> CallState {
    for secret in operation.secrets(in: arguments) { scrubber.add(secret) }
    return CallState(
      operation: operation, arguments: arguments, session: session,
      route: provenRoutes[operation.id] ?? 0)
  }

  private mutating func makeCall(
    _ operation: Operation, _ arguments: ValueMap, _ choice: SessionChoice, in scope: ScopeID
  ) throws(WorkFailure) -> CallState {
    guard operation.authorization == .token else { return makeCall(operation, arguments, nil) }
    let session = try orSettled { () throws(Failure) in
      try self.session(for: choice, in: scope)
    }
    guard let session else {
      throw WorkFailure(
        Failure(
          .unauthorised, "`\(operation.id)` needs a session and the step has none",
          hint: "add `session: {username: …, password: …}` to the playbook",
          operation: operation.id),
        effect: .none)
    }
    return makeCall(operation, arguments, session)
  }

  mutating func startReading(
    _ id: NodeID, _ node: Node, _ read: PlannedCall, _ choice: SessionChoice
  ) throws(WorkFailure) {
    guard case .operation(let operation) = read.target else {
      throw WorkFailure(
        Failure(.expectation, "only an operation can be read again"), effect: .settled)
    }
    let arguments = try orSettled { () throws(Failure) in
      try evaluate(read.arguments, in: node.scope)
    }
    let call = try makeCall(operation, arguments, choice, in: node.scope)
    setWork(id, .reading(ReadingState(call: call)))
    proceedCall(id)
  }

  /// The call in progress at a node, whether it is the step itself or one read of a wait.
  func call(at id: NodeID) -> CallState? {
    switch stepState(id)?.phase {
    case .working(.call(let call)): call
    case .working(.reading(let reading)): reading.call
    case .working, .ready, .backingOff, .rescuing, .concluding, nil: nil
    }
  }

  mutating func setPhase(_ id: NodeID, _ phase: CallState.Phase) {
    updateCall(id) { $0.phase = phase }
  }

  mutating func updateCall(_ id: NodeID, _ change: (inout CallState) -> Void) {
    updateStep(id) { step in
      switch step.phase {
      case .working(.call(var call)):
        change(&call)
        step.phase = .working(.call(call))
      case .working(.reading(var reading)):
        guard var call = reading.call else { return }
        change(&call)
        reading.call = call
        step.phase = .working(.reading(reading))
      case .working, .ready, .backingOff, .rescuing, .concluding: break
      }
    }
  }

  /// Sends the call's request once its session is as the operation needs it.
  mutating func proceedCall(_ id: NodeID) {
    guard let call = call(at: id), case .awaitingSession = call.phase else { return }
    if let session = call.session {
      guard isReady(session, for: call.operation) else {
        return queue(session, for: id, call.operation)
      }
    }
    send(id, call)
  }

  private mutating func send(_ id: NodeID, _ call: CallState) {
    guard let node = nodes[id], let step = stepState(id) else { return }
    let route = call.operation.routes[call.route]
    let session = call.session.flatMap { sessions[$0] }
    if let name = call.nameOfSecretInAddress {
      let failure = Failure(
        .invalid, "the field `\(name)` would put a secret into an address",
        hint: "addresses are kept in logs on the way; give a value that is not secret",
        operation: call.operation.id)
      return fail(id, WorkFailure(failure, effect: .settled))
    }
    let request: APIRequest
    do {
      request = try call.operation.request(
        call.arguments, by: route, token: session?.usableToken)
    } catch {
      let failure = Failure(.invalid, error.message, operation: call.operation.id)
      return fail(id, WorkFailure(failure, effect: .none))
    }
    recordIntent(id, node, step, call, route)
    noteForeignAddress(of: request, at: id)
    let requestID = self.request(for: .call(id))
    setPhase(id, .exchanging(requestID, tokenGeneration: session?.tokenGeneration ?? 0))
    perform(.exchange(requestID, request))
  }

  private mutating func recordIntent(
    _ id: NodeID, _ node: Node, _ step: StepState, _ call: CallState, _ route: Operation.Route
  ) {
    if case .working(.reading(let reading)) = step.phase {
      guard !reading.hasRecordedRequest else { return }
      updateReading(id) { $0.hasRecordedRequest = true }
    }
    emit(
      .requestIntended(
        node.path,
        RequestIntent(
          attempt: step.attempt, operation: call.operation.id, method: route.method,
          path: route.path, arguments: call.operation.recordable(call.arguments, hiding: scrubber)))
    )
  }

  mutating func updateReading(_ id: NodeID, _ change: (inout ReadingState) -> Void) {
    updateStep(id) { step in
      guard case .working(.reading(var reading)) = step.phase else { return }
      change(&reading)
      step.phase = .working(.reading(reading))
    }
  }
}

/// Answers to requests.
extension RunMachine {
  mutating func answered(_ request: RequestID, _ response: APIResponse) {
    var response = response
    response.receivedAt = now
    noteAnswer(to: request)
    switch requests.removeValue(forKey: request) {
    case .call(let node): callAnswered(node, response)
    case .poll(let node, let route, let generation):
      pollAnswered(node, response, route: route, generation: generation)
    case .download(let node): downloaded(node, response)
    case .token(let session): tokenAnswered(session, response)
    case .revocation(let session): revocationAnswered(session, response)
    case .local, .keeping, nil: break
    }
  }

  mutating func exchangeFailed(_ request: RequestID, _ failure: TransportFailure) {
    let problem = scrubbed(failure)
    noteFailure(of: request, problem)
    switch requests.removeValue(forKey: request) {
    case .call(let node):
      guard let call = call(at: node) else { return }
      let effect: WorkFailure.Effect = problem.mayHaveBeenSent ? .possible : .none
      callFailed(node, WorkFailure(problem.failure(of: call.operation), effect: effect))
    case .poll(let node, _, _): pollFailed(node, problem.message)
    case .download(let node): downloadFailed(node, problem)
    case .token(let session): tokenFailed(session, problem)
    case .revocation(let session): revocationFailed(session, problem.message)
    case .local, .keeping, nil: break
    }
  }

  mutating func performed(_ request: RequestID, _ result: LocalResult) {
    switch requests.removeValue(forKey: request) {
    case .local(let node):
      scrubber.add(secretsOf: .map(result.fields))
      note(result.notice, at: node)
      finishCall(node, with: ValueMap(result.fields.entries.mapValues { scrubber.hide(in: $0) }))
    case .keeping(let node):
      note(result.notice, at: node)
      kept(node, result.fields)
    case .call, .poll, .download, .token, .revocation, nil: break
    }
  }

  /// Keeps what a person should know, for the end of the step.
  mutating func note(_ notice: String?, at id: NodeID) {
    guard let notice else { return }
    let text = scrubber.scrub(notice)
    updateStep(id) { step in
      step.notice = step.notice.map { $0 == text ? $0 : "\($0); \(text)" } ?? text
    }
  }

  mutating func performFailed(_ request: RequestID, _ problem: LocalFailure) {
    let failure = Failure(
      .local, scrubber.scrub(problem.message), hint: problem.hint.map { scrubber.scrub($0) })
    switch requests.removeValue(forKey: request) {
    case .local(let node):
      guard let step = stepState(node), case .working(.local) = step.phase else { return }
      // It was interrupted because the step is stopped.
      if step.stop != nil, problem == .interrupted { return settle(node, .cancelled) }
      fail(node, WorkFailure(failure, effect: .settled))
    case .keeping(let node): downloadFailed(node, failure)
    case .call, .poll, .download, .token, .revocation, nil: break
    }
  }

  private mutating func callAnswered(_ id: NodeID, _ response: APIResponse) {
    guard let node = nodes[id], let call = call(at: id), let step = stepState(id),
      case .exchanging(_, let generation) = call.phase
    else { return }
    let isRefused = !(200..<300).contains(response.status)
    let answer = call.operation.read(
      response, hiding: isRefused ? scrubber(forRefusalOf: call) : scrubber(for: call))
    scrubber.add(secretsOf: .map(answer.fields))
    if answer.suggestsOtherRoute, step.stop == nil, call.route + 1 < call.operation.routes.count {
      recordAnswer(answer, of: id, node, step)
      return tryNextRoute(id, answer)
    }
    recordAnswer(answer, of: id, node, step)
    if answer.status == 405, let earlier = call.earlierRefusal {
      return refused(
        id, call, earlier.problem, status: earlier.status, answer: earlier.answer,
        generation: generation)
    }
    if case .problem(let problem) = answer.verdict {
      return refused(
        id, call, problem, status: answer.status, answer: answer.recordable,
        generation: generation)
    }
    provenRoutes[call.operation.id] = call.route
    noteToken(of: call, generation: generation, answer, response)
    accepted(id, call, answer)
  }

  private mutating func recordAnswer(
    _ answer: OperationAnswer, of id: NodeID, _ node: Node, _ step: StepState
  ) {
    if case .working(.reading(let reading)) = step.phase {
      // Of many reads the first is recorded, with its answer.
      guard !reading.hasRecordedAnswer else { return }
      updateReading(id) { $0.hasRecordedAnswer = true }
    }
    emit(
      .requestAnswered(
        node.path,
        RequestAnswer(
          attempt: step.attempt, status: answer.status, commandID: answer.commandID,
          requestID: answer.requestID, body: answer.recordable)))
  }

  /// Sends the call by the next route, and keeps a 404: a 405 of that route would say less.
  private mutating func tryNextRoute(_ id: NodeID, _ answer: OperationAnswer) {
    updateCall(id) { call in
      if case .problem(let problem) = answer.verdict, answer.status == 404 {
        call.earlierRefusal = CallState.EarlierRefusal(
          problem: problem, status: answer.status, answer: answer.recordable)
      }
      call.route += 1
      call.phase = .awaitingSession
    }
    proceedCall(id)
  }

  private mutating func refused(
    _ id: NodeID, _ call: CallState, _ problem: AnswerProblem, status: Int, answer: Value,
    generation: Int
  ) {
    if problem.kind == .unauthorised, let session = call.session, !call.hasReplayed,
      stepState(id)?.stop == nil
    {
      discardToken(of: session, generation: generation)
      updateCall(id) {
        $0.hasReplayed = true
        $0.phase = .awaitingSession
      }
      return proceedCall(id)
    }
    let failure = Failure(
      problem.kind, problem.message,
      hint: hintOfPath(of: call.operation.routes[call.route], refusedWith: status), status: status,
      operation: call.operation.id, answer: answer)
    callFailed(
      id,
      WorkFailure(
        failure, effect: Self.effect(of: status, asksToWait: problem.retryAfter != nil),
        retryAfter: problem.retryAfter))
  }

  /// What a refused request may have done.
  ///
  /// Nothing by 4xx and by 3xx but 303, which follows a request that was carried out (RFC 9110
  /// §15.4.4). A 503 with `Retry-After` comes of a server that did not begin (§15.6.4); one without may
  /// come of a gateway that lost the answer. Nobody knows by any other 5xx or an answer that makes no
  /// sense.
  private static func effect(of status: Int, asksToWait: Bool) -> WorkFailure.Effect {
    switch status {
    case 303: .possible
    case 300..<500: .none
    case 503 where asksToWait: .none
    default: .possible
    }
  }

  private mutating func accepted(_ id: NodeID, _ call: CallState, _ answer: OperationAnswer) {
    switch call.operation.completion {
    case .commandStatus:
      // Without a command id the answer itself was the end (protocol.md §15).
      guard let command = answer.commandID else { return finishCall(id, with: answer.fields) }
      awaitCommand(command, at: id, call, answer)
    case .requestID:
      guard let request = answer.requestID else {
        let failure = Failure(
          .malformed, "the answer holds no request id, so the data cannot be identified",
          status: answer.status, operation: call.operation.id, answer: answer.recordable)
        return callFailed(id, WorkFailure(failure, effect: .none))
      }
      awaitData(request, at: id, call, answer)
    case .http, .stream:
      if let command = answer.commandID, answer.verdict == .accepted {
        awaitCommand(command, at: id, call, answer)
      } else {
        finishCall(id, with: answer.fields)
      }
    }
  }

  /// The call did what it should: its response is checked, and the step continues.
  mutating func finishCall(_ id: NodeID, with fields: ValueMap) {
    guard let node = nodes[id], let step = stepState(id) else { return }
    if case .working(.reading) = step.phase { return readFinished(id, .map(fields)) }
    do throws(Failure) {
      try firstBroken(
        step.step.modifiers.expect, in: node.scope, binding: ["answer": .map(fields)])
    } catch {
      var failure = error
      failure.answer = Value.map(fields).shortened
      return fail(id, WorkFailure(failure, effect: .settled))
    }
    succeed(id, with: .map(fields))
  }

  /// The call failed: so does the step, or, in a wait, the read is tried again where that may help.
  mutating func callFailed(_ id: NodeID, _ problem: WorkFailure) {
    guard case .working(.reading) = stepState(id)?.phase, problem.failure.allowsRetry else {
      return fail(id, problem)
    }
    switch problem.failure.kind {
    case .network, .throttled, .serverError, .timeout:
      updateReading(id) { $0.problem = problem.failure }
      scheduleRead(id, after: problem.retryAfter)
    case .unauthorised, .rejected, .invalid, .malformed, .expectation, .local:
      fail(id, problem)
    }
  }
}

extension CallState {
  /// The field that would put a secret into a path or query although it is not meant to hold one.
  fileprivate var nameOfSecretInAddress: String? {
    arguments.names.first { name in
      guard let field = operation.fields[name], !field.isSensitive else { return false }
      switch field.place {
      case .path, .query: return arguments[name]?.holdsSecret ?? false
      case .body, .authorization, .local: return false
      }
    }
  }
}
