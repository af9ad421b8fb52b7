import Planning
import OrderedCollections
import Events
import Expressions
import Operations
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
    let secret = Secret(password)
    let known = sessions.first { $0.value.username == name && $0.value.password == secret }
    if let known { return known.key }
    let id = SessionID(number: number())
    sessions[id] = Session(username: name, password: secret)
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
      emitWaiting(path, .session(username: session.username))
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

  private mutating func authenticate(_ id: SessionID) {
    guard let session = sessions[id],
      let operation = plan.api.operations[plan.api.roles.authenticate],
      let route = operation.routes.first
    else { return }
    do {
      let request = try operation.request(
        ["username": .string(session.username), "password": .secret(session.password)],
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
    let answer = operation.read(response)
    if case .problem(let problem) = answer.verdict {
      let failure = Failure(
        problem.kind, "`\(session.username)` could not log in: \(problem.message)",
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
    emit(.sessionChanged(username: session.username, .authenticated))
    sessions[id]?.token = .held(Secret(token))
    sessions[id]?.tokenGeneration += 1
    for node in session.waitingForToken { agenda.append(.proceed(node)) }
    sessions[id]?.waitingForToken = []
    if case .closed = session.channel { connect(id) }
  }

  mutating func authenticationFailed(
    _ id: SessionID, _ failure: Failure, retryAfter: Duration? = nil
  ) {
    sessions[id]?.token = .none
    refuseWaiting(id, failure, retryAfter: retryAfter)
  }

  /// Forgets a token that was refused, unless a newer one is already there.
  mutating func discardToken(of id: SessionID, generation: Int) {
    guard let session = sessions[id], session.tokenGeneration == generation else { return }
    sessions[id]?.token = .none
  }

  private mutating func refuseWaiting(
    _ id: SessionID, _ failure: Failure, retryAfter: Duration? = nil
  ) {
    guard let session = sessions[id] else { return }
    sessions[id]?.waitingForToken = []
    sessions[id]?.waitingForJoin = []
    for node in session.waitingForToken + session.waitingForJoin {
      guard case .awaitingSession = call(at: node)?.phase else { continue }
      agenda.append(
        .refuse(node, WorkFailure(failure, effect: .none, retryAfter: retryAfter)))
    }
  }
}

/// The one socket of a session.
extension RunMachine {
  mutating func connect(_ id: SessionID) {
    guard sessions[id] != nil, ending == nil else { return }
    let socket = SocketID(number())
    sessions[id]?.channel = .connecting(socket)
    perform(.connect(socket))
  }

  private func session(of socket: SocketID) -> SessionID? {
    sessions.first { $0.value.socket == socket }?.key
  }

  mutating func connected(_ socket: SocketID) {
    guard let id = session(of: socket), let token = sessions[id]?.heldToken else {
      return
    }
    let correlationID = String(chance.next(), radix: 16)
    sessions[id]?.channel = .joining(socket, correlationID: correlationID)
    timers.set(.join(id), at: now + settings.joinTimeout)
    perform(.send(socket, ClientFrame.join(token: token, correlationID: correlationID)))
  }

  mutating func connectFailed(_ socket: SocketID, _ problem: TransportFailure) {
    guard let id = session(of: socket) else { return }
    channelFailed(id, problem.failure(of: nil))
  }

  mutating func disconnected(_ socket: SocketID, _ problem: TransportFailure?) {
    guard let id = session(of: socket) else { return }
    if case .leaving = sessions[id]?.channel { return closed(id) }
    let reason = problem?.message ?? "the service closed the WebSocket"
    channelFailed(id, Failure(.network, reason))
  }

  mutating func joinTimedOut(_ id: SessionID) {
    guard let session = sessions[id], let socket = session.socket else { return }
    perform(.disconnect(socket))
    let seconds = settings.joinTimeout.components.seconds
    channelFailed(
      id,
      Failure(
        .timeout, "the WebSocket did not answer the join within \(seconds) s",
        hint: "is the WebSocket address right, and does the proxy know this profile?"))
  }

  /// A socket could not be had: a first one is reported to whoever waits, a lost one opened again.
  private mutating func channelFailed(_ id: SessionID, _ failure: Failure) {
    guard let session = sessions[id] else { return }
    timers.cancel(.join(id))
    guard session.hasBeenJoined, ending == nil else {
      sessions[id]?.channel = .closed
      return refuseWaiting(id, failure)
    }
    sessions[id]?.channel = .lost
    if session.reconnects == 0 {
      emit(.sessionChanged(username: session.username, .lost(reason: failure.message)))
    }
    let pause = backoff(
      first: settings.reconnectPause, longest: settings.maximumReconnectPause,
      repetition: session.reconnects)
    sessions[id]?.reconnects += 1
    timers.set(.reconnect(id), at: now + pause)
  }

  mutating func received(_ text: String, on socket: SocketID) {
    guard let id = session(of: socket) else { return }
    switch ServiceMessage(parsing: text) {
    case .joined(let correlationID, let channelID):
      joined(id, socket, correlationID, channelID)
    case .joinRefused(let correlationID, let status, let message):
      joinRefused(id, socket, correlationID, status, message)
    case .left: closeChannel(id)
    case .commandStatus(let command, let state, let body):
      if commandWaiters[command] == nil {
        earlyMessages.keep(state, body, of: command)
      } else {
        commandStatus(state, body, of: command, by: .socket)
      }
    case .requestData(let request, let context, let outputType, let body):
      let data = RequestedData(outputType: outputType, body: body)
      keepOrTake(.body(data, context: context), of: request)
    case .streamReady(let request, let url):
      guard let request = request ?? onlyDataWaiter else { break }
      keepOrTake(.streamReady(url: url), of: request)
    case .ignored: break
    }
  }

  /// The one request under way, for messages that do not name theirs.
  private var onlyDataWaiter: String? {
    dataWaiters.count == 1 ? dataWaiters.keys.first : nil
  }

  private mutating func keepOrTake(_ message: DataMessage, of request: String) {
    if dataWaiters[request] == nil {
      earlyMessages.keep(message, of: request)
    } else {
      dataMessage(message, of: request)
    }
  }

  private mutating func joined(
    _ id: SessionID, _ socket: SocketID, _ echoed: String?, _ channelID: String
  ) {
    guard let session = sessions[id], case .joining(_, let correlationID) = session.channel,
      echoed == nil || echoed == correlationID
    else { return }
    timers.cancel(.join(id))
    sessions[id]?.channel = .joined(socket, channelID: channelID)
    sessions[id]?.hasBeenJoined = true
    sessions[id]?.reconnects = 0
    sessions[id]?.waitingForJoin = []
    emit(.sessionChanged(username: session.username, .joined))
    for node in session.waitingForJoin { agenda.append(.proceed(node)) }
    guard session.hasBeenJoined else { return }
    pollOutstanding(of: id)
    askAgain(of: id)
  }

  private mutating func joinRefused(
    _ id: SessionID, _ socket: SocketID, _ echoed: String?, _ status: Int?, _ message: String
  ) {
    guard let session = sessions[id], case .joining(_, let correlationID) = session.channel,
      echoed == nil || echoed == correlationID
    else { return }
    perform(.disconnect(socket))
    if status == 401 { sessions[id]?.token = .none }
    let which = status.map { " with status \($0)" } ?? ""
    channelFailed(
      id,
      Failure(
        .unauthorised, "the WebSocket refused the join\(which): \(message)",
        status: status))
  }
}

/// Closing.
extension RunMachine {
  /// Leaves every joined channel and drops every other socket.
  mutating func leaveSessions() {
    for id in sessions.keys.sorted(by: { $0.number < $1.number }) {
      timers.cancel(.reconnect(id))
      guard let session = sessions[id], let socket = session.socket else { continue }
      guard case .joined(_, let channelID) = session.channel,
        let token = session.heldToken
      else {
        closeChannel(id)
        continue
      }
      sessions[id]?.channel = .leaving(socket)
      timers.set(.leave(id), at: now + settings.leaveTimeout)
      let frame = ClientFrame.leave(
        token: token, correlationID: String(chance.next(), radix: 16), channelID: channelID)
      perform(.send(socket, frame))
    }
  }

  mutating func closeChannel(_ id: SessionID) {
    guard let socket = sessions[id]?.socket else { return }
    perform(.disconnect(socket))
    closed(id)
  }

  private mutating func closed(_ id: SessionID) {
    timers.cancel(.leave(id))
    timers.cancel(.join(id))
    guard let session = sessions[id] else { return }
    sessions[id]?.channel = .closed
    if session.hasBeenJoined {
      emit(.sessionChanged(username: session.username, .closed))
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
