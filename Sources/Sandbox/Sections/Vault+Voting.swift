import Expressions
import Operations
import OrderedCollections

/// A poll that a client requests on its own.
struct PollRequest: Sendable, Codable {
  let votingConfiguration: String?
  let title: String
  let question: String
  let skipped: Set<DeviceID>
  let nonce: String?
}

extension VaultRoute {
  static let voting: [VaultRoute] = [
    VaultRoute(
      "voting.create-voting", "POST", "/voting/create", .formOrJSON,
      .full { $0.createVoting($1, $2) }),
    VaultRoute(
      "voting.check-pool-status", "GET", "/voting/check-pool-status/", .none,
      .full { $0.pollStatus($1, $2) }),
  ]
}

extension Vault {
  /// The command's id is the poll's; without a configuration the profile's rules hold.
  fileprivate mutating func createVoting(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let request = PollRequest(
      votingConfiguration: form.optionalText("votingConfigurationId"),
      title: form.text("title"), question: form.text("question", longest: 4096),
      skipped: Set(form.texts("skipAuthenticatorDevices").map(DeviceID.init(text:))),
      nonce: form.optionalText("nonce"))
    if let refusal = form.refusal { return refusal }
    return pollAccepted(accept(.openPoll(request), call, of: caller))
  }

  /// The response to a new poll: with its id in the body, the header, or both (protocol.md §15).
  private func pollAccepted(_ answer: APIResponse) -> APIResponse {
    guard let id = answer.header("X-Dpt-Cab-Id") else { return answer }
    let headers = dialect.namesPollInHeader ? [HTTPField("X-Dpt-Cab-Id", id)] : []
    if dialect.poll != .commandID {
      let body = Value.map([dialect.poll.rawValue: .string(id)])
      return .json(body, status: answer.status, headers: headers)
    }
    var answer = answer
    if answer.body.isEmpty, !dialect.namesPollInHeader {
      return .json([.string(id)], status: answer.status)
    }
    answer.headers.removeAll { $0.name == "X-Dpt-Cab-Id" && !dialect.namesPollInHeader }
    return answer
  }

  fileprivate func pollStatus(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    guard let poll = state.work.polls[PollID(text: call.parameter)], poll.owner == caller.profile
    else {
      return .failure(404, "no such pool")
    }
    return .json(poll.record(dialect))
  }

  /// Opens a poll that was asked for; the command is done with that.
  mutating func openPoll(_ request: PollRequest, of command: Command) -> EffectFate {
    guard let owner = command.owner else { return .refused("profile.not_found") }
    let named = request.votingConfiguration.map { votingConfiguration($0, of: owner) }
    if case .some(.none) = named { return .refused("voting_configuration.not_found") }
    let id = PollID(text: command.id.text)
    open(
      Poll(
        id: id, owner: owner, rules: rules(named ?? nil, of: owner),
        voters: voters(named ?? nil, of: owner).filter { !request.skipped.contains($0) },
        cause: .request(command.id), title: request.title, question: request.question,
        nonce: request.nonce, createdAt: clock, expiresAt: clock))
    return dialect.pollAcknowledgement == .decided ? .held(id) : .done("Voting created.")
  }

  /// Opens the poll that a command has to pass next, or nil when nothing is in its way.
  ///
  /// A policy without a voting configuration asks all authenticators by the profile's rules, and
  /// nobody when there are none (protocol.md §15). The policies are passed one after another.
  mutating func openPoll(for command: Command) -> PollID? {
    guard let owner = command.owner else { return nil }
    for policy in policies(guarding: command.operation, of: owner)
    where !command.passed.contains(policy.id) {
      state.work.commands[command.id]?.passed.insert(policy.id)
      let named = policy.votingConfiguration.flatMap {
        state.records.profiles[owner]?.votingConfigurations[$0]
      }
      guard named != nil || dialect.bareRule == .polls else { continue }
      let voters = voters(named, of: owner)
      guard named != nil || !voters.isEmpty else { continue }
      let id = PollID(text: newIdentifier())
      open(
        Poll(
          id: id, owner: owner, rules: rules(named, of: owner), voters: voters,
          cause: .gate(command.id), title: policy.name, question: command.operation, nonce: nil,
          createdAt: clock, expiresAt: clock))
      return id
    }
    return nil
  }

