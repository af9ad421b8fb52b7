import Events
import Expressions
import Operations
import Playbooks

/// The one socket of a session.
extension Sessions {
  mutating func connect(_ id: SessionID, _ kernel: inout Kernel) {
    guard let session = sessions[id], !session.isEnding else { return }
    let socket = SocketID(kernel.number())
    assign(socket, to: id)
    setChannel(id, .connecting(socket))
    kernel.perform(.connect(socket))
  }

  /// A lost socket is opened again only while somebody needs it.
  mutating func reconnect(_ id: SessionID, for calls: Calls, _ kernel: inout Kernel) {
    guard case .lost? = sessions[id]?.channel.state else { return }
    if isNeeded(id, for: calls) { connect(id, &kernel) } else { closed(id, &kernel) }
  }

  /// Whether a call waits for something that comes by the session's socket.
  private func isNeeded(_ id: SessionID, for calls: Calls) -> Bool {
    guard let session = sessions[id] else { return false }
    return session.waiting.join.contains { calls[$0]?.isAwaitingSession ?? false }
      || calls.awaitMessages(in: id)
  }

  mutating func setChannel(_ id: SessionID, _ channel: Session.ChannelState) {
    let previous = sessions[id]?.socket
    sessions[id]?.channel.state = channel
    if let previous, previous != sessions[id]?.socket { assign(previous, to: nil) }
  }

  mutating func connected(_ socket: SocketID, _ kernel: inout Kernel) {
    guard let id = owner(of: socket), case .connecting? = sessions[id]?.channel.state else {
      return
    }
    kernel.noteSocket()
    setChannel(id, .opened(socket))
    // The token may have been refused meanwhile, or be near its end; the join follows the new one.
    guard sessions[id]?.hasFreshToken(at: kernel.now) ?? false else {
      return renewToken(of: id, &kernel)
    }
    join(id, on: socket, &kernel)
  }

  mutating func join(_ id: SessionID, on socket: SocketID, _ kernel: inout Kernel) {
    guard let token = sessions[id]?.usableToken else { return }
    let correlationID = kernel.correlationID()
    setChannel(id, .joining(socket, correlationID: correlationID))
    kernel.wake(for: .join(id), at: kernel.now + kernel.settings.sessions.joinTimeout)
    kernel.perform(.send(socket, ClientFrame.join(token: token, correlationID: correlationID)))
    kernel.expectJoin()
  }

  mutating func connectFailed(
    _ socket: SocketID, _ problem: TransportFailure, for calls: Calls, _ kernel: inout Kernel
  ) {
    guard let id = owner(of: socket) else { return }
    let problem = kernel.scrubbed(problem)
    kernel.noteSocketFailure(problem)
    var failure = problem.failure(of: nil)
    if problem.kind == .unreachable, problem.hint == nil, let service = kernel.state.start?.service,
      sessions[id]?.usableToken != nil
    {
      failure.hint =
        "HTTP answers at \(service.api), but there is no WebSocket at \(service.webSocket): give "
        + "its address with `--ws-url`"
    }
    channelFailed(id, failure, for: calls, &kernel)
  }

  mutating func disconnected(
    _ socket: SocketID, _ problem: TransportFailure?, for calls: Calls, _ kernel: inout Kernel
  ) {
    guard let id = owner(of: socket) else { return }
    if case .leaving? = sessions[id]?.channel.state { return closed(id, &kernel) }
    var reason =
      problem.map { kernel.scrubbed($0).message } ?? "the service closed the WebSocket"
    if case .joining? = sessions[id]?.channel.state { reason += " before it answered the join" }
    channelFailed(id, Failure(.network, reason), for: calls, &kernel)
  }

  mutating func joinTimedOut(_ id: SessionID, for calls: Calls, _ kernel: inout Kernel) {
    guard let session = sessions[id], let socket = session.socket else { return }
    kernel.perform(.disconnect(socket))
    let limit = DurationText.text(kernel.settings.sessions.joinTimeout)
    let socketName = kernel.state.start?.service?.webSocket ?? "the WebSocket"
    channelFailed(
      id,
      Failure(
        .timeout, "\(socketName) did not answer the join within \(limit)",
        hint: "is the WebSocket address right, and does the proxy know this profile?"),
      for: calls, &kernel)
  }

