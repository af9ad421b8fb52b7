import Expressions
import Operations
import OrderedCollections

/// The commands of the section on authenticators.
enum AuthenticatorEffect: Sendable, Codable {
  case register(DeviceID)
  case remove(DeviceID)
  case setQuorumSize(Int)
  case setStrategy(VotingRules.Strategy, percentage: Int)
  case setTimeLimit(Duration)
  case setAttempts(Int)
  case configure(VotingConfigurationChange)
}

extension VaultRoute {
  static let verifiedAuthenticator: [VaultRoute] = [
    VaultRoute(
      "verified-authenticator.register-authenticator", "POST", "/verified-authenticator/register",
      .form, .full { $0.command($1, $2, on: { .authenticator(.register($0)) }) }),
    VaultRoute(
      "verified-authenticator.remove-authenticator", "POST", "/verified-authenticator/remove",
      .form, .full { $0.command($1, $2, on: { .authenticator(.remove($0)) }) }),
    VaultRoute(
      "verified-authenticator.list-verified-authenticators", "GET",
      "/verified-authenticator/list-verified-authenticator", .none,
      .read { vault, _, caller in vault.listDevices(of: caller, having: .authenticator) }),
    VaultRoute(
      "verified-authenticator.list-verified-authenticators", "GET",
      "/verified-authenticator/list-verified-authenticators", .none,
      .read { vault, _, caller in vault.listDevices(of: caller, having: .authenticator) }),
    VaultRoute(
      "verified-authenticator.retrieve-voting-strategy", "GET",
      "/verified-authenticator/retrieve-strategy", .none,
      .read { vault, _, caller in vault.votingRules(of: caller) }),
    VaultRoute(
      "verified-authenticator.set-quorum-size", "POST", "/verified-authenticator/set-quorum-size",
      .form, .full { $0.setQuorumSize($1, $2) }),
    VaultRoute(
      "verified-authenticator.set-quorum-strategy", "POST",
      "/verified-authenticator/set-quorum-strategy", .form, .full { $0.setStrategy($1, $2) }),
    VaultRoute(
      "verified-authenticator.set-voting-time-limit", "POST",
      "/verified-authenticator/set-voting-time-limit", .form, .full { $0.setTimeLimit($1, $2) }),
    VaultRoute(
      "verified-authenticator.set-maximum-voting-attempts", "POST",
      "/verified-authenticator/set-maximum-voting-attempts", .form,
      .full { $0.setAttempts($1, $2) }),
  ]
}

extension FormCheck {
  /// A strategy by its name.
  mutating func strategy() -> VotingRules.Strategy {
    let name = text("strategy")
    guard problems["strategy"] == nil else { return .consensus }
    guard let strategy = VotingRules.Strategy(rawValue: name) else {
      let names = VotingRules.Strategy.allCases.map(\.rawValue)
      refuse("strategy", "must be one of \(names.joined(separator: ", "))")
      return .consensus
    }
    return strategy
  }

  /// A time limit in seconds, at most a day.
  mutating func timeLimit() -> Duration {
    .seconds(integer("timeLimit", "time_limit", within: 1...86_400))
  }
}

extension Vault {
  fileprivate func votingRules(of caller: Caller) -> APIResponse {
    let rules = state.records.profiles[caller.profile]?.votingRules ?? VotingRules()
    guard dialect.strategy == .settings else {
      return .json(.list(VotingRules.Strategy.allCases.map { .string($0.rawValue) }))
    }
    return .json([
      "strategy": .string(rules.strategy.rawValue),
      "strategyParams": .int(Int64(rules.percentage)),
      "quorumSize": .int(Int64(rules.quorumSize)),
      "timeLimit": .int(rules.timeLimit.components.seconds),
      "numberOfAttempts": .int(Int64(rules.attempts)),
    ])
  }

  fileprivate mutating func setQuorumSize(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let size = form.integer("size", "quorumSize", "quorum_size", within: 1...1000)
    return form.refusal ?? accept(.authenticator(.setQuorumSize(size)), call, of: caller)
  }

  fileprivate mutating func setStrategy(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let strategy = form.strategy()
    let isNeeded = strategy == .minimumPercentage || dialect.requiredFields == .official
    let percentage = form.integer(
      "strategy_params", "strategyParams", within: 0...100, fallback: isNeeded ? nil : 0)
    return form.refusal
      ?? accept(
        .authenticator(.setStrategy(strategy, percentage: percentage)), call, of: caller)
  }

  fileprivate mutating func setTimeLimit(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let limit = form.timeLimit()
    return form.refusal ?? accept(.authenticator(.setTimeLimit(limit)), call, of: caller)
  }

  fileprivate mutating func setAttempts(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let attempts = form.integer("numberOfAttempts", "number_of_attempts", within: 1...100)
    return form.refusal ?? accept(.authenticator(.setAttempts(attempts)), call, of: caller)
  }

  mutating func perform(_ effect: AuthenticatorEffect, of command: Command) -> EffectFate {
    switch effect {
    case .register(let id):
      give(.authenticator, to: id, of: command, "Authenticator registered.")
    case .remove(let id): take(.authenticator, from: id, of: command, "Authenticator removed.")
    case .setQuorumSize(let size): setRules(of: command) { $0.quorumSize = size }
    case .setStrategy(let strategy, let percentage):
      setRules(of: command) { rules in
        rules.strategy = strategy
        rules.percentage = percentage
      }
    case .setTimeLimit(let limit): setRules(of: command) { $0.timeLimit = limit }
    case .setAttempts(let attempts): setRules(of: command) { $0.attempts = attempts }
    case .configure(let change): perform(change, of: command)
    }
  }

  private mutating func setRules(
    of command: Command, _ change: (inout VotingRules) -> Void
  ) -> EffectFate {
    guard let owner = command.owner, var rules = state.records.profiles[owner]?.votingRules else {
      return .refused("profile.not_found")
    }
    let earlier = rules
    change(&rules)
    state.records.profiles[owner]?.votingRules = rules
    let sentence = "Voting settings changed."
    return rules == earlier ? .unchanged(sentence) : .done(sentence)
  }
}
