import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Sessions: who they belong to, and which calls may leave in them.
extension RunMachine {
  /// The session that credentials stand for; nil stands for none.
  mutating func session(
    for credentials: Credentials?, in scope: ScopeID
  ) throws(Failure) -> SessionID? {
    guard let credentials else { return nil }
    let id: SessionID
    switch credentials.kind {
    case .profile(let username, let password):
      let name = try evaluate(username, in: scope)
      let password = try evaluate(password, in: scope)
      guard let text = name.text, password.text != nil else {
        throw .wrongSession("username and password must be strings", credentials)
      }
      let shown = name.holdsSecret ? shownName(Secret.mask) : text
      id = session(of: .profile(username: text, password: Secret(password))) {
        Session(shownName: shown, source: .login(username: text, password: Secret(password)))
      }
    case .application(let access, let refresh, let end):
      id = try application(access, refresh, end, credentials, in: scope)
    }
    if credentials.isRevoked, case .unwanted? = sessions[id]?.revocation {
      sessions[id]?.revocation = .wanted
    }
    return id
  }

  private mutating func application(
    _ access: Template, _ refresh: Template?, _ end: Template?, _ credentials: Credentials,
    in scope: ScopeID
  ) throws(Failure) -> SessionID {
    let token = try evaluate(access, in: scope)
    let refresh = try evaluateIfAny(refresh, in: scope)
    let end = try evaluateIfAny(end, in: scope)
    guard token.text != nil, refresh == .null || refresh.text != nil else {
      throw .wrongSession("tokens must be strings", credentials)
    }
    let secret = Secret(token)
    let refreshToken = refresh == .null ? nil : Secret(refresh)
    let held = HeldToken(
      secret, lifetime: refreshToken == nil ? nil : TokenLifetime.read(end, since: now), at: now,
      margin: settings.renewalMargin)
    let shown = shownName("application")
    return session(of: .application(accessToken: secret)) {
      var session = Session(
        shownName: shown, source: .refresh(accessToken: secret, refreshToken: refreshToken))
      session.token = .held(held)
      return session
    }
  }

  private func evaluateIfAny(
    _ template: Template?, in scope: ScopeID
  ) throws(Failure) -> Value {
    guard let template else { return .null }
    return try evaluate(template, in: scope).revealed
  }

  /// The session of that identity, made when it is not known yet.
  private mutating func session(
    of identity: SessionIdentity, making make: () -> Session
  ) -> SessionID {
    if let known = sessionIDs[identity] { return known }
    let id = SessionID(number: number())
    sessionIDs[identity] = id
    let session = make()
    sessions[id] = session
    scrubber.add(secretsOf: session.secrets)
    return id
  }

  /// `name`, with a number behind it when another session has it already.
  private func shownName(_ name: String) -> String {
    let taken = Set(sessions.values.map(\.shownName))
    guard taken.contains(name) else { return name }
    let number = (2...(taken.count + 2)).first { !taken.contains("\(name) \($0)") }
    return "\(name) \(number ?? taken.count)"
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

  /// Whether `operation` can be sent now: all need a token that does not end on the way, commands
  /// the joined socket too, so that no ack is missed (design §6.1).
  func isReady(_ id: SessionID, for operation: Operation) -> Bool {
    guard let session = sessions[id], session.hasFreshToken(at: now) else { return false }
    return session.isJoined || !operation.needsSocket
  }

  /// Lets a call wait until its session is ready, and sees to it that it will be.
  mutating func queue(_ id: SessionID, for node: NodeID, _ operation: Operation) {
    guard let session = sessions[id] else { return }
    if let path = nodes[node]?.path {
      emitWaiting(path, .session(username: session.shownName))
    }
    guard session.hasFreshToken(at: now) else {
      sessions[id]?.waitingForToken.append(node)
      return renewToken(of: id)
    }
    sessions[id]?.waitingForJoin.append(node)
    if case .closed = session.channel { connect(id) }
  }

  /// Fails the calls that wait for the socket.
  mutating func refuseJoiners(
    of id: SessionID, _ failure: Failure, retryAfter: Duration? = nil
  ) {
    guard let session = sessions[id] else { return }
    sessions[id]?.waitingForJoin = []
    refuse(session.waitingForJoin, failure, retryAfter: retryAfter)
  }

  mutating func refuse(_ nodes: [NodeID], _ failure: Failure, retryAfter: Duration?) {
    for node in nodes {
      agenda.append(
        .refuse(node, WorkFailure(failure, effect: .none, retryAfter: retryAfter)))
    }
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
