import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Tokens: had, renewed before they end, and forgotten when refused (protocol.md §4, §11).
extension Sessions {
  /// Asks for a token, unless that is in progress; everybody who waits shares the answer.
  ///
  /// A token that is only near its end can be used meanwhile by what cannot wait.
  mutating func renewToken(of id: SessionID, _ kernel: inout Kernel) {
    guard let session = sessions[id], !session.isEnding else { return }
    if case .requested = session.token.state { return }
    if isPlan, case .refresh = session.token.source {
      return tokenRefused(id, .keptRefreshToken(of: session), &kernel)
    }
    guard let (operation, arguments) = tokenRequest(of: session.token, kernel),
      let route = operation.routes.first
    else { return tokenRefused(id, .noOtherToken(of: session), &kernel) }
    if case .secret(let password)? = arguments["password"] {
      sessions[id]?.token.tried.append(password)
    }
    do {
      let request = try operation.request(arguments, by: route, token: nil)
      let requestID = kernel.request(for: .token(id))
      sessions[id]?.token.state = .requested(requestID, replacing: session.replacedToken)
      // A refresh token works once: that it may be spent is recorded before it is.
      if case .refresh = session.token.source {
        kernel.emit(.sessionChanged(username: session.shownName, .refreshing))
      }
      kernel.perform(.exchange(requestID, request))
    } catch {
      tokenRefused(id, Failure(.invalid, error.message, operation: operation.id), &kernel)
    }
  }

  /// The operation that gives a token, and its arguments; nil when there is no way to have one.
  private func tokenRequest(
    of supply: Session.TokenSupply, _ kernel: Kernel
  ) -> (Operation, ValueMap)? {
    let api = kernel.plan.api
    switch supply.source {
    case .login(let username, let given):
      let password = untriedPassword(of: supply, kernel) ?? given
      return api.operations[api.roles.authenticate].map {
        ($0, ["username": .string(username), "password": .secret(password)])
      }
    case .refresh(let access, let refresh):
      guard let refresh, let role = api.roles.refresh else { return nil }
      return api.operations[role].map {
        ($0, ["accessToken": .secret(access), "refresh_token": .secret(refresh)])
      }
    }
  }

  /// The password to log in with next: the newest that the run has set, then one that it may have set;
  /// nil where all were refused.
  private func untriedPassword(of supply: Session.TokenSupply, _ kernel: Kernel) -> Secret? {
    guard case .login(let username, let given) = supply.source else { return nil }
    return kernel.state.passwords.candidates(for: username, given: given)
      .first { !supply.tried.contains($0) }
  }

  /// Logs in with another password that may be the right one by now, where there is one.
  private mutating func triesOtherPassword(
    _ id: SessionID, after status: Int, _ kernel: inout Kernel
  ) -> Bool {
    guard let session = sessions[id], !session.isEnding,
      [400, 401, 403, 404, 422].contains(status),
      untriedPassword(of: session.token, kernel) != nil
    else { return false }
    sessions[id]?.token.state = session.replacedToken.map { .held($0) } ?? .none
    renewToken(of: id, &kernel)
    return true
  }

  mutating func tokenAnswered(
    _ id: SessionID, _ response: APIResponse, hasFoundAPI: Bool,
    _ kernel: inout Kernel
  ) {
    guard let session = sessions[id],
      let (operation, arguments) = tokenRequest(of: session.token, kernel)
    else { return }
    let answer = operation.read(
      response,
      hiding: kernel.secrets.hidingEverything(
        if: operation.secrets(in: arguments) + session.token.tried))
    if case .problem(let problem) = answer.verdict {
      if triesOtherPassword(id, after: answer.status, &kernel) { return }
      let failure = Failure(
        problem.kind, session.complaint(problem.message),
        hint: operation.routes.first.flatMap {
          kernel.hintOfPath(of: $0, refusedWith: answer.status, hasFoundAPI: hasFoundAPI)
        }
          ?? session.hint(refusedWith: answer.status),
        status: answer.status, operation: operation.id, answer: answer.recordable)
      return tokenRefused(id, failure, retryAfter: problem.retryAfter, &kernel)
    }
    guard let token = answer.fields[session.tokenField], token.text != nil else {
      return tokenRefused(
        id,
        Failure(
          .malformed, session.complaint("the answer holds no token"), status: answer.status,
          operation: operation.id), &kernel)
    }
    if case .refresh(_, let spent) = session.token.source {
      let next = answer.fields["refreshToken"].flatMap { $0.text == nil ? nil : Secret($0) }
      sessions[id]?.token.source = .refresh(accessToken: Secret(token), refreshToken: next ?? spent)
    }
    hold(token, answer, from: response, in: id, &kernel)
    recordPair(of: id, &kernel)
    guard !session.isEnding else { return revokeIfWanted(id, &kernel) }
    kernel.emit(.sessionChanged(username: session.shownName, .authenticated))
    tokenIsThere(id, &kernel)
  }

  /// Records the new pair of an application, sealed: whatever uses it waits for that.
  private func recordPair(of id: SessionID, _ kernel: inout Kernel) {
    guard let session = sessions[id], case .application(let original) = session.identity,
      case .refresh(let access, let refresh?) = session.token.source
    else { return }
    let pair = ApplicationTokens(original: original, access: access, refresh: refresh)
    kernel.emit(.sessionChanged(username: session.shownName, .refreshed(tokens: pair.value)))
  }

