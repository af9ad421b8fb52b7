import Expressions
import Operations

extension Vault {
  /// Takes a command of `caller` in and answers 202 with its id.
  mutating func accept(_ effect: CommandEffect, _ call: VaultCall, of caller: Caller) -> APIResponse
  {
    guard hasRoom, effect.payload.map(hasSpace) ?? true else { return .full }
    if !effect.precedesJoin, connections.channels[caller.profile]?.members.isEmpty ?? true {
      ledger.note(.commandBeforeJoin, operation: call.operation, at: clock)
    }
    let id = submit(
      effect, operation: call.operation, owner: caller.profile, audience: .profile(caller.profile))
    return accepted(id, by: call.operation)
  }

  /// The answer to a command that was taken in (protocol.md §2).
  func accepted(_ id: CommandID, by operation: String) -> APIResponse {
    let header = HTTPField("X-Dpt-Cab-Id", id.text)
    let status = dialect.acceptance.status(of: operation)
    let text = Value.string(id.text)
    return switch dialect.commandID {
    case .array: .json([text], status: status, headers: [header])
    case .string: .json(text, status: status, headers: [header])
    case .object: .json(["commandId": text], status: status, headers: [header])
    case .header: APIResponse(status: status, headers: [header])
    }
  }

  /// Whether one more record can be kept.
  var hasRoom: Bool {
    state.work.commands.count + state.passes.tokens.count + connections.sockets.count
      < configuration.limits.records
  }

  /// Whether one more payload can be kept; whoever keeps blobs has a limit of its own.
  func hasSpace(for payload: Payload) -> Bool {
    index.storedBytes + payload.memoryCount <= configuration.limits.storedBytes
  }

  /// Gives up a payload that was counted.
  mutating func release(_ payload: Payload) {
    index.remove(payload)
    discard(payload)
  }

  /// Releases a blob that nobody needs any more.
  mutating func discard(_ payload: Payload) {
    if case .stored(let id, _) = payload { outbox.emissions.append(.discard(id)) }
  }

  /// Has a command settled after the configured delay.
  mutating func submit(
    _ effect: CommandEffect, operation: String, owner: ProfileID?, audience: Command.Audience
  ) -> CommandID {
    let id = CommandID(text: newIdentifier())
    var command = Command(
      id: id, operation: operation, owner: owner, audience: audience, effect: effect)
    command.request = latestRequest
    state.work.commands[id] = command
    index.add(command)
    announce(command, dialect.pending)
    switch dialect.acknowledgementTime {
    case .settled: state.time.schedule(.command(id), after: configuration.delay)
    case .early: state.time.schedule(.command(id), after: .zero)
    }
    return id
  }

  /// The instant of a command has come: it is refused, held for a vote, or done.
  mutating func decide(_ id: CommandID) {
    guard let command = state.work.commands[id], command.state == .submitted else { return }
    if let reason = claim(for: command) {
      settle(id, .rejected(reason))
    } else {
      proceed(with: id)
    }
  }

  /// Holds a command for the next vote it has to pass; carries it out when there is none left.
  mutating func proceed(with id: CommandID) {
    guard let command = state.work.commands[id] else { return }
    guard let poll = openPoll(for: command) else { return complete(id) }
    state.work.commands[id]?.state = .held(poll)
    if let held = state.work.commands[id] { announce(held, dialect.pending) }
  }

  /// Carries a command out, nothing being in its way any more.
  mutating func complete(_ id: CommandID) {
    guard let command = state.work.commands[id], let effect = command.effect else { return }
    switch perform(effect, of: command) {
    case .done(let sentence):
      took(effectOf: command.operation, of: command.request)
      settle(id, .succeeded(sentence))
    case .unchanged(let sentence): settle(id, .succeeded(sentence))
    case .refused(let reason): settle(id, .rejected(reason))
    case .held(let poll):
      took(effectOf: command.operation, of: command.request)
      state.work.commands[id]?.state = .held(poll)
    case .waits:
      state.work.commands[id]?.state = .parked
      if let owner = command.owner { state.work.parked[owner, default: []].append(id) }
    }
    follow(effect, of: command)
  }

  /// What follows from a command that succeeded.
  private mutating func follow(_ effect: CommandEffect, of command: Command) {
    guard case .succeeded? = state.work.commands[command.id]?.state, let owner = command.owner
    else { return }
    switch effect {
    case .storage: resumeParked(of: owner)
    case .dataToken(.request(let token, let request)): deliver(token, request: request, to: owner)
    case .profile, .registerKey, .device, .dataToken, .authenticator, .policy, .openPoll,
      .application:
      break
    }
  }

  private mutating func perform(_ effect: CommandEffect, of command: Command) -> EffectFate {
    switch effect {
    case .profile(let effect): perform(effect, of: command)
    case .registerKey(let key): registerKey(key, of: command)
    case .device(let effect): perform(effect, of: command)
    case .storage(let effect): perform(effect, of: command)
    case .dataToken(let effect): perform(effect, of: command)
    case .authenticator(let effect): perform(effect, of: command)
    case .policy(let effect): perform(effect, of: command)
    case .openPoll(let request): openPoll(request, of: command)
    case .application(let effect): perform(effect, of: command)
    }
  }

  /// Ends a command and notifies its listeners, once; gives back what it had taken for nothing.
  mutating func settle(_ id: CommandID, _ end: Command.State) {
    guard var command = state.work.commands[id], let effect = command.effect else { return }
    announcePending(command)
    command.state = end
    command.effect = nil
    state.work.commands[id] = command
    noteEnd(of: command)
    if case .rejected = end, let payload = effect.payload { release(payload) }
    if case .dataToken(.store(_, let reservation)) = effect { conclude(reservation, for: id) }
    turnDialect()
    announce(command, dialect.acknowledgement)
  }

  private mutating func noteEnd(of command: Command) {
    let outcome: CommandOutcome
    switch command.state {
    case .succeeded: outcome = .succeeded
    case .rejected(let reason):
      outcome = .rejected
      occurrences.note(.refused(operation: command.operation, reason: reason))
    case .submitted, .held, .parked: return
    }
    occurrences.note(
      .settled(
        command: command.id.text, as: outcome, request: command.request, at: clock))
  }

  /// Announces a command as pending many times, if a fault wants it so.
  private mutating func announcePending(_ command: Command) {
    guard case .profile = command.audience else { return }
    announce(command, times: faults.pendingFrameCount())
  }

  private mutating func announce(_ command: Command, _ occurrence: Dialect.Occurrence) {
    announce(command, times: occurrence.count)
  }

  private mutating func announce(_ command: Command, times count: Int) {
    guard case .profile(let profile) = command.audience else { return }
    for _ in 0..<count {
      publish(
        [
          "data": [
            "type": "X-DPT-CAB-ID", "id": .string(command.id.text),
            "command_status": .int(command.state.number), "body": command.state.note(dialect),
          ]
        ], to: profile)
    }
  }
}
