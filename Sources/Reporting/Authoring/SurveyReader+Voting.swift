import Expressions
import OrderedCollections
import Playbooks

/// How votes are decided.
extension SurveyReader {
  mutating func readVotingSettings() {
    guard let shown = answer("votingSettings") else {
      return note(TenantGap(.votingSettings, .notShown))
    }
    let quorumSize = setting("quorumSize", by: "set-quorum-size", as: "size", in: shown)
    snapshot.votingSettings.quorumSize = quorumSize
    let timeLimit = setting("timeLimit", by: "set-voting-time-limit", as: "timeLimit", in: shown)
    snapshot.votingSettings.timeLimit = timeLimit
    let attempts = setting(
      "numberOfAttempts", by: "set-maximum-voting-attempts", as: "numberOfAttempts", in: shown)
    snapshot.votingSettings.attempts = attempts
    let strategy = strategy(in: shown)
    snapshot.votingSettings.strategy = strategy
    let known = [
      ("quorum size", quorumSize != nil), ("strategy", strategy != nil),
      ("time limit", timeLimit != nil), ("number of attempts", attempts != nil),
    ]
    let unknown = known.filter { !$0.1 }.map(\.0)
    guard unknown.count < known.count else {
      return note(TenantGap(.votingSettings, .notShown))
    }
    note(.votingSettings, .notShown, unknown)
  }

  private func setting(
    _ name: String, by operation: String, as field: String, in shown: ValueMap
  ) -> Int64? {
    guard let value = shown[name]?.openInteger,
      calls.unchanged(
        "verified-authenticator.\(operation)", [field: .int(value)], in: [shown]) != nil
    else { return nil }
    return value
  }

  /// The share that is set where the service shows none; most strategies have no use for one.
  private static let usualShare: Int64 = 51

  private func strategy(
    in shown: ValueMap
  ) -> TenantSnapshot.VotingSettings.Strategy? {
    guard let name = shown["strategy"]?.openText else { return nil }
    let share = shown["strategyParams"]?.openInteger
    guard share != nil || name != "minimum_percentage" else { return nil }
    let strategy = TenantSnapshot.VotingSettings.Strategy(
      name: name, share: share ?? Self.usualShare)
    let arguments: ValueMap = [
      "strategy": .string(name), "strategy_params": .int(strategy.share),
    ]
    return calls.unchanged(
      "verified-authenticator.set-quorum-strategy", arguments, in: [shown]) == nil ? nil : strategy
  }
}

/// Named rules for votes.
extension SurveyReader {
  mutating func readVotingConfigurations() {
    let list = records(
      "votingConfigurations", "configurations", of: .votingConfigurations)
    guard let list else { return }
    var (doubled, unclear, onlyHere) = ([String](), [String](), [String]())
    let describedDevices = Set(deviceNames.values)
    for (name, group) in named(list, .votingConfigurations) {
      let listed: ValueMap = ["configurations": .list(group.map { .map($0) })]
      // Of several the newest is meant: the one that the call finds as it is.
      let found = votingConfiguration(name, among: group, in: listed)
      guard let (configuration, record) = found else {
        unclear.append(name)
        continue
      }
      snapshot.votingConfigurations.append(configuration)
      if !describedDevices.isSuperset(of: configuration.voters) { onlyHere.append(name) }
      if group.count > 1 {
        doubled.append(name)
      } else {
        configurationNames[record["id"]?.openText ?? name] = name
      }
    }
    noteDoubled(doubled, .votingConfigurations)
    note(.votingConfigurations, .unclear, unclear)
    note(.votingConfigurations, .onlyHere, onlyHere)
  }

  private func votingConfiguration(
    _ name: String, among group: [ValueMap], in listed: ValueMap
  ) -> (TenantSnapshot.VotingConfiguration, ValueMap)? {
    for record in group {
      if let found = votingConfiguration(name, record, in: listed) { return (found, record) }
    }
    return nil
  }

  private func votingConfiguration(
    _ name: String, _ record: ValueMap, in listed: ValueMap
  ) -> TenantSnapshot.VotingConfiguration? {
    guard let timeLimit = record["timeLimit"]?.openInteger,
      let strategy = record["strategy"]?.openText,
      let devices = record["deviceIdentifiers"]?.openWords
    else { return nil }
    let percentage = record["percentageRequired"]?.openInteger
    var arguments: ValueMap = [
      "name": .string(name), "timeLimit": .int(timeLimit), "strategy": .string(strategy),
      "deviceIdentifiers": .list(devices.map { .string($0) }),
    ]
    arguments["percentageRequired"] = percentage.map { .int($0) }
    let found = calls.unchanged(
      "verified-authenticator.register-voting-configuration", arguments, in: [listed],
      match: .newest)
    guard found == record else { return nil }
    return TenantSnapshot.VotingConfiguration(
      name: name, timeLimit: timeLimit, strategy: strategy, percentage: percentage,
      voters: devices.map { deviceNames[$0] ?? $0 })
  }
}
