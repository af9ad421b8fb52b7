import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Sessions: who they belong to, and their tokens.
extension RunMachine {
  /// The session that credentials stand for; nil stands for none.
  mutating func session(
    for credentials: Credentials?, in scope: ScopeID
  ) throws(Failure) -> SessionID? {
    guard let credentials else { return nil }
    let username = try evaluate(credentials.username, in: scope)
    let password = try evaluate(credentials.password, in: scope)
    guard let name = username.text, password.text != nil else {
      throw Failure(
        .expectation, "a session's username and password must be strings",
        location: credentials.location)
    }
    let identity = SessionIdentity(username: name, password: Secret(password))
    if let known = sessionIDs[identity] { return known }
    let id = SessionID(number: number())
    sessionIDs[identity] = id
    sessions[id] = Session(
      identity: identity, shownName: username.holdsSecret ? Secret.mask : name)
    return id
  }

  mutating func session(
    for choice: SessionChoice, in scope: ScopeID
  ) throws(Failure) -> SessionID? {
    switch choice {
    case .default: scopes[scope]?.session
    case .none: nil
    case .own(let credentials): try session(for: credentials, in: scope)
    }
  }

  /// Whether `operation` can be sent now: reads need a token, commands the joined socket too, so
  /// that no ack is missed (design §6.1).
  func isReady(_ id: SessionID, for operation: Operation) -> Bool {
    guard let session = sessions[id], session.heldToken != nil else { return false }
    return session.isJoined || !operation.needsSocket
  }

  /// Lets a call wait until its session is ready, and sees to it that it will be.
  mutating func queue(_ id: SessionID, for node: NodeID, _ operation: Operation) {
    guard let session = sessions[id] else { return }
    if let path = nodes[node]?.path {
      emitWaiting(path, .session(username: session.shownName))
    }
    if session.heldToken == nil {
      sessions[id]?.waitingForToken.append(node)
    } else {
      sessions[id]?.waitingForJoin.append(node)
    }
    switch session.token {
    case .none: authenticate(id)
    case .requested: break
    case .held:
      if case .closed = session.channel { connect(id) }
    }
  }

  mutating func authenticate(_ id: SessionID) {
    guard let session = sessions[id], case .none = session.token,
      let operation = plan.api.operations[plan.api.roles.authenticate],
      let route = operation.routes.first
    else { return }
    do {
      let request = try operation.request(
        [
          "username": .string(session.identity.username),
          "password": .secret(session.identity.password),
        ],
        by: route, token: nil)
      let requestID = self.request(for: .authenticate(id))
      sessions[id]?.token = .requested(requestID)
      perform(.exchange(requestID, request))
    } catch {
      authenticationFailed(id, Failure(.invalid, error.message, operation: operation.id))
    }
  }

  mutating func authenticated(_ id: SessionID, _ response: APIResponse) {
    guard let session = sessions[id],
      let operation = plan.api.operations[plan.api.roles.authenticate]
    else { return }
    let answer = operation.read(response, hiding: [session.identity.password])
    if case .problem(let problem) = answer.verdict {
      let failure = Failure(
        problem.kind, "`\(session.shownName)` could not log in: \(problem.message)",
        hint: "check the username and the password", status: answer.status,
        operation: operation.id, answer: answer.recordable)
      return authenticationFailed(id, failure, retryAfter: problem.retryAfter)
    }
    guard let token = answer.fields["authorizationToken"], token.text != nil else {
      return authenticationFailed(
        id,
        Failure(
          .malformed, "the answer to the login holds no token", status: answer.status,
          operation: operation.id))
    }
    guard ending == nil else { return }
    emit(.sessionChanged(username: session.shownName, .authenticated))
    sessions[id]?.token = .held(Secret(token))
    sessions[id]?.tokenGeneration += 1
    for node in session.waitingForToken { agenda.append(.proceed(node)) }
    sessions[id]?.waitingForToken = []
    if case .opened(let socket) = session.channel { join(id, on: socket) }
  }

  mutating func authenticationFailed(
    _ id: SessionID, _ failure: Failure, retryAfter: Duration? = nil
  ) {
    guard let session = sessions[id] else { return }
    sessions[id]?.token = .none
    sessions[id]?.waitingForToken = []
    refuse(session.waitingForToken, failure, retryAfter: retryAfter)
    if case .opened(let socket) = session.channel {
      perform(.disconnect(socket))
      setChannel(id, .closed)
    }
    refuseJoiners(of: id, failure, retryAfter: retryAfter)
  }

  /// Forgets a token that was refused, unless a newer one is already there.
  mutating func discardToken(of id: SessionID, generation: Int) {
    guard let session = sessions[id], session.heldToken != nil,
      session.tokenGeneration == generation
    else { return }
    sessions[id]?.token = .none
  }

  /// Tells the calls that wait for the socket that they will not get it.
  mutating func refuseJoiners(
    of id: SessionID, _ failure: Failure, retryAfter: Duration? = nil
  ) {
    guard let session = sessions[id] else { return }
    sessions[id]?.waitingForJoin = []
    refuse(session.waitingForJoin, failure, retryAfter: retryAfter)
  }

  private mutating func refuse(
    _ nodes: [NodeID], _ failure: Failure, retryAfter: Duration?
  ) {
    for node in nodes {
      agenda.append(
        .refuse(node, WorkFailure(failure, effect: .none, retryAfter: retryAfter)))
    }
  }
}

extension Operation {
  /// Whether something about it arrives on the socket.
  fileprivate var needsSocket: Bool {
    switch completion {
    case .commandStatus, .requestID: true
    case .http, .stream: false
    }
  }
}
