import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// Tokens: had, renewed before they end, and forgotten when refused (protocol.md §4, §11).
extension RunMachine {
  /// Asks for a token, unless that is in progress; everybody who waits shares the answer.
  ///
  /// A token that is only near its end can be used meanwhile by what cannot wait.
  mutating func renewToken(of id: SessionID) {
    guard let session = sessions[id], ending == nil else { return }
    if case .requested = session.token { return }
    guard let (operation, arguments) = tokenRequest(of: session.source),
      let route = operation.routes.first
    else { return tokenRefused(id, .noOtherToken(of: session)) }
    do {
      let request = try operation.request(arguments, by: route, token: nil)
      let requestID = self.request(for: .token(id))
      sessions[id]?.token = .requested(requestID, replacing: session.replacedToken)
      perform(.exchange(requestID, request))
    } catch {
      tokenRefused(id, Failure(.invalid, error.message, operation: operation.id))
    }
  }

  /// The operation that gives a token, and its arguments; nil when there is no way to have one.
  private func tokenRequest(of source: TokenSource) -> (Operation, ValueMap)? {
    switch source {
    case .login(let username, let password):
      plan.api.operations[plan.api.roles.authenticate].map {
        ($0, ["username": .string(username), "password": .secret(password)])
      }
    case .refresh(let access, let refresh):
      if let refresh, let role = plan.api.roles.refresh {
        plan.api.operations[role].map {
          ($0, ["accessToken": .secret(access), "refresh_token": .secret(refresh)])
        }
      } else {
        nil
      }
    }
  }

  mutating func tokenAnswered(_ id: SessionID, _ response: APIResponse) {
    guard let session = sessions[id],
      let (operation, arguments) = tokenRequest(of: session.source)
    else { return }
    let answer = operation.read(
      response, hiding: scrubber.hidingEverything(if: operation.secrets(in: arguments)))
    if case .problem(let problem) = answer.verdict {
      let failure = Failure(
        problem.kind, session.complaint(problem.message),
        hint: operation.routes.first.flatMap { hintOfPath(of: $0, refusedWith: answer.status) }
          ?? session.hint(refusedWith: answer.status),
        status: answer.status, operation: operation.id, answer: answer.recordable)
      return tokenRefused(id, failure, retryAfter: problem.retryAfter)
    }
    guard let token = answer.fields[session.tokenField], token.text != nil else {
      return tokenRefused(
        id,
        Failure(
          .malformed, session.complaint("the answer holds no token"), status: answer.status,
          operation: operation.id))
    }
    if case .refresh(_, let spent) = session.source {
      let next = answer.fields["refreshToken"].flatMap { $0.text == nil ? nil : Secret($0) }
      sessions[id]?.source = .refresh(accessToken: Secret(token), refreshToken: next ?? spent)
    }
    hold(token, answer, from: response, in: id)
    guard ending == nil else { return revokeIfWanted(id) }
    emit(.sessionChanged(username: session.shownName, .authenticated))
    tokenIsThere(id)
  }

  /// Takes over a token and what is said of its end.
  private mutating func hold(
    _ token: Value, _ answer: OperationAnswer, from response: APIResponse, in id: SessionID
  ) {
    let lifetime = TokenLifetime.read(answer.fields, in: response, at: now)
    sessions[id]?.token = .held(
      HeldToken(Secret(token), lifetime: lifetime, at: now, margin: settings.renewalMargin))
    sessions[id]?.tokenGeneration += 1
    if let session = sessions[id] { scrubber.add(secretsOf: session.secrets) }
  }

  /// Whatever waited for a token continues.
  private mutating func tokenIsThere(_ id: SessionID) {
    guard let session = sessions[id] else { return }
    sessions[id]?.waitingForToken = []
    for node in session.waitingForToken { agenda.append(.proceed(node)) }
    pollNow(id)
    if case .opened(let socket) = session.channel { join(id, on: socket) }
  }

  /// The polls that waited for a token leave.
  mutating func pollNow(_ id: SessionID) {
    for node in sessions[id]?.waitingForPoll ?? [] { agenda.append(.poll(node)) }
    sessions[id]?.waitingForPoll = []
  }

