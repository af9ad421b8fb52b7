import Expressions
package import Operations

extension Vault {
  /// Takes note of an open socket; one that finds no room is closed by the next message on it.
  package mutating func connected(_ connection: ConnectionID, at now: Moment) {
    state.time.reach(now)
    ledger.received("websockets.establishing-connection")
    guard hasRoom else { return }
    connections.sockets[connection] = Socket()
  }

  /// Takes note that a socket was closed by either side.
  package mutating func disconnected(_ connection: ConnectionID, at now: Moment) {
    state.time.reach(now)
    close(connection)
  }

  /// Forgets a socket.
  mutating func close(_ connection: ConnectionID) {
    leave(connection)
    connections.withheld.forget(connection)
    connections.sockets[connection] = nil
  }

  /// Takes a text message from a socket; unknown actions are passed over (protocol.md §3).
  package mutating func receive(
    text: String, on connection: ConnectionID, at now: Moment
  ) -> [VaultEmission] {
    let earlier = advance(to: now)
    turnDialect()
    guard connections.sockets[connection] != nil else { return earlier + [.close(connection)] }
    guard let fault = faults.faultOfSocketAnswer() else {
      return earlier + take(text, on: connection, at: now)
    }
    return earlier
      + receive(on: connection, under: fault) { $0.take(text, on: connection, at: now) }
  }

  private mutating func take(
    _ text: String, on connection: ConnectionID, at now: Moment
  ) -> [VaultEmission] {
    guard text.utf8.count <= configuration.limits.messageLength,
      case .map(let frame)? = try? JSON.parse(text.utf8)
    else {
      ledger.note(.unreadableMessage, operation: nil, at: clock)
      return []
    }
    let message = SocketMessage(frame)
    switch message.action {
    case "joinChannel": join(message, on: connection)
    case "leaveChannel": leave(message, on: connection)
    default: break
    }
    return advance(to: now)
  }

  private mutating func join(_ message: SocketMessage, on connection: ConnectionID) {
    ledger.received("websockets.join-channel")
    let joined = connections.sockets[connection]?.profile
    if joined != nil { ledger.note(.secondJoin, operation: "websockets.join-channel", at: clock) }
    expireToken(message.token ?? "")
    guard let profile = profile(ofToken: message.token ?? "") else {
      reply(message, 401, message: "invalid token", on: connection)
      return
    }
    guard joined == nil || dialect.secondJoin == .again else {
      reply(message, 409, message: "this socket has joined", on: connection)
      outbox.emissions.append(.close(connection))
      return
    }
    guard joined == nil || joined == profile.id else {
      reply(message, 409, message: "another channel is joined", on: connection)
      return
    }
    var channel = connections.channels[profile.id] ?? ProfileChannel(id: newIdentifier())
    if joined == nil {
      channel.members.append(connection)
      connections.sockets[connection]?.profile = profile.id
      took(effectOf: "websockets.join-channel")
    }
    let waiting = channel.backlog.filter { clock - $0.since <= configuration.backlogLifetime }
    channel.backlog = []
    connections.channels[profile.id] = channel
    reply(
      message, 200, channel: channel.id, message: "Successfully joined profile channel.",
      on: connection)
    outbox.emissions += waiting.map { .send($0.text, to: connection) }
  }

  private mutating func leave(_ message: SocketMessage, on connection: ConnectionID) {
    ledger.received("websockets.leave-channel")
    guard let profile = connections.sockets[connection]?.profile,
      let channel = connections.channels[profile]
    else {
      reply(message, 404, message: "no channel is joined", on: connection)
      return
    }
    let isOwn = message.channel == channel.id
    guard isOwn || self.profile(ofToken: message.token ?? "")?.id == profile else {
      reply(message, 401, message: "invalid token", on: connection)
      return
    }
    leave(connection)
    connections.withheld.forget(connection)
    took(effectOf: "websockets.leave-channel")
    reply(
      message, 200, channel: channel.id, message: "Successfully left profile channel.",
      on: connection)
  }

  private mutating func leave(_ connection: ConnectionID) {
    guard let profile = connections.sockets[connection]?.profile else { return }
    connections.channels[profile]?.members.removeAll { $0 == connection }
    connections.sockets[connection]?.profile = nil
  }

  private mutating func reply(
    _ message: SocketMessage, _ status: Int64, channel: String? = nil, message text: String,
    on connection: ConnectionID
  ) {
    var answer = ValueMap()
    let isBare = dialect.join == .bare
    if let correlation = message.correlation, !isBare { answer["correlationId"] = correlation }
    answer["status"] = .int(status)
    var data = ValueMap()
    if let channel { data["channelId"] = .string(channel) }
    if channel == nil || !isBare { data["message"] = .string(text) }
    answer["data"] = .map(data)
    outbox.emissions.append(.send(JSON.text(.map(answer)), to: connection))
  }

  /// Sends a message on its way to a profile, which takes as long as messages take.
  mutating func publish(_ message: Value, to profile: ProfileID) {
    let text = JSON.text(message)
    guard configuration.acknowledgementDelay > .zero else { return pass(text, to: profile) }
    state.time.schedule(.message(text, profile), after: configuration.acknowledgementDelay)
  }

  /// Sends to every socket that has joined; without one the message waits a while.
  mutating func pass(_ text: String, to profile: ProfileID) {
    var channel = connections.channels[profile] ?? ProfileChannel(id: newIdentifier())
    if channel.members.isEmpty {
      if channel.backlog.count >= configuration.limits.backlog { channel.backlog.removeFirst() }
      channel.backlog.append(ProfileChannel.Waiting(text: text, since: clock))
    }
    connections.channels[profile] = channel
    outbox.emissions += channel.members.map { .send(text, to: $0) }
  }
}

/// What a client sends on a socket: fields at the top level or in `data` (protocol.md §3).
private struct SocketMessage {
  let action: String
  let token: String?
  let channel: String?
  let correlation: Value?

  init(_ frame: ValueMap) {
    let data = frame["data"]?.fields ?? ValueMap()
    action = frame["action"]?.text ?? ""
    token = frame["authorizationToken"]?.text ?? data["authorizationToken"]?.text
    channel = frame["channelId"]?.text ?? data["channelId"]?.text
    correlation = frame["correlationId"] ?? data["correlationId"]
  }
}
