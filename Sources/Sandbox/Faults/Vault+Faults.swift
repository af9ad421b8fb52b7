package import Operations

/// Requests and openings.
extension Vault {
  /// What befalls a socket that is about to be opened; whoever carries the sockets performs it.
  package mutating func faultOfOpening(at now: Moment) -> OpeningFault? {
    faults.faultOfOpening(at: max(clock, now))
  }

  /// Answers a request that is disturbed; what was due before it has happened.
  mutating func receive(
    _ request: APIRequest, _ payload: Payload, at now: Moment, under fault: RequestFault
  ) -> VaultReaction {
    switch fault {
    case .reset(.before): return passOver(payload, at: now)
    case .reset(.after): return process(request, payload, at: now, .reset)
    case .half: return process(request, payload, at: now, .half)
    case .slow(let delay): return process(request, payload, at: now, .late(delay))
    case .refusal(let response):
      var reaction = passOver(payload, at: now)
      (reaction.response, reaction.fate) = (response, .whole)
      return reaction
    case .restart(.before, let downtime):
      var reaction = passOver(payload, at: now)
      reaction.emissions.append(restart(downtime))
      return reaction
    case .restart(.after, let downtime):
      var reaction = withoutFaults { $0.process(request, payload, at: now, .reset) }
      reaction.emissions.removeAll(where: \.isMessage)
      reaction.emissions.append(restart(downtime))
      return reaction
    }
  }

  /// Does nothing with a request, and gives up its payload.
  private mutating func passOver(_ payload: Payload, at now: Moment) -> VaultReaction {
    discard(payload)
    var reaction = VaultReaction(response: APIResponse(status: 503), emissions: advance(to: now))
    reaction.fate = .reset
    return reaction
  }

  private mutating func process(
    _ request: APIRequest, _ payload: Payload, at now: Moment, _ fate: AnswerFate
  ) -> VaultReaction {
    var reaction = react(to: request, payload, at: now)
    reaction.fate = fate
    return reaction
  }

  /// Does something that no fault befalls, since nothing of it arrives.
  private mutating func withoutFaults<Result>(_ body: (inout Vault) -> Result) -> Result {
    let spec = faults.spec
    defer { faults.spec = spec }
    faults.spec = FaultSpec()
    return body(&self)
  }

  /// Ends every socket, as a restart does; the state stays, and so does what was counted.
  private mutating func restart(_ downtime: Duration) -> VaultEmission {
    connections = Connections()
    past = []
    return .restart(downtime: downtime)
  }

  /// Has the token of a request or a join expire, if it is to.
  mutating func expireToken(_ value: String) {
    guard faults.spec[.expire] != nil, profile(ofToken: value) != nil, faults.expiresToken() else {
      return
    }
    state.passes.tokens[value]?.expiresAt = state.time.clock
  }
}

/// Messages.
extension Vault {
  private var isUndisturbed: Bool { faults.spec.isEmpty && connections.withheld.isEmpty }

  /// Performs what befalls a message from a client; `take` does what the message asks for.
  mutating func receive(
    on connection: ConnectionID, under fault: MessageFault,
    _ take: (inout Vault) -> [VaultEmission]
  ) -> [VaultEmission] {
    switch fault {
    case .drop(.before): return [drop(connection)]
    case .drop(.after):
      return withoutFaults(take).filter { !$0.isMessage } + [drop(connection)]
    case .restart(.before, let downtime): return [restart(downtime)]
    case .restart(.after, let downtime):
      return withoutFaults(take).filter { !$0.isMessage } + [restart(downtime)]
    case .lose, .double, .reorder, .late: return take(&self)
    }
  }

  /// Lets the clock reach an instant: what was to be sent before meets its faults, and messages
  /// that are withheld until then are sent.
  mutating func reach(_ instant: Moment) {
    guard !isUndisturbed else { return state.time.reach(instant) }
    disturbMessages()
    state.time.reach(instant)
    outbox.disturbed += connections.withheld.takeDue(by: clock)
  }

  /// Has the messages that are to be sent meet their faults.
  private mutating func disturbMessages() {
    let emissions = outbox.emissions
    outbox.emissions = []
    for emission in emissions {
      if case .send(let text, let connection) = emission {
        disturb(text, to: connection)
      } else {
        outbox.disturbed.append(emission)
      }
    }
  }

  private mutating func disturb(_ text: String, to connection: ConnectionID) {
    // A socket that has just broken gets nothing more.
    guard connections.sockets[connection] != nil else { return }
    let isPublished = ServiceMessage(parsing: text).isPublished
    if !isPublished { outbox.disturbed += connections.withheld.takeWaiting(on: connection) }
    let canReorder = !connections.withheld.hasWaiting(on: connection)
    let fault =
      isPublished
      ? faults.faultOfPublishedMessage(canReorder: canReorder) : faults.faultOfSocketAnswer()
    switch fault {
    case nil: send(text, to: connection)
    case .lose: break
    case .double:
      send(text, to: connection)
      send(text, to: connection)
    case .reorder(let limit):
      withhold(text, to: connection, for: limit, waitsForNext: true)
    case .late(let delay): withhold(text, to: connection, for: delay, waitsForNext: false)
    case .drop(let instant):
      if instant == .after { send(text, to: connection) }
      outbox.disturbed.append(drop(connection))
    case .restart(let instant, let downtime):
      if instant == .after { send(text, to: connection) }
      outbox.disturbed.append(restart(downtime))
    }
  }

  /// Sends a message, and then what it overtakes.
  private mutating func send(_ text: String, to connection: ConnectionID) {
    outbox.disturbed.append(.send(text, to: connection))
    outbox.disturbed += connections.withheld.takeWaiting(on: connection)
  }

  private mutating func withhold(
    _ text: String, to connection: ConnectionID, for delay: Duration, waitsForNext: Bool
  ) {
    guard connections.withheld.hasRoom else { return send(text, to: connection) }
    connections.withheld.withhold(
      text, to: connection, until: clock + delay, waitsForNext: waitsForNext)
  }

  /// Breaks a socket: the vault sends nothing more to it.
  private mutating func drop(_ connection: ConnectionID) -> VaultEmission {
    close(connection)
    return .drop(connection)
  }
}

extension VaultEmission {
  fileprivate var isMessage: Bool {
    switch self {
    case .send: true
    case .close, .drop, .restart, .discard: false
    }
  }
}
