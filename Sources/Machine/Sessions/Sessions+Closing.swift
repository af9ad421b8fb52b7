import Events
import Expressions
import Operations
import OrderedCollections
import Planning

/// Leaving.
extension Sessions {
  /// Leaves the joined channel, or drops the socket.
  mutating func leave(_ id: SessionID, _ kernel: inout Kernel) {
    guard let session = sessions[id] else { return }
    guard case .joined(let socket, let channelID) = session.channel.state,
      let token = session.usableToken
    else {
      return session.socket == nil ? closed(id, &kernel) : closeChannel(id, &kernel)
    }
    setChannel(id, .leaving(socket))
    kernel.timers.set(.leave(id), at: kernel.now + kernel.settings.leaveTimeout)
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
    kernel.timers.cancel(.leave(id))
    kernel.timers.cancel(.join(id))
    guard let session = sessions[id] else { return }
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
      kernel.timers.set(.revoke(id), at: kernel.now + kernel.settings.revokeTimeout)
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
    kernel.timers.set(.revoke(id), at: kernel.now + kernel.settings.revokeTimeout)
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
    guard let session = sessions[id] else { return }
    if case .requested(let request) = session.revocation { kernel.forget(request) }
    if case .requested(let request, _) = session.token.state {
      kernel.forget(request)
      sessions[id]?.token.state = .none
    }
    let limit = kernel.settings.revokeTimeout.components.seconds
    revocationFailed(id, "no answer within \(limit) s", &kernel)
  }

  private mutating func endRevocation(
    of id: SessionID, _ change: SessionChange, _ kernel: inout Kernel
  ) {
    kernel.timers.cancel(.revoke(id))
    guard let session = sessions[id] else { return }
    sessions[id]?.revocation = .over
    kernel.emit(.sessionChanged(username: session.shownName, change))
    forgetIfOver(id)
  }
}

extension APIDescription {
  /// The operation that revokes a token.
  fileprivate var revocation: Operation? { roles.revoke.flatMap { operations[$0] } }
}
