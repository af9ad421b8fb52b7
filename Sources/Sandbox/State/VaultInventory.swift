import Expressions
import Operations
import OrderedCollections

/// What a vault holds, apart from what no client decides: ids, tokens, keys and instants.
///
/// Two vaults to which clients did the same have equal inventories, whatever the seed and the timing.
/// A reservation that nothing was stored in, and the command and login tokens, belong to no inventory.
package struct VaultInventory: Sendable, Hashable {
  /// A line for each thing, sorted; things that differ in nothing have equal lines.
  package let lines: [String]
  /// By the name of the profile; compared, and never shown.
  private let passwords: [String: KeptSecret]

  init(of vault: Vault) {
    let names = InventoryNames(of: vault.state)
    let records = vault.state.records
    var lines: [String] = []
    for profile in records.profiles.values { lines += names.lines(of: profile) }
    for device in records.devices.values { lines.append(names.line(of: device)) }
    for token in records.dataTokens.values { lines.append(names.line(of: token)) }
    for application in records.applications.values { lines.append(names.line(of: application)) }
    for poll in vault.state.work.polls.values { lines += names.lines(of: poll) }
    for token in vault.state.passes.tokens.values { lines += names.lines(of: token) }
    self.lines = lines.sorted()
    passwords = Dictionary(
      records.profiles.values.map { ($0.username, $0.password) },
      uniquingKeysWith: { first, _ in
        first
      })
  }
}

extension VaultInventory {
  /// What differs from `expected`, a line each: what is missing after `-`, what is too much after `+`.
  package func differences(from expected: VaultInventory) -> [String] {
    var counts: [String: Int] = [:]
    for line in expected.lines { counts[line, default: 0] -= 1 }
    for line in lines { counts[line, default: 0] += 1 }
    let differing = counts.filter { $0.value != 0 }.sorted { $0.key < $1.key }
    var found = differing.map { line, count in
      let sign = count < 0 ? "-" : "+"
      return "\(sign) \(line)" + (abs(count) > 1 ? " (\(abs(count)) times)" : "")
    }
    for (name, password) in passwords.sorted(by: { $0.key < $1.key }) {
      if let other = expected.passwords[name], other != password {
        found.append("  the password of \(name) is another one")
      }
    }
    return found
  }
}

extension Vault {
  /// What it holds at the moment.
  package var inventory: VaultInventory { VaultInventory(of: self) }
}

/// What things are called whose ids differ from run to run.
private struct InventoryNames {
  private let state: VaultState
  private var names: [String: String] = [:]

  init(of state: VaultState) {
    self.state = state
    let records = state.records
    for profile in records.profiles.values {
      names[profile.id.text] = "profile \(profile.username)"
      for configuration in profile.votingConfigurations.values {
        names[configuration.id.text] = "voting configuration \(configuration.name)"
      }
      for policy in profile.policies.values { names[policy.id.text] = "policy \(policy.name)" }
    }
    for device in records.devices.values where device.name != device.id.text {
      names[device.id.text] = "device \(device.name)"
    }
    for application in records.applications.values {
      names[application.id.text] = "application \(application.name)"
      names[application.clientID] = "client of \(application.name)"
    }
  }

  private func owner(_ id: ProfileID) -> String { state.records.profiles[id]?.username ?? "nobody" }

  func lines(of profile: Profile) -> [String] {
    let rules = profile.votingRules
    let key = profile.publicKey == nil ? "no key" : "a key"
    let votes =
      "\(rules.strategy.rawValue) \(rules.percentage) quorum \(rules.quorumSize) "
      + "limit \(rules.timeLimit) attempts \(rules.attempts)"
    let configurations = profile.votingConfigurations.values.map { configuration in
      "voting configuration \(shown(configuration.name)) of \(profile.username): "
        + "\(configuration.strategy.rawValue) \(configuration.percentage.map { "\($0)" } ?? "") "
        + "limit \(configuration.timeLimit) "
        + "devices \(configuration.devices.map { shown($0.text) }.sorted())"
    }
    let policies = profile.policies.values.map { policy in
      "policy \(shown(policy.name)) of \(profile.username): \(policy.template) \(policy.events) "
        + "\(shown(.map(policy.configuration))) "
        + "votes by \(policy.votingConfiguration.map { shown($0.text) } ?? "the profile") "
        + (policy.isActive ? "active" : "inactive")
    }
    return ["profile \(profile.username): \(key), \(votes)"] + configurations + policies
  }

  func line(of device: Device) -> String {
    let roles = device.roles.map(\.rawValue).sorted().joined(separator: " ")
    return "device \(shown(device.name)) of \(owner(device.owner)): \(device.status.rawValue) "
      + "[\(roles)] \(device.isReachable ? "online" : "offline") \(shown(.map(device.meta)))"
  }

  func line(of token: DataToken) -> String {
    "data \(shown(token.context)) of \(owner(token.owner)): \(token.payload.count) bytes, "
      + "held by \(token.holders.map { shown($0.text) }.sorted()), file \(shown(.map(token.file))), "
      + "risk \(shown(.map(token.risk))), data \(shown(.map(token.data)))"
  }

  func line(of application: OAuthApplication) -> String {
    "application \(shown(application.name)) of \(owner(application.owner)): "
      + "\(shown(application.redirectURI ?? "")) \(application.scopes) "
      + (application.isRetrieved ? "retrieved" : "not retrieved")
  }

  /// A vote that was asked for; those that commands had to pass are no thing of their own.
  func lines(of poll: Poll) -> [String] {
    guard case .request = poll.cause else { return [] }
    return [
      "vote \(shown(poll.title)) of \(owner(poll.owner)): \(shown(poll.question)), "
        + "\(poll.voters.count) voters"
    ]
  }

  /// What an application may do for a profile.
  func lines(of token: AuthorizationToken) -> [String] {
    guard let grant = token.grant else { return [] }
    return [
      "grant of \(shown(grant.application.text)) for \(owner(token.profile)): \(grant.scopes)"
    ]
  }

  private func shown(_ value: Value) -> String { shown(JSON.text(value)) }

  /// `text` with every id and token in it replaced by a name.
  private func shown(_ text: String) -> String {
    GeneratedWords.replaced(in: text) { names[$0].map { "<\($0)>" } ?? "<generated>" }
  }
}
