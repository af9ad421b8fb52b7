package import Expressions
import Playbooks

extension TenantSnapshot {
  /// The values of the inputs of its playbook, in the order in which they are declared; those that the
  /// caller has to give are not among them.
  package var inputs: ValueMap {
    var inputs: ValueMap = ["username": .string(username)]
    inputs["publicKey"] = publicKey.map { .string($0) }
    if !devices.isEmpty { inputs["devices"] = .list(devices.map(\.value)) }
    inputs["quorumSize"] = votingSettings.quorumSize.map { .int($0) }
    inputs["strategy"] = votingSettings.strategy.map { .string($0.name) }
    inputs["share"] = votingSettings.strategy.map { .int($0.share) }
    inputs["timeLimit"] = votingSettings.timeLimit.map { .int($0) }
    inputs["attempts"] = votingSettings.attempts.map { .int($0) }
    if !votingConfigurations.isEmpty {
      inputs["votingConfigurations"] = .list(votingConfigurations.map(\.value))
    }
    if !policies.isEmpty { inputs["policies"] = .list(policies.map(\.value)) }
    if !applications.isEmpty { inputs["applications"] = .list(applications.map(\.value)) }
    if !files.isEmpty { inputs["files"] = .list(files.map(\.value)) }
    return inputs
  }
}

extension TenantSnapshot.Device {
  fileprivate var value: Value {
    [
      "name": .string(name), "approved": .bool(isApproved),
      "roles": .texts(roles.map(\.rawValue)),
    ]
  }
}

extension TenantSnapshot.VotingConfiguration {
  fileprivate var value: Value {
    var map: ValueMap = [
      "name": .string(name), "timeLimit": .int(timeLimit), "strategy": .string(strategy),
    ]
    map["percentage"] = percentage.map { .int($0) }
    map["voters"] = .texts(voters)
    return .map(map)
  }
}

extension TenantSnapshot.Policy {
  fileprivate var value: Value {
    var map: ValueMap = [
      "name": .string(name), "template": .string(template), "events": .texts(events),
    ]
    if !configuration.isEmpty { map["configuration"] = .map(configuration) }
    map["votingConfiguration"] = votingConfiguration.map { .string($0) }
    map["active"] = isActive.map { .bool($0) }
    return .map(map)
  }
}

extension TenantSnapshot.Application {
  fileprivate var value: Value {
    ["name": .string(name), "redirectUri": .string(redirectURI), "scopes": .texts(scopes)]
  }
}

extension TenantSnapshot.StoredFile {
  fileprivate var value: Value {
    var map: ValueMap = ["context": .string(context), "fileName": .string(fileName)]
    if let description {
      map["extension"] = .string(description.fileExtension)
      map["size"] = .int(description.size)
      map["path"] = .string(description.path)
    }
    if let classification {
      map["classification"] = .string(classification.name)
      map["label"] = .string(classification.label)
      map["handling"] = .string(classification.handling)
    }
    return .map(map)
  }
}

extension Value {
  fileprivate static func texts(_ texts: [String]) -> Value {
    .list(texts.map { .string($0) })
  }
}
