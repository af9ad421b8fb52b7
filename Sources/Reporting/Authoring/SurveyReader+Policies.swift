import Expressions
import Operations
import OrderedCollections
import Playbooks

/// The policies.
extension SurveyReader {
  mutating func readPolicies() {
    let listed = listedPolicies()
    guard let listed else { return note(TenantGap(.policies, .notListed)) }
    guard !listed.isEmpty else { return }
    let templates = records("policyTemplates", "templates", of: .policyTemplates) ?? []
    let active = records("activePolicies", "policies", of: .activePolicies)
    var details: [String: ValueMap] = [:]
    for record in outputs["policies"]?.records ?? [] {
      if let name = record["name"]?.openText { details[name] = record }
    }
    var (doubled, unclear, unaddressable) = ([String](), [String](), [String]())
    var (secret, onlyHere) = ([String](), [String]())
    for (name, group) in named(listed, .policies) {
      guard ![".", ".."].contains(name) else {
        unaddressable.append(name)
        continue
      }
      guard let record = details[name],
        let policy = policy(name, record, templates, active)
      else {
        unclear.append(name)
        continue
      }
      if Set(group.compactMap { $0["id"]?.openText }).count > 1 { doubled.append(name) }
      if record["configuration"]?.holdsSecret ?? false { secret.append(name) }
      let configurations = configurationNames.values
      if let voting = policy.votingConfiguration, !configurations.contains(voting) {
        onlyHere.append(name)
      }
      snapshot.policies.append(policy)
    }
    noteDoubled(doubled, .policies)
    note(.policies, .unaddressable, unaddressable)
    note(.policies, .unclear, unclear)
    note(.policies, .secret, secret)
    note(.policies, .onlyHere, onlyHere)
  }

  /// All policies; where there is no list of all, the active ones and the others.
  private func listedPolicies() -> [ValueMap]? {
    func records(_ name: String) -> [ValueMap]? { answer(name)?["policies"]?.records }
    if let registered = records("registeredPolicies") { return registered }
    let (active, inactive) = (records("activePolicies"), records("inactivePolicies"))
    return active == nil && inactive == nil ? nil : (active ?? []) + (inactive ?? [])
  }

  private func policy(
    _ name: String, _ record: ValueMap, _ templates: [ValueMap], _ active: [ValueMap]?
  ) -> TenantSnapshot.Policy? {
    guard let id = record["id"]?.openText, let template = record["policyTemplateId"]?.openText,
      let events = record["applyingEventIds"]?.openTexts
    else { return nil }
    let configuration = record["configuration"]?.fields?.withoutSecrets ?? [:]
    guard YAMLWriter.lines(of: .map(configuration)) != nil else { return nil }
    let voting = record["configurationId"]?.openText
    var arguments: ValueMap = [
      "name": .string(name), "policyTemplateId": .string(template),
      "applyingEventIds": .list(events.map { .string($0) }),
    ]
    if !configuration.isEmpty { arguments["configuration"] = .map(configuration) }
    arguments["configurationId"] = voting.map { .string($0) }
    guard calls.unchanged("policy.register-policy", arguments, in: [record]) != nil else {
      return nil
    }
    let known = templates.first { $0["id"]?.openText == template }
    return TenantSnapshot.Policy(
      name: name, template: known?.name(among: templates) ?? template,
      events: events.map { known?.nameOfEvent($0) ?? $0 }, configuration: configuration,
      votingConfiguration: voting.map { configurationNames[$0] ?? $0 },
      isActive: active.flatMap { isActive(id, $0) })
  }

  private func isActive(_ id: String, _ active: [ValueMap]) -> Bool? {
    let listed: ValueMap = ["policies": .list(active.map { .map($0) })]
    let standing = calls.standing(
      "policy.activate-policy", ["policyId": .string(id)], in: [listed])
    switch standing {
    case .same?: return true
    case .absent?: return false
    case .different?, .several?, .unreadable?, nil: return nil
    }
  }
}

/// A policy template.
extension ValueMap {
  /// The template's name, unless another of `templates` has it, too.
  fileprivate func name(among templates: [ValueMap]) -> String? {
    guard let name = self["name"]?.openText else { return nil }
    let isUnique = templates.count { $0["name"]?.openText == name } == 1
    return isUnique && !templates.contains { $0["id"]?.openText == name } ? name : nil
  }

  /// The name of one of its events, unless another has it, too.
  fileprivate func nameOfEvent(_ id: String) -> String? {
    let events = self["events"]?.records ?? []
    guard let name = events.first(where: { $0["id"]?.openText == id })?["name"]?.openText,
      events.count(where: { $0["name"]?.openText == name }) == 1
    else { return nil }
    return name
  }

  /// The map without the fields that hold a secret.
  fileprivate var withoutSecrets: ValueMap {
    ValueMap(entries.filter { !$0.value.holdsSecret })
  }
}
