import Events
import Operations

/// Closing the sockets of a run.
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
      setChannel(id, .leaving(socket))
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

  mutating func closed(_ id: SessionID) {
    timers.cancel(.leave(id))
    timers.cancel(.join(id))
    guard let session = sessions[id] else { return }
    setChannel(id, .closed)
    if session.hasBeenJoined, state.sessions[session.shownName] != .closed {
      emit(.sessionChanged(username: session.shownName, .closed))
    }
  }
}
