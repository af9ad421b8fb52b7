import Expressions

/// A rule that makes operations wait for a vote while it is active (protocol.md §10).
struct Policy: Sendable, Codable {
  let id: PolicyID
  let name: String
  let template: String
  let events: [String]
  /// The template's parameters; the sandbox keeps and shows them.
  let configuration: ValueMap
  /// The named rules; nil means the profile's own.
  let votingConfiguration: VotingConfigurationID?
  var isActive = false
}

extension Policy {
  func record(_ dialect: Dialect) -> Value {
    var record: ValueMap = [
      "id": .string(id.text), "name": .string(name), "policyTemplateId": .string(template),
      "applyingEventIds": .list(events.map { .string($0) }),
      "configuration": .map(configuration), "status": isActive ? "active" : "inactive",
    ]
    let voting = votingConfiguration.map { Value.string($0.text) }
    record[dialect.policyVotingKey.rawValue] = voting ?? .null
    return .map(record)
  }
}