  /// The request for a token was not answered.
  mutating func tokenFailed(_ id: SessionID, _ problem: TransportFailure) {
    guard let session = sessions[id] else { return }
    var failure = problem.failure(of: tokenRequest(of: session.source)?.0)
    failure.message = session.complaint(failure.message)
    tokenRefused(id, failure)
  }

  /// No token could be had: a token near its end is still used, otherwise the waiting calls fail.
  mutating func tokenRefused(_ id: SessionID, _ failure: Failure, retryAfter: Duration? = nil) {
    guard let session = sessions[id] else { return }
    if let replaced = session.replacedToken, replaced.isAlive(at: now) {
      sessions[id]?.token = .held(replaced.postponed(at: now))
      return ending == nil ? tokenIsThere(id) : revokeIfWanted(id)
    }
    sessions[id]?.token = .none
    sessions[id]?.waitingForToken = []
    refuse(session.waitingForToken, failure, retryAfter: retryAfter)
    pollNow(id)
    if case .opened(let socket) = session.channel {
      perform(.disconnect(socket))
      setChannel(id, .closed)
    }
    refuseJoiners(of: id, failure, retryAfter: retryAfter)
    if ending != nil { revokeIfWanted(id) }
  }

  /// Forgets a token that was refused, unless a newer one is already there.
  mutating func discardToken(of id: SessionID, generation: Int) {
    guard let session = sessions[id], session.tokenGeneration == generation else { return }
    switch session.token {
    case .none: break
    case .held: sessions[id]?.token = .none
    case .requested(let request, _): sessions[id]?.token = .requested(request, replacing: nil)
    }
  }

  /// What a step's own call does to the token it was sent with: a new life, or the end of it.
  mutating func noteToken(
    of call: CallState, generation: Int, _ answer: OperationAnswer, _ response: APIResponse
  ) {
    guard let id = call.session, let session = sessions[id],
      session.tokenGeneration == generation, case .held(let held) = session.token
    else { return }
    if call.operation.id == plan.api.roles.revoke {
      discardToken(of: id, generation: generation)
    } else if call.operation.id == plan.api.roles.reauthorize {
      let token = answer.fields["authorizationToken"] ?? .null
      let end = answer.fields["expiresAt"] ?? .null
      guard token.text != nil || end != .null else { return }
      hold(token.text == nil ? held.value.reveal() : token, answer, from: response, in: id)
    }
  }
}

extension Session {
  /// The token that a new one takes the place of, or would.
  fileprivate var replacedToken: HeldToken? {
    switch token {
    case .none: nil
    case .requested(_, let replaced): replaced
    case .held(let token): token
    }
  }

  /// The answer field that holds the token.
  fileprivate var tokenField: String {
    switch source {
    case .login: "authorizationToken"
    case .refresh: "token"
    }
  }

  fileprivate func complaint(_ problem: String) -> String {
    switch source {
    case .login: "`\(shownName)` could not log in: \(problem)"
    case .refresh: "the token of `\(shownName)` could not be refreshed: \(problem)"
    }
  }

  /// What to do about a refusal; nil where the class of the failure suffices.
  fileprivate func hint(refusedWith status: Int) -> String? {
    switch (status, source) {
    case (404, _), (405, _), (408, _), (410, _), (429, _): nil
    case (426, _): "a WebSocket answers there: does --api-url lead to it instead of the API?"
    case (400..<500, .login): "check the username and the password of this session"
    case (400..<500, .refresh):
      "a refresh token works once: give the session the newest pair of tokens"
    default: nil
    }
  }

  /// What of it nobody may see.
  var secrets: Value {
    let own =
      switch source {
      case .login(_, let password): [password]
      case .refresh(let access, let refresh): [access] + (refresh.map { [$0] } ?? [])
      }
    return .list((own + (usableToken.map { [$0] } ?? [])).map { .secret($0) })
  }
}

extension Failure {
  /// The access token was refused and cannot be exchanged for another.
  fileprivate static func noOtherToken(of session: Session) -> Failure {
    Failure(
      .unauthorised, "the access token of `\(session.shownName)` is not accepted (any more)",
      hint: "give the session a newer `access-token`, or a `refresh-token` beside it")
  }
}
