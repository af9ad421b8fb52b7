import Events
import Expressions
import Operations
import Playbooks

/// The one socket of a session.
extension RunMachine {
  mutating func connect(_ id: SessionID) {
    guard sessions[id] != nil, ending == nil else { return }
    let socket = SocketID(number())
    socketOwners[socket] = id
    setChannel(id, .connecting(socket))
    perform(.connect(socket))
  }

  /// A lost socket is opened again only while somebody needs it.
  mutating func reconnect(_ id: SessionID) {
    guard case .lost = sessions[id]?.channel else { return }
    if isNeeded(id) { connect(id) } else { closed(id) }
  }

  /// Whether a call waits for something that comes by the session's socket.
  private func isNeeded(_ id: SessionID) -> Bool {
    guard let session = sessions[id] else { return false }
    return session.waitingForJoin.contains { call(at: $0)?.isAwaitingSession ?? false }
      || commandWaiters.all.contains { call(at: $0)?.session == id }
      || dataWaiters.all.contains { call(at: $0)?.session == id }
  }

  mutating func setChannel(_ id: SessionID, _ channel: Session.ChannelState) {
    let previous = sessions[id]?.socket
    sessions[id]?.channel = channel
    if let previous, previous != sessions[id]?.socket { socketOwners[previous] = nil }
  }

  mutating func connected(_ socket: SocketID) {
    guard let id = socketOwners[socket], case .connecting = sessions[id]?.channel else { return }
    noteSocket()
    setChannel(id, .opened(socket))
    // The token may have been refused meanwhile, or be near its end; the join follows the new one.
    guard sessions[id]?.hasFreshToken(at: now) ?? false else { return renewToken(of: id) }
    join(id, on: socket)
  }

  mutating func join(_ id: SessionID, on socket: SocketID) {
    guard let token = sessions[id]?.usableToken else { return }
    let correlationID = String(random.next(), radix: 16)
    setChannel(id, .joining(socket, correlationID: correlationID))
    timers.set(.join(id), at: now + settings.joinTimeout)
    perform(.send(socket, ClientFrame.join(token: token, correlationID: correlationID)))
    expectJoin()
  }

  mutating func connectFailed(_ socket: SocketID, _ problem: TransportFailure) {
    guard let id = socketOwners[socket] else { return }
    let problem = scrubbed(problem)
    noteSocketFailure(problem)
    var failure = problem.failure(of: nil)
    if problem.kind == .unreachable, problem.hint == nil, let service = start.service,
      sessions[id]?.usableToken != nil
    {
      failure.hint =
        "HTTP answers at \(service.api), but there is no WebSocket at \(service.webSocket): give "
        + "its address with `--ws-url`"
    }
    channelFailed(id, failure)
  }

  mutating func disconnected(_ socket: SocketID, _ problem: TransportFailure?) {
    guard let id = socketOwners[socket] else { return }
    if case .leaving = sessions[id]?.channel { return closed(id) }
    var reason = problem.map { scrubbed($0).message } ?? "the service closed the WebSocket"
    if case .joining = sessions[id]?.channel { reason += " before it answered the join" }
    channelFailed(id, Failure(.network, reason))
  }

  mutating func joinTimedOut(_ id: SessionID) {
    guard let session = sessions[id], let socket = session.socket else { return }
    perform(.disconnect(socket))
    let limit = DurationText.text(settings.joinTimeout)
    let socketName = start.service?.webSocket ?? "the WebSocket"
    channelFailed(
      id,
      Failure(
        .timeout, "\(socketName) did not answer the join within \(limit)",
        hint: "is the WebSocket address right, and does the proxy know this profile?"))
  }

  /// A socket could not be had: a first one is reported to whoever waits, a lost one opened again.
  private mutating func channelFailed(_ id: SessionID, _ failure: Failure) {
    guard let session = sessions[id] else { return }
    timers.cancel(.join(id))
    guard session.hasBeenJoined, ending == nil, isNeeded(id) else {
      closed(id)
      return refuseJoiners(of: id, failure)
    }
    if session.reconnects >= settings.reconnectLimit { refuseJoiners(of: id, failure) }
    setChannel(id, .lost)
    if session.reconnects == 0 {
      emit(.sessionChanged(username: session.shownName, .lost(reason: failure.message)))
    }
    let pause = backoff(
      first: settings.reconnectPause, longest: settings.maximumReconnectPause,
      repetition: session.reconnects)
    sessions[id]?.reconnects += 1
    timers.set(.reconnect(id), at: now + pause)
  }

