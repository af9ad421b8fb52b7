import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// The sessions of a run: who they belong to, who uses them, and when they end.
///
/// It alone writes tokens, sockets, joins and revocations. A session ends when the last of its users
/// ends: a round, a play, or the run.
struct Sessions: Sendable {
  var sessions: [SessionID: Session] = [:]
  private var identities: [SessionIdentity: SessionID] = [:]
  private var sockets: [SocketID: SessionID] = [:]
  /// The default session of a play or of the run, once its credentials were evaluated.
  private var defaults: [ScopeID: SessionID] = [:]
  /// The sessions that a frame uses, in the order it came to use them.
  private var used: [ScopeID: [SessionID]] = [:]
  /// Whether a plan is made: no token is spent or revoked for it.
  let isPlan: Bool

  init(forPlan isPlan: Bool = false) {
    self.isPlan = isPlan
  }

  /// Whether every session is closed and nothing is awaited for one.
  var isClosed: Bool { sockets.isEmpty && !sessions.values.contains(where: \.isRevoking) }

  /// Whether any session ever had a token.
  var hasHadToken: Bool { sessions.values.contains { $0.token.generation > 0 } }

  subscript(id: SessionID) -> Session? { sessions[id] }

  /// The session that the socket belongs to.
  func owner(of socket: SocketID) -> SessionID? { sockets[socket] }

  /// Notes that a socket belongs to a session, or to none any more.
  mutating func assign(_ socket: SocketID, to id: SessionID?) { sockets[socket] = id }

  /// Notes that the session is gone.
  mutating func remove(_ id: SessionID) { sessions[id] = nil }
}

/// Which session.
extension Sessions {
  /// The session of steps that name none in `scope`; nil where there is none.
  ///
  /// Throws when its credentials cannot be evaluated.
  mutating func defaultSession(
    in scope: ScopeID, _ kernel: inout Kernel
  ) throws(Failure) -> SessionID? {
    guard let session = kernel.tree.scopes[scope]?.session, let credentials = session.credentials
    else { return nil }
    if let known = defaults[session.scope], sessions[known] != nil { return known }
    let frame = kernel.tree.frame(of: credentials, in: session.scope)
    let id = try self.session(for: credentials, in: session.scope, usedBy: frame, &kernel)
    defaults[session.scope] = id
    return id
  }

  /// The session of a step.
  mutating func session(
    for choice: SessionChoice, in scope: ScopeID, _ kernel: inout Kernel
  ) throws(Failure) -> SessionID? {
    switch choice {
    case .default: return try defaultSession(in: scope, &kernel)
    case .none: return nil
    case .own(let credentials):
      let frame = kernel.tree.frame(of: credentials, in: scope)
      return try session(for: credentials, in: scope, usedBy: frame, &kernel)
    }
  }

  private mutating func session(
    for credentials: Credentials, in scope: ScopeID, usedBy frame: ScopeID,
    _ kernel: inout Kernel
  ) throws(Failure) -> SessionID {
    let session =
      switch credentials.kind {
      case .profile(let username, let password):
        try profile(username, password, credentials, in: scope, kernel)
      case .application(let access, let refresh, let end):
        try application(access, refresh, end, credentials, in: scope, kernel)
      }
    let id = identities[session.identity] ?? add(session, &kernel)
    if credentials.isRevoked, !isPlan, case .unwanted? = sessions[id]?.revocation {
      sessions[id]?.revocation = .wanted
    }
    if sessions[id]?.users.insert(frame).inserted ?? false { used[frame, default: []].append(id) }
    return id
  }

  private func profile(
    _ username: Template, _ password: Template, _ credentials: Credentials, in scope: ScopeID,
    _ kernel: Kernel
  ) throws(Failure) -> Session {
    let name = try kernel.tree.evaluate(username, in: scope)
    let password = try kernel.tree.evaluate(password, in: scope)
    guard let text = name.text, password.text != nil else {
      throw .wrongSession("username and password must be strings", credentials)
    }
    let secret = Secret(password)
    return Session(
      .profile(username: text, password: secret),
      shownName: name.holdsSecret ? shownName(Secret.mask) : text,
      token: .init(source: .login(username: text, password: secret)))
  }

  private func application(
    _ access: Template, _ refresh: Template?, _ end: Template?, _ credentials: Credentials,
    in scope: ScopeID, _ kernel: Kernel
  ) throws(Failure) -> Session {
    let token = try kernel.tree.evaluate(access, in: scope)
    let refresh = try kernel.tree.evaluateIfAny(refresh, in: scope)
    let end = try kernel.tree.evaluateIfAny(end, in: scope)
    guard token.text != nil, refresh == .null || refresh.text != nil else {
      throw .wrongSession("tokens must be strings", credentials)
    }
    let secret = Secret(token)
    // A run that is continued goes on with the pair that it recorded last.
    let recorded = kernel.state.applications[secret]
    let refreshToken = recorded?.refresh ?? (refresh == .null ? nil : Secret(refresh))
    let isNew = refreshToken != nil && recorded == nil
    let held = HeldToken(
      recorded?.access ?? secret,
      lifetime: isNew ? TokenLifetime.read(end, since: kernel.now) : nil,
      at: kernel.now, margin: kernel.settings.sessions.renewalMargin)
    return Session(
      .application(accessToken: secret), shownName: shownName("application"),
      token: .init(
        source: .refresh(accessToken: held.value, refreshToken: refreshToken), state: .held(held)))
  }