  /// Takes over a token and what is said of its end.
  private mutating func hold(
    _ token: Value, _ answer: OperationAnswer, from response: APIResponse, in id: SessionID,
    _ kernel: inout Kernel
  ) {
    let lifetime = TokenLifetime.read(answer.fields, in: response, at: kernel.now)
    sessions[id]?.token.state = .held(
      HeldToken(
        Secret(token), lifetime: lifetime, at: kernel.now,
        margin: kernel.settings.sessions.renewalMargin))
    sessions[id]?.token.generation += 1
    sessions[id]?.token.tried = []
    if let session = sessions[id] { kernel.learn(secretsOf: session.secrets) }
  }

  /// Whatever waited for a token continues.
  private mutating func tokenIsThere(_ id: SessionID, _ kernel: inout Kernel) {
    guard let session = kernel.certain(sessions[id]) else { return }
    sessions[id]?.waiting.token = []
    for node in session.waiting.token { kernel.schedule(.proceed(node)) }
    pollNow(id, &kernel)
    if case .opened(let socket) = session.channel.state { join(id, on: socket, &kernel) }
  }

  /// The polls that waited for a token leave.
  mutating func pollNow(_ id: SessionID, _ kernel: inout Kernel) {
    for node in sessions[id]?.waiting.poll ?? [] { kernel.schedule(.poll(node)) }
    sessions[id]?.waiting.poll = []
  }

  /// The request for a token was not answered.
  mutating func tokenFailed(
    _ id: SessionID, _ problem: TransportFailure, _ kernel: inout Kernel
  ) {
    guard let session = kernel.certain(sessions[id]) else { return }
    var failure = problem.failure(of: tokenRequest(of: session.token, kernel)?.0)
    failure.message = session.complaint(failure.message)
    tokenRefused(id, failure, &kernel)
  }

  /// No token could be had: a token near its end is still used, otherwise the waiting calls fail.
  mutating func tokenRefused(
    _ id: SessionID, _ failure: Failure, retryAfter: Duration? = nil, _ kernel: inout Kernel
  ) {
    guard let session = kernel.certain(sessions[id]) else { return }
    sessions[id]?.token.tried = []
    if let replaced = session.replacedToken, replaced.isAlive(at: kernel.now) {
      sessions[id]?.token.state = .held(replaced.postponed(at: kernel.now))
      return session.isEnding ? revokeIfWanted(id, &kernel) : tokenIsThere(id, &kernel)
    }
    sessions[id]?.token.state = .none
    sessions[id]?.waiting.token = []
    refuse(session.waiting.token, failure, retryAfter: retryAfter, &kernel)
    pollNow(id, &kernel)
    if case .opened(let socket) = session.channel.state {
      kernel.perform(.disconnect(socket))
      setChannel(id, .closed)
    }
    refuseJoiners(of: id, failure, retryAfter: retryAfter, &kernel)
    if session.isEnding { revokeIfWanted(id, &kernel) }
  }

  /// Forgets a token that was refused, unless a newer one is already there.
  mutating func discardToken(of id: SessionID, generation: Int) {
    guard let session = sessions[id], session.token.generation == generation else { return }
    switch session.token.state {
    case .none: break
    case .held: sessions[id]?.token.state = .none
    case .requested(let request, _):
      sessions[id]?.token.state = .requested(request, replacing: nil)
    }
  }

  /// What a step's own call does to the token it was sent with: a new life, or the end of it.
  mutating func noteToken(
    of call: CallState, generation: Int, _ answer: OperationAnswer, _ response: APIResponse,
    _ kernel: inout Kernel
  ) {
    guard let id = call.session, let session = sessions[id],
      session.token.generation == generation, case .held(let held) = session.token.state
    else { return }
    let roles = kernel.plan.api.roles
    if call.operation.id == roles.revoke {
      discardToken(of: id, generation: generation)
    } else if call.operation.id == roles.reauthorize {
      let token = answer.fields["authorizationToken"] ?? .null
      let end = answer.fields["expiresAt"] ?? .null
      guard token.text != nil || end != .null else { return }
      hold(
        token.text == nil ? held.value.reveal() : token, answer, from: response, in: id, &kernel)
    }
  }
}

extension Session {
  /// The answer field that holds the token.
  fileprivate var tokenField: String {
    switch token.source {
    case .login: "authorizationToken"
    case .refresh: "token"
    }
  }

  fileprivate func complaint(_ problem: String) -> String {
    switch token.source {
    case .login: "`\(shownName)` could not log in: \(problem)"
    case .refresh: "the token of `\(shownName)` could not be refreshed: \(problem)"
    }
  }

  /// What to do about a refusal; nil where the class of the failure suffices.
  fileprivate func hint(refusedWith status: Int) -> String? {
    switch (status, token.source) {
    case (404, _), (405, _), (408, _), (410, _), (429, _): nil
    case (426, _): "a WebSocket answers there: does --api-url lead to it instead of the API?"
    case (400..<500, .login): "check the username and the password of this session"
    case (400..<500, .refresh):
      "a refresh token works once: give the session the newest pair of tokens"
    default: nil
    }
  }
}

extension Failure {
  /// The access token was refused and cannot be exchanged for another.
  fileprivate static func noOtherToken(of session: Session) -> Failure {
    Failure(
      .unauthorised, "the access token of `\(session.shownName)` is not accepted (any more)",
      hint: "give the session a newer `access-token`, or a `refresh-token` beside it")
  }

  /// A refresh token works once, and a plan must leave it to the run.
  fileprivate static func keptRefreshToken(of session: Session) -> Failure {
    Failure(
      .unauthorised,
      "the access token of `\(session.shownName)` is not accepted (any more), and a plan does not "
        + "use its refresh token",
      hint: "a run uses it; for a plan, give the session a newer `access-token`")
  }
}
