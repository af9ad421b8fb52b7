import Expressions

/// Named rules for polls; the quorum and the attempts are the profile's (protocol.md §9).
struct VotingConfiguration: Sendable, Codable {
  let id: VotingConfigurationID
  var name: String
  var strategy: VotingRules.Strategy
  /// 0 to 100; only `minimum_percentage` has one.
  var percentage: Int?
  var timeLimit: Duration
  /// The authenticators that are asked; none means all.
  var devices: [DeviceID]
}

extension VotingConfiguration {
  var record: Value {
    [
      "id": .string(id.text), "name": .string(name),
      "timeLimit": .int(timeLimit.components.seconds), "strategy": .string(strategy.rawValue),
      "percentageRequired": percentage.map { .int(Int64($0)) } ?? .null,
      "deviceIdentifiers": .list(devices.map { .string($0.text) }),
    ]
  }
}