  private mutating func add(_ session: Session, _ kernel: inout Kernel) -> SessionID {
    let id = SessionID(number: kernel.number())
    identities[session.identity] = id
    sessions[id] = session
    kernel.learn(secretsOf: session.secrets)
    return id
  }

  /// `name`, with a number behind it when another session has it already.
  private func shownName(_ name: String) -> String {
    let taken = Set(sessions.values.map(\.shownName))
    guard taken.contains(name) else { return name }
    let number = (2...(taken.count + 2)).first { !taken.contains("\(name) \($0)") }
    return "\(name) \(number ?? taken.count)"
  }
}

/// Which calls may leave in a session.
extension Sessions {
  /// Whether `operation` can be sent now: all need a token that does not end on the way, commands
  /// the joined socket too, so that no ack is missed (design §6.1).
  func isReady(_ id: SessionID, for operation: Operation, _ kernel: Kernel) -> Bool {
    guard let session = sessions[id], session.hasFreshToken(at: kernel.now) else { return false }
    return session.isJoined || !operation.needsSocket
  }

  /// Lets a call wait until its session is ready, and sees to it that it will be.
  mutating func queue(
    _ id: SessionID, for node: NodeID, _ operation: Operation, _ kernel: inout Kernel
  ) {
    guard let session = kernel.certain(sessions[id]) else { return }
    kernel.emitWaiting(node, .session(username: session.shownName))
    guard session.hasFreshToken(at: kernel.now) else {
      sessions[id]?.waiting.token.append(node)
      return renewToken(of: id, &kernel)
    }
    sessions[id]?.waiting.join.append(node)
    if case .closed = session.channel.state { connect(id, &kernel) }
  }

  /// Lets the poll of a node's command wait for a token.
  mutating func queuePoll(of node: NodeID, in id: SessionID) {
    sessions[id]?.waiting.poll.append(node)
  }

  /// Fails the calls that wait for the socket.
  mutating func refuseJoiners(
    of id: SessionID, _ failure: Failure, retryAfter: Duration? = nil, _ kernel: inout Kernel
  ) {
    guard let session = kernel.certain(sessions[id]) else { return }
    sessions[id]?.waiting.join = []
    refuse(session.waiting.join, failure, retryAfter: retryAfter, &kernel)
  }

  func refuse(
    _ nodes: [NodeID], _ failure: Failure, retryAfter: Duration?, _ kernel: inout Kernel
  ) {
    for node in nodes {
      kernel.schedule(
        .refuse(node, WorkFailure(failure, effect: .none, retryAfter: retryAfter)))
    }
  }
}

/// The end of sessions.
extension Sessions {
  /// The frame is over: the sessions that only it used end.
  mutating func release(_ frame: ScopeID, _ kernel: inout Kernel) {
    defaults[frame] = nil
    for id in used.removeValue(forKey: frame) ?? [] {
      sessions[id]?.users.remove(frame)
      if sessions[id]?.users.isEmpty ?? false { end(id, &kernel) }
    }
  }

  /// The run is over: every session ends.
  mutating func endAll(_ kernel: inout Kernel) {
    used = [:]
    defaults = [:]
    for id in sessions.keys.sorted() { end(id, &kernel) }
  }

  /// Leaves the joined channel or drops the socket; a token that is to be revoked then is.
  private mutating func end(_ id: SessionID, _ kernel: inout Kernel) {
    guard let session = sessions[id], !session.isEnding else { return }
    sessions[id]?.isEnding = true
    identities[session.identity] = nil
    kernel.cancelTimer(for: .reconnect(id))
    leave(id, &kernel)
  }
}

/// Leaving.
extension Sessions {
  /// Leaves the joined channel, or drops the socket.
  mutating func leave(_ id: SessionID, _ kernel: inout Kernel) {
    guard let session = kernel.certain(sessions[id]) else { return }
    guard case .joined(let socket, let channelID) = session.channel.state,
      let token = session.usableToken
    else {
      return session.socket == nil ? closed(id, &kernel) : closeChannel(id, &kernel)
    }
    setChannel(id, .leaving(socket))
    kernel.wake(for: .leave(id), at: kernel.now + kernel.settings.sessions.leaveTimeout)
    let frame = ClientFrame.leave(
      token: token, correlationID: kernel.correlationID(), channelID: channelID)
    kernel.perform(.send(socket, frame))
  }

  mutating func closeChannel(_ id: SessionID, _ kernel: inout Kernel) {
    guard let socket = sessions[id]?.socket else { return }
    kernel.perform(.disconnect(socket))
    closed(id, &kernel)
  }