  /// The rules of a named configuration; quorum and attempts are always the profile's.
  private func rules(_ named: VotingConfiguration?, of owner: ProfileID) -> VotingRules {
    var rules = state.records.profiles[owner]?.votingRules ?? VotingRules()
    guard let named else { return rules }
    rules.strategy = named.strategy
    rules.percentage = named.percentage ?? rules.percentage
    rules.timeLimit = named.timeLimit
    return rules
  }

  private func voters(_ named: VotingConfiguration?, of owner: ProfileID) -> [DeviceID] {
    let all = state.records.profiles[owner]?.authenticators ?? []
    guard let named, !named.devices.isEmpty else { return Array(all) }
    return all.filter(named.devices.contains)
  }

  /// Begins the first or the next attempt, with fresh ballots.
  private mutating func open(_ poll: Poll) {
    var poll = poll
    poll.attempt += 1
    poll.ballots = [:]
    poll.expiresAt = clock + poll.rules.timeLimit
    state.work.polls[poll.id] = poll
    state.time.schedule(.closing(poll.id, attempt: poll.attempt), after: poll.rules.timeLimit)
    for id in poll.voters {
      let start = voter(id, in: poll) == .late ? poll.rules.timeLimit : .zero
      state.time.schedule(
        .vote(poll.id, attempt: poll.attempt, id), after: start + configuration.voterDelay)
    }
  }

  /// What a simulated authenticator does: they take turns in the order of their registration.
  private func voter(_ id: DeviceID, in poll: Poll) -> Voter {
    let turn =
      state.records.profiles[poll.owner]?.authenticators.firstIndex(of: id)
      ?? poll.voters.firstIndex(of: id) ?? 0
    guard !configuration.voters.isEmpty else { return .absent }
    return configuration.voters[turn % configuration.voters.count]
  }

  /// Takes the ballot of a simulated authenticator; no late votes (protocol.md §9).
  mutating func vote(in id: PollID, _ attempt: Int, by voter: DeviceID) {
    guard var poll = state.work.polls[id], poll.state == .pending, poll.attempt == attempt else {
      return
    }
    switch self.voter(voter, in: poll) {
    case .absent, .late: return
    case .yes: poll.ballots[voter] = true
    case .no: poll.ballots[voter] = false
    }
    state.work.polls[id] = poll
    guard dialect.pollEnd == .certain,
      let decision = poll.rules.certainDecision(at: poll.tally, of: dialect.percentage)
    else { return }
    close(poll, decision)
  }

  /// Decides an attempt by the votes that are there.
  mutating func reachTimeLimit(of id: PollID, _ attempt: Int) {
    guard let poll = state.work.polls[id], poll.state == .pending, poll.attempt == attempt else {
      return
    }
    close(poll, poll.rules.decision(at: poll.tally, of: dialect.percentage))
  }

  private mutating func close(_ poll: Poll, _ decision: Decision) {
    guard decision == .accepted || poll.attempt >= poll.rules.attempts else { return open(poll) }
    switch decision {
    case .accepted: state.work.polls[poll.id]?.state = .resolved
    case .refused: state.work.polls[poll.id]?.state = .rejected
    case .expired: state.work.polls[poll.id]?.state = .expired
    }
    let command = poll.cause.command
    guard state.work.commands[command]?.state == .held(poll.id) else { return }
    switch (decision, poll.cause) {
    case (.accepted, .gate): proceed(with: command)
    case (.accepted, .request): settle(command, .succeeded("Vote passed."))
    case (.refused, _): settle(command, .rejected("voting.rejected"))
    case (.expired, _): settle(command, .rejected("voting.timed_out"))
    }
  }
}