  /// A socket could not be had: a first one is reported to whoever waits, a lost one opened again.
  private mutating func channelFailed(
    _ id: SessionID, _ failure: Failure, for calls: Calls, _ kernel: inout Kernel
  ) {
    guard let session = kernel.certain(sessions[id]) else { return }
    kernel.cancelTimer(for: .join(id))
    guard session.channel.hasBeenJoined, !session.isEnding, isNeeded(id, for: calls) else {
      closed(id, &kernel)
      return refuseJoiners(of: id, failure, &kernel)
    }
    let settings = kernel.settings
    if session.channel.reconnects >= settings.sockets.reconnectLimit {
      refuseJoiners(of: id, failure, &kernel)
    }
    setChannel(id, .lost)
    if session.channel.reconnects == 0 {
      kernel.emit(.sessionChanged(username: session.shownName, .lost(reason: failure.message)))
    }
    let pause = kernel.backoff(
      first: settings.sockets.reconnectPause, longest: settings.sockets.maximumReconnectPause,
      repetition: session.channel.reconnects)
    sessions[id]?.channel.reconnects += 1
    kernel.wake(for: .reconnect(id), at: kernel.now + pause)
  }

  /// What the socket says of its channel.
  mutating func received(
    _ message: ChannelMessage, in id: SessionID, on socket: SocketID, for calls: Calls,
    _ kernel: inout Kernel
  ) {
    switch message {
    case .joined(let echoed, let channelID): joined(id, socket, echoed, channelID, &kernel)
    case .joinRefused(let refusal): joinRefused(id, socket, refusal, for: calls, &kernel)
    case .left: left(id, socket, for: calls, &kernel)
    }
  }

  /// The service left the channel, because it was requested to, or on its own.
  private mutating func left(
    _ id: SessionID, _ socket: SocketID, for calls: Calls, _ kernel: inout Kernel
  ) {
    guard case .joined? = sessions[id]?.channel.state else { return closeChannel(id, &kernel) }
    kernel.perform(.disconnect(socket))
    let failure = Failure(.network, "the service ended the channel")
    channelFailed(id, failure, for: calls, &kernel)
  }

  private mutating func joined(
    _ id: SessionID, _ socket: SocketID, _ echoed: String?, _ channelID: String,
    _ kernel: inout Kernel
  ) {
    // Any answer to a leave will do: the socket is closed in any case.
    if case .leaving? = sessions[id]?.channel.state { return closeChannel(id, &kernel) }
    guard let session = sessions[id], case .joining(_, let correlationID) = session.channel.state,
      echoed == nil || echoed == correlationID
    else { return }
    kernel.cancelTimer(for: .join(id))
    setChannel(id, .joined(socket, channelID: channelID))
    sessions[id]?.channel.hasBeenJoined = true
    sessions[id]?.channel.isReportedOpen = true
    sessions[id]?.channel.hasReplayedJoin = false
    sessions[id]?.channel.reconnects = 0
    sessions[id]?.waiting.join = []
    kernel.emit(.sessionChanged(username: session.shownName, .joined))
    if session.channel.hasBeenJoined { kernel.schedule(.rejoined(id)) }
    for node in session.waiting.join { kernel.schedule(.proceed(node)) }
  }

  private mutating func joinRefused(
    _ id: SessionID, _ socket: SocketID, _ refusal: JoinRefusal, for calls: Calls,
    _ kernel: inout Kernel
  ) {
    if case .leaving? = sessions[id]?.channel.state { return closeChannel(id, &kernel) }
    guard let session = sessions[id], case .joining(_, let correlationID) = session.channel.state,
      refusal.echoed == nil || refusal.echoed == correlationID
    else { return }
    kernel.perform(.disconnect(socket))
    kernel.cancelTimer(for: .join(id))
    if refusal.status == 401 {
      discardToken(of: id, generation: session.token.generation)
      if !session.channel.hasReplayedJoin {
        sessions[id]?.channel.hasReplayedJoin = true
        return connect(id, &kernel)
      }
    }
    sessions[id]?.channel.hasReplayedJoin = false
    let which = refusal.status.map { " with status \($0)" } ?? ""
    let kind = Self.kind(ofJoinRefusedWith: refusal.status)
    channelFailed(
      id,
      Failure(
        kind, "the WebSocket refused the join\(which): \(refusal.message)",
        hint: kind == .invalid ? "check that --ws-url leads to the proxy of this API" : nil,
        status: refusal.status), for: calls, &kernel)
  }

  /// What a status says that refuses a join; without one it is the token that was not liked.
  private static func kind(ofJoinRefusedWith status: Int?) -> FailureClass {
    guard let status else { return .unauthorised }
    return switch status {
    case 401, 403: .unauthorised
    case 429: .throttled
    case 500...: .serverError
    default: .invalid
    }
  }
}

/// A message of a socket about its own channel.
enum ChannelMessage: Sendable {
  case joined(echoed: String?, channelID: String)
  case joinRefused(JoinRefusal)
  case left
}

/// Why a channel was not joined.
struct JoinRefusal: Sendable {
  /// The correlation id that the answer repeats.
  var echoed: String?
  var status: Int?
  var message: String
}