  mutating func closed(_ id: SessionID, _ kernel: inout Kernel) {
    kernel.cancelTimer(for: .leave(id))
    kernel.cancelTimer(for: .join(id))
    guard let session = kernel.certain(sessions[id]) else { return }
    setChannel(id, .closed)
    if session.channel.isReportedOpen {
      sessions[id]?.channel.isReportedOpen = false
      kernel.emit(.sessionChanged(username: session.shownName, .closed))
    }
    if session.isEnding { revokeIfWanted(id, &kernel) }
  }
}

/// Revoking tokens, where the playbook asks for it; no failure of it changes how the run ended.
extension Sessions {
  /// Revokes the token of a session that was left, unless it has expired; one that is on its
  /// way is waited for.
  mutating func revokeIfWanted(_ id: SessionID, _ kernel: inout Kernel) {
    guard let session = sessions[id], session.socket == nil else { return }
    guard case .wanted = session.revocation else { return forgetIfOver(id) }
    switch session.token.state {
    case .none: sessions[id]?.revocation = .over
    case .held(let token) where !token.isAlive(at: kernel.now): sessions[id]?.revocation = .over
    case .requested:
      kernel.wake(for: .revoke(id), at: kernel.now + kernel.settings.sessions.revokeTimeout)
    case .held(let token): revoke(token.value, of: id, &kernel)
    }
    forgetIfOver(id)
  }

  /// Forgets a session that nothing is awaited for any more.
  private mutating func forgetIfOver(_ id: SessionID) {
    guard let session = sessions[id], session.isEnding, session.socket == nil else { return }
    switch session.revocation {
    case .unwanted, .over: remove(id)
    case .wanted, .requested: break
    }
  }

  private mutating func revoke(_ token: Secret, of id: SessionID, _ kernel: inout Kernel) {
    guard let operation = kernel.plan.api.revocation,
      let route = operation.routes.first,
      let request = try? operation.request([:], by: route, token: token)
    else { return revocationFailed(id, "the API's description does not say how", &kernel) }
    let requestID = kernel.request(for: .revocation(id))
    sessions[id]?.revocation = .requested(requestID)
    kernel.wake(for: .revoke(id), at: kernel.now + kernel.settings.sessions.revokeTimeout)
    kernel.perform(.exchange(requestID, request))
  }

  mutating func revocationAnswered(
    _ id: SessionID, _ response: APIResponse, _ kernel: inout Kernel
  ) {
    guard let operation = kernel.plan.api.revocation else { return }
    switch operation.read(response, hiding: kernel.secrets).verdict {
    case .done, .accepted: endRevocation(of: id, .revoked, &kernel)
    case .problem(let problem): revocationFailed(id, problem.message, &kernel)
    }
  }

  mutating func revocationFailed(_ id: SessionID, _ reason: String, _ kernel: inout Kernel) {
    endRevocation(of: id, .notRevoked(reason: reason), &kernel)
  }

  mutating func revocationTimedOut(_ id: SessionID, _ kernel: inout Kernel) {
    guard let session = kernel.certain(sessions[id]) else { return }
    if case .requested(let request) = session.revocation { kernel.forget(request) }
    if case .requested(let request, _) = session.token.state {
      kernel.forget(request)
      sessions[id]?.token.state = .none
    }
    let limit = kernel.settings.sessions.revokeTimeout.components.seconds
    revocationFailed(id, "no answer within \(limit) s", &kernel)
  }

  private mutating func endRevocation(
    of id: SessionID, _ change: SessionChange, _ kernel: inout Kernel
  ) {
    kernel.cancelTimer(for: .revoke(id))
    guard let session = kernel.certain(sessions[id]) else { return }
    sessions[id]?.revocation = .over
    kernel.emit(.sessionChanged(username: session.shownName, change))
    forgetIfOver(id)
  }
}

extension StepTree {
  /// What a session of a step's own belongs to: the play where nothing of the credentials comes from
  /// a round or an earlier step, so that rounds share it.
  fileprivate func frame(of credentials: Credentials, in scope: ScopeID) -> ScopeID {
    guard let seen = scopes[scope] else { return scope }
    let names = credentials.templates.flatMap(\.expressions).reduce(into: Set()) {
      $0.formUnion($1.referencedNames)
    }
    let ofPlay = Set(scopes[seen.play]?.variables.keys.map(\.self) ?? [])
    return names.isSubset(of: ofPlay.union(["inputs", "run"])) ? seen.play : seen.frame
  }

  fileprivate func evaluateIfAny(
    _ template: Template?, in scope: ScopeID
  ) throws(Failure) -> Value {
    guard let template else { return .null }
    return try evaluate(template, in: scope).revealed
  }
}

extension Failure {
  fileprivate static func wrongSession(_ what: String, _ credentials: Credentials) -> Failure {
    Failure(.expectation, "a session's \(what)", location: credentials.location)
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

extension APIDescription {
  /// The operation that revokes a token.
  fileprivate var revocation: Operation? { roles.revoke.flatMap { operations[$0] } }
}
