import Expressions
import Operations
import OrderedCollections

/// A named voting configuration to be made or changed.
struct VotingConfigurationChange: Sendable, Codable {
  enum Target: Sendable, Hashable, Codable {
    case new
    /// The one with this id, or with the change's own name.
    case existing(VotingConfigurationID?)
  }

  let target: Target
  let name: String
  let strategy: VotingRules.Strategy
  let percentage: Int?
  let timeLimit: Duration
  let devices: [DeviceID]
}

extension VaultRoute {
  static let votingConfiguration: [VaultRoute] = [
    VaultRoute(
      "verified-authenticator.register-voting-configuration", "POST",
      "/verified-authenticator/voting-configuration/register", .json,
      .full { $0.changeVotingConfiguration($1, $2, isNew: true) }),
    VaultRoute(
      "verified-authenticator.update-voting-configuration", "POST",
      "/verified-authenticator/voting-configuration/update", .json,
      .full { $0.changeVotingConfiguration($1, $2, isNew: false) }),
    VaultRoute(
      "verified-authenticator.list-voting-configurations", "GET",
      "/verified-authenticator/voting-configuration/list", .none,
      .read { vault, _, caller in vault.listVotingConfigurations(caller) }),
    VaultRoute(
      "verified-authenticator.list-voting-configurations", "GET",
      "/verified-authenticator/list-voting-configurations", .none,
      .read { vault, _, caller in vault.listVotingConfigurations(caller) }),
    VaultRoute(
      "verified-authenticator.retrieve-voting-configuration", "GET",
      "/verified-authenticator/voting-configuration/retrieve/", .none,
      .read { $0.retrieveVotingConfiguration($1, $2) }),
  ]
}

extension Vault {
  /// A profile's voting configuration by id, else by name (protocol.md §13).
  func votingConfiguration(_ text: String, of owner: ProfileID) -> VotingConfiguration? {
    let own = state.records.profiles[owner]?.votingConfigurations ?? [:]
    return own[VotingConfigurationID(text: text)] ?? own.values.first { $0.name == text }
  }

  fileprivate mutating func changeVotingConfiguration(
    _ call: VaultCall, _ caller: Caller, isNew: Bool
  ) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let id = form.optionalText("id").map(VotingConfigurationID.init(text:))
    let name = form.text("name")
    let timeLimit = form.timeLimit()
    let strategy = form.strategy()
    let percentage: Int? =
      strategy == .minimumPercentage ? form.integer("percentageRequired", within: 0...100) : nil
    let devices = form.texts("deviceIdentifiers").map(DeviceID.init(text:))
    if dialect.requiredFields == .official, call.fields.value(["deviceIdentifiers"]) == nil {
      form.refuseMissing("deviceIdentifiers")
    }
    if let refusal = form.refusal { return refusal }
    let change = VotingConfigurationChange(
      target: isNew ? .new : .existing(id), name: name, strategy: strategy,
      percentage: percentage, timeLimit: timeLimit, devices: devices)
    return accept(.authenticator(.configure(change)), call, of: caller)
  }

  fileprivate func listVotingConfigurations(_ caller: Caller) -> APIResponse {
    let own = state.records.profiles[caller.profile]?.votingConfigurations ?? [:]
    return list(own.values.map { ($0.id.text, $0.record) })
  }

  fileprivate func retrieveVotingConfiguration(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    guard let found = votingConfiguration(call.parameter, of: caller.profile) else {
      return .failure(404, "no such voting configuration")
    }
    return .json(found.record)
  }

  mutating func perform(_ change: VotingConfigurationChange, of command: Command) -> EffectFate {
    guard let owner = command.owner, let profile = state.records.profiles[owner] else {
      return .refused("profile.not_found")
    }
    let earlier: VotingConfiguration?
    switch change.target {
    case .new: earlier = nil
    case .existing(let id):
      earlier = votingConfiguration(id?.text ?? change.name, of: owner)
      guard earlier != nil else { return .refused("voting_configuration.not_found") }
    }
    let namesake = profile.votingConfigurations.values.first { $0.name == change.name }
    guard namesake == nil || namesake?.id == earlier?.id || dialect.sameName == .opposite else {
      return .refused("voting_configuration.name_taken")
    }
    guard change.devices.allSatisfy(profile.authenticators.contains) else {
      return .refused("verified_authenticator.not_found")
    }
    let id = earlier?.id ?? VotingConfigurationID(text: newIdentifier())
    state.records.profiles[owner]?.votingConfigurations[id] = VotingConfiguration(
      id: id, name: change.name, strategy: change.strategy, percentage: change.percentage,
      timeLimit: change.timeLimit, devices: change.devices)
    return .done(
      earlier == nil ? "Voting configuration registered." : "Voting configuration updated.")
  }
}
