import Events
import Expressions
import Operations
import OrderedCollections
import Planning

/// Closing the sessions of a run.
extension RunMachine {
  /// Leaves every joined channel and drops every other socket; what is to be revoked then is.
  mutating func leaveSessions() {
    for id in sessions.keys.sorted(by: { $0.number < $1.number }) {
      timers.cancel(.reconnect(id))
      guard let session = sessions[id] else { continue }
      guard case .joined(let socket, let channelID) = session.channel,
        let token = session.usableToken
      else {
        if session.socket == nil { closed(id) } else { closeChannel(id) }
        continue
      }
      setChannel(id, .leaving(socket))
      timers.set(.leave(id), at: now + settings.leaveTimeout)
      let frame = ClientFrame.leave(
        token: token, correlationID: String(random.next(), radix: 16), channelID: channelID)
      perform(.send(socket, frame))
    }
  }

  mutating func closeChannel(_ id: SessionID) {
    guard let socket = sessions[id]?.socket else { return }
    perform(.disconnect(socket))
    closed(id)
  }

  mutating func closed(_ id: SessionID) {
    timers.cancel(.leave(id))
    timers.cancel(.join(id))
    guard let session = sessions[id] else { return }
    setChannel(id, .closed)
    if session.isToldOpen {
      sessions[id]?.isToldOpen = false
      emit(.sessionChanged(username: session.shownName, .closed))
    }
    if ending != nil { revokeIfWanted(id) }
  }
}

/// Revoking tokens, where the playbook asks for it; no failure of it changes how the run ended.
extension RunMachine {
  /// Whether the answer to a revocation is awaited.
  var isRevoking: Bool {
    sessions.values.contains { session in
      if case .requested = session.revocation { true } else { session.awaitsTokenToRevoke }
    }
  }

  /// Revokes the token of a session that was left, unless it has expired; one that is on its
  /// way is waited for.
  mutating func revokeIfWanted(_ id: SessionID) {
    guard let session = sessions[id], case .wanted = session.revocation, session.socket == nil
    else { return }
    switch session.token {
    case .none: sessions[id]?.revocation = .over
    case .held(let token) where !token.isAlive(at: now): sessions[id]?.revocation = .over
    case .requested: timers.set(.revoke(id), at: now + settings.revokeTimeout)
    case .held(let token): revoke(token.value, of: id)
    }
  }

  private mutating func revoke(_ token: Secret, of id: SessionID) {
    guard let operation = plan.api.roles.revoke.flatMap({ plan.api.operations[$0] }),
      let route = operation.routes.first,
      let request = try? operation.request([:], by: route, token: token)
    else { return revocationFailed(id, "the API's description does not say how") }
    let requestID = self.request(for: .revocation(id))
    sessions[id]?.revocation = .requested(requestID)
    timers.set(.revoke(id), at: now + settings.revokeTimeout)
    perform(.exchange(requestID, request))
  }

  mutating func revocationAnswered(_ id: SessionID, _ response: APIResponse) {
    guard let operation = plan.api.roles.revoke.flatMap({ plan.api.operations[$0] }) else { return }
    switch operation.read(response, hiding: scrubber).verdict {
    case .done, .accepted: endRevocation(of: id, .revoked)
    case .problem(let problem): revocationFailed(id, problem.message)
    }
  }

  mutating func revocationFailed(_ id: SessionID, _ reason: String) {
    endRevocation(of: id, .notRevoked(reason: reason))
  }

  mutating func revocationTimedOut(_ id: SessionID) {
    guard let session = sessions[id] else { return }
    if case .requested(let request) = session.revocation { forget(request) }
    if case .requested(let request, _) = session.token {
      forget(request)
      sessions[id]?.token = .none
    }
    revocationFailed(id, "no answer within \(settings.revokeTimeout.components.seconds) s")
  }

  private mutating func endRevocation(of id: SessionID, _ change: SessionChange) {
    timers.cancel(.revoke(id))
    guard let session = sessions[id] else { return }
    sessions[id]?.revocation = .over
    emit(.sessionChanged(username: session.shownName, change))
  }
}

extension Session {
  /// Whether a token that is on its way is waited for only to be revoked.
  fileprivate var awaitsTokenToRevoke: Bool {
    if case .wanted = revocation, case .requested = token { true } else { false }
  }
}
