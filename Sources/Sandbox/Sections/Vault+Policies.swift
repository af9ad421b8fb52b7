import Expressions
import Operations
import OrderedCollections

/// The policy section's commands.
enum PolicyEffect: Sendable, Codable {
  struct Registration: Sendable, Codable {
    let name: String?
    let template: String
    let events: [String]
    let configuration: ValueMap
    /// The voting configuration's id or name.
    let votingConfiguration: String?
  }

  case register(Registration)
  case activate(String)
  case deactivate(String)
  case delete(String)
}

extension VaultRoute {
  static let policy: [VaultRoute] = [
    VaultRoute(
      "policy.list-policy-templates", "GET", "/policy/list-policy-templates", .none,
      .full { vault, _, _ in vault.policyTemplates }),
    VaultRoute(
      "policy.register-policy", "POST", "/policy/register", .json,
      .full { $0.registerPolicy($1, $2) }),
    VaultRoute(
      "policy.activate-policy", "POST", "/policy/activate", .form,
      .full { $0.policyCommand($1, $2) { .activate($0) } }),
    VaultRoute(
      "policy.deactivate-policy", "POST", "/policy/deactivate", .form,
      .full { $0.policyCommand($1, $2) { .deactivate($0) } }),
    VaultRoute(
      "policy.delete-policy", "POST", "/policy/delete", .form,
      .full { $0.policyCommand($1, $2) { .delete($0) } }),
    VaultRoute(
      "policy.list-active-policies", "GET", "/policy/list-active-policies", .none,
      .read { vault, _, caller in vault.listPolicies(of: caller) { $0.isActive } }),
    VaultRoute(
      "policy.list-inactive-policies", "GET", "/policy/list-inactive-policies", .none,
      .read { vault, _, caller in vault.listPolicies(of: caller) { !$0.isActive } }),
    VaultRoute(
      "policy.list-registered-policies", "GET", "/policy/list-policies", .none,
      .read { vault, _, caller in vault.listPolicies(of: caller) { _ in true } }),
    VaultRoute(
      "policy.list-registered-policies", "GET", "/policy/list-registered-policies", .none,
      .read { vault, _, caller in vault.listPolicies(of: caller) { _ in true } }),
    VaultRoute(
      "policy.retrieve-registered-policy", "GET", "/policy/retrieve-policy/", .none,
      .read { $0.retrievePolicy($1, $2) }),
  ]
}

extension Vault {
  fileprivate var policyTemplates: APIResponse {
    switch dialect.templates {
    case .array: return .json(.list(PolicyTemplate.catalogue.map(\.row)))
    case .keyed:
      var templates = ValueMap()
      for template in PolicyTemplate.catalogue { templates[template.id] = template.record }
      return .json(.map(templates))
    }
  }

  /// A profile's policy by id, else by name (protocol.md §10).
  private func policy(_ text: String, of owner: ProfileID) -> Policy? {
    let own = state.records.profiles[owner]?.policies ?? [:]
    return own[PolicyID(text: text)] ?? own.values.first { $0.name == text }
  }

  fileprivate mutating func registerPolicy(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let isObserved = dialect.requiredFields == .observed
    let name = isObserved ? form.text("name") : form.optionalText("name")
    let template = form.text("policyTemplateId")
    let events = form.texts("applyingEventIds")
    if call.fields.value(["applyingEventIds"]) == nil {
      form.refuseMissing("applyingEventIds")
    } else if events.isEmpty {
      form.refuse("applyingEventIds", "must not be empty")
    }
    let parameters = form.map("configuration")
    if parameters == nil, isObserved { form.refuseMissing("configuration") }
    if let parameters, parameters.isEmpty { form.refuse("configuration", "must not be empty") }
    let voting = form.optionalText("configurationId", "votingConfigurationId")
    if let refusal = form.refusal { return refusal }
    let registration = PolicyEffect.Registration(
      name: name, template: template, events: events, configuration: parameters ?? ValueMap(),
      votingConfiguration: voting)
    return accept(.policy(.register(registration)), call, of: caller)
  }

  fileprivate mutating func policyCommand(
    _ call: VaultCall, _ caller: Caller, _ effect: (String) -> PolicyEffect
  ) -> APIResponse {
    var form = FormCheck(call.fields, configuration.limits)
    let policy = form.text("policyId", "name")
    return form.refusal ?? accept(.policy(effect(policy)), call, of: caller)
  }

  fileprivate func listPolicies(
    of caller: Caller, where isShown: (Policy) -> Bool
  ) -> APIResponse {
    let own = state.records.profiles[caller.profile]?.policies ?? [:]
    return list(own.values.filter(isShown).map { ($0.id.text, $0.record(dialect)) })
  }

  fileprivate func retrievePolicy(_ call: VaultCall, _ caller: Caller) -> APIResponse {
    guard let found = policy(call.parameter, of: caller.profile) else {
      return .failure(404, "no such policy")
    }
    return .json(found.record(dialect))
  }

  mutating func perform(_ effect: PolicyEffect, of command: Command) -> EffectFate {
    guard let owner = command.owner else { return .refused("profile.not_found") }
    switch effect {
    case .register(let registration): return register(registration, owner)
    case .activate(let text): return setActive(true, text, owner, "Policy activated.")
    case .deactivate(let text): return setActive(false, text, owner, "Policy deactivated.")
    case .delete(let text):
      guard let found = policy(text, of: owner) else { return .refused("policy.not_found") }
      state.records.profiles[owner]?.policies[found.id] = nil
      return .done("Policy deleted.")
    }
  }

  /// A new policy is inactive (protocol.md §10).
  private mutating func register(
    _ registration: PolicyEffect.Registration, _ owner: ProfileID
  ) -> EffectFate {
    let found = PolicyTemplate.catalogue.first { $0.id == registration.template }
    guard let template = found else { return .refused("policy_template.not_found") }
    let events = registration.events.compactMap(template.eventID)
    guard events.count == registration.events.count else {
      return .refused("policy_template.event_not_found")
    }
    let voting = registration.votingConfiguration.map { votingConfiguration($0, of: owner) }
    if case .some(.none) = voting { return .refused("voting_configuration.not_found") }
    let id = PolicyID(text: newIdentifier())
    let name = registration.name ?? id.text
    guard policy(name, of: owner) == nil || dialect.sameName == .opposite else {
      return .refused("policy.name_taken")
    }
    state.records.profiles[owner]?.policies[id] = Policy(
      id: id, name: name, template: template.id, events: events,
      configuration: registration.configuration, votingConfiguration: voting??.id)
    return .done("Policy registered.")
  }

  private mutating func setActive(
    _ isActive: Bool, _ text: String, _ owner: ProfileID, _ sentence: String
  ) -> EffectFate {
    guard let found = policy(text, of: owner) else { return .refused("policy.not_found") }
    guard found.isActive != isActive else { return .unchanged(sentence) }
    state.records.profiles[owner]?.policies[found.id]?.isActive = isActive
    return .done(sentence)
  }

  /// The active policies of a profile that an operation has to pass, in the order of their
  /// registration.
  func policies(guarding operation: String, of owner: ProfileID) -> [Policy] {
    let events = Set(
      PolicyTemplate.catalogue.flatMap(\.events).filter { $0.operations.contains(operation) }
        .map(\.id))
    guard !events.isEmpty, let own = state.records.profiles[owner]?.policies.values else {
      return []
    }
    return own.filter { $0.isActive && !events.isDisjoint(with: $0.events) }
  }
}