  mutating func received(_ text: String, on socket: SocketID) {
    for message in ServiceMessage.all(in: text, hiding: scrubber) { received(message, on: socket) }
  }

  private mutating func received(_ message: ServiceMessage, on socket: SocketID) {
    guard let id = socketOwners[socket] else { return }
    noteSocket()
    switch message {
    case .joined(let correlationID, let channelID):
      joined(id, socket, correlationID, channelID)
    case .joinRefused(let correlationID, let status, let message):
      joinRefused(id, socket, correlationID, status, message)
    case .left: left(id, socket)
    case .commandStatus(let command, let state, let body):
      if commandWaiters[command].isEmpty {
        earlyMessages.keep(state, body, of: command)
      } else {
        commandStatus(state, body, of: command, by: .socket)
      }
    case .requestData(let request, let context, let outputType, let body):
      let data = RequestedData(outputType: outputType, body: body)
      keepOrTake(.body(data, context: context), of: request)
    case .streamReady(let request, let url):
      // A message that names no request is for the one that there is; without an address of its
      // own it may mean any of several.
      let requests = request.map { [$0] } ?? dataWaiters.ids.sorted()
      guard requests.count == 1 || url == nil else { break }
      for request in requests { keepOrTake(.streamReady(url: url), of: request) }
    case .ignored: break
    }
  }

  private mutating func keepOrTake(_ message: DataMessage, of request: String) {
    if dataWaiters[request].isEmpty {
      earlyMessages.keep(message, of: request)
    } else {
      dataMessage(message, of: request)
    }
  }

  /// The service left the channel, because it was requested to, or on its own.
  private mutating func left(_ id: SessionID, _ socket: SocketID) {
    guard case .joined = sessions[id]?.channel else { return closeChannel(id) }
    perform(.disconnect(socket))
    channelFailed(id, Failure(.network, "the service ended the channel"))
  }

  private mutating func joined(
    _ id: SessionID, _ socket: SocketID, _ echoed: String?, _ channelID: String
  ) {
    // Any answer to a leave will do: the socket is closed in any case.
    if case .leaving = sessions[id]?.channel { return closeChannel(id) }
    guard let session = sessions[id], case .joining(_, let correlationID) = session.channel,
      echoed == nil || echoed == correlationID
    else { return }
    timers.cancel(.join(id))
    setChannel(id, .joined(socket, channelID: channelID))
    sessions[id]?.hasBeenJoined = true
    sessions[id]?.isToldOpen = true
    sessions[id]?.hasReplayedJoin = false
    sessions[id]?.reconnects = 0
    sessions[id]?.waitingForJoin = []
    emit(.sessionChanged(username: session.shownName, .joined))
    for node in session.waitingForJoin { agenda.append(.proceed(node)) }
    guard session.hasBeenJoined else { return }
    pollOutstanding(of: id)
    askAgain(of: id)
  }

  private mutating func joinRefused(
    _ id: SessionID, _ socket: SocketID, _ echoed: String?, _ status: Int?, _ message: String
  ) {
    if case .leaving = sessions[id]?.channel { return closeChannel(id) }
    guard let session = sessions[id], case .joining(_, let correlationID) = session.channel,
      echoed == nil || echoed == correlationID
    else { return }
    perform(.disconnect(socket))
    timers.cancel(.join(id))
    if status == 401 {
      discardToken(of: id, generation: session.tokenGeneration)
      if !session.hasReplayedJoin {
        sessions[id]?.hasReplayedJoin = true
        return connect(id)
      }
    }
    sessions[id]?.hasReplayedJoin = false
    let which = status.map { " with status \($0)" } ?? ""
    let kind = Self.kind(ofJoinRefusedWith: status)
    channelFailed(
      id,
      Failure(
        kind, "the WebSocket refused the join\(which): \(message)",
        hint: kind == .invalid ? "check that --ws-url leads to the proxy of this API" : nil,
        status: status))
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
