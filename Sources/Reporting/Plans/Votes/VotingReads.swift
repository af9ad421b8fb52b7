/// The operations that show which votes there will be, and by which rules.
struct VotingReads: Sendable, Hashable {
  /// Lists the policies that are in force.
  let activePolicies: String
  /// Lists all policies, with their states.
  let policies: String
  /// Shows one policy by its name.
  let policy: String
  /// Lists the templates of policies, with the names of their events.
  let templates: String
  /// Lists the voting configurations.
  let configurations: String
  /// Shows one voting configuration by its id or name.
  let configuration: String
  /// Shows the rules of votes that no voting configuration decides.
  let settings: String
  /// Lists the devices that are asked.
  let authenticators: String

  /// Those of the Privicore API; a service may lack some of them (protocol.md §13).
  static let standard = VotingReads(
    activePolicies: "policy.list-active-policies", policies: "policy.list-registered-policies",
    policy: "policy.retrieve-registered-policy", templates: "policy.list-policy-templates",
    configurations: "verified-authenticator.list-voting-configurations",
    configuration: "verified-authenticator.retrieve-voting-configuration",
    settings: "verified-authenticator.retrieve-voting-strategy",
    authenticators: "verified-authenticator.list-verified-authenticators")

  /// The ids of all of them.
  var all: Set<String> {
    [
      activePolicies, policies, policy, templates, configurations, configuration, settings,
      authenticators,
    ]
  }
}
