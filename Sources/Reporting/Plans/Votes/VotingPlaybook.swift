import Diagnostics
package import Expressions
package import Operations
package import Planning
import Playbooks

/// The playbook that reads, in the session of one profile, what votes follow from.
///
/// Planning it sends its reads and nothing else. What a service does not serve is left out of the outputs.
package enum VotingPlaybook {
  /// A plan of the reads in `session`; nil where `api` lacks one of them, or `session` is none that can be
  /// opened.
  ///
  /// `secrets` are hidden in what comes from it, as those of the session are.
  package static func plan(
    in session: ForeseenSession, api: APIDescription, hiding secrets: [Secret] = []
  ) -> Plan? {
    switch session {
    case .profile(let username, let password):
      plan(
        profile, inputs: ["username": .string(username), "password": .secret(password)], api,
        secrets)
    case .application(let accessToken, _, _):
      plan(application, inputs: ["accessToken": .secret(accessToken)], api, secrets)
    case .none, .unknown: nil
    }
  }

  private static func plan(
    _ text: String, inputs: ValueMap, _ api: APIDescription, _ secrets: [Secret]
  ) -> Plan? {
    let path = "/votes.yaml"
    let files = PlaybookFiles(
      resolve: { $0 }, read: { _, _ in Array(text.utf8) }, names: { _ in nil })
    var texts = SourceTexts()
    guard let loaded = try? PlaybookLoader(files: files).load(path, texts: &texts),
      var plan = try? Planner(api: api).check(loaded).plan(inputs: inputs)
    else { return nil }
    plan.plainSecrets += secrets
    return plan
  }

  private static let profile = """
    playbook: 1
    name: votes
    inputs:
      username: { type: string }
      password: { type: secret }
    session:
      username: ${{ inputs.username }}
      password: ${{ inputs.password }}
    \(steps(VotingReads.standard))
    \(outputs)
    """

  private static let application = """
    playbook: 1
    name: votes
    inputs:
      accessToken: { type: secret }
    session:
      access-token: ${{ inputs.accessToken }}
    \(steps(VotingReads.standard))
    \(outputs)
    """

  /// A read that the service refuses shows nothing.
  ///
  /// The first one must succeed, so that a refused login ends it all, and is not tried again by the others.
  private static let tolerant =
    "rescue: [{ assert: [\"error.status != null && error.status != 401\"] }]"

  private static func steps(_ reads: VotingReads) -> String {
    """
    steps:
      - id: templates
        call: \(reads.templates)
      - id: active
        call: \(reads.activePolicies)
        \(tolerant)
      - id: registered
        when: "!has(steps.active.policies)"
        call: \(reads.policies)
        \(tolerant)
      - id: shown
        for-each: >-
          ${{ (has(steps.active.policies) ? steps.active.policies
              : has(steps.registered.policies) ? steps.registered.policies : [])
              .filter(p, has(p.name) && p.name != null
                && !(has(p.applyingEventIds) && has(p.configurationId))) }}
        as: policy
        concurrency: 8
        steps:
          - id: policy
            call: \(reads.policy)
            with: { name: "${{ string(policy.name) }}" }
            \(tolerant)
      - id: configurations
        call: \(reads.configurations)
        \(tolerant)
      - id: named
        when: "!has(steps.configurations.configurations)"
        for-each: >-
          ${{ (has(steps.active.policies) ? steps.active.policies : []).filter(p,
              has(p.configurationId) && p.configurationId != null).map(p, p.configurationId)
              + steps.shown.filter(s, has(s.policy.configurationId)
                && s.policy.configurationId != null).map(s, s.policy.configurationId) }}
        as: name
        concurrency: 8
        steps:
          - id: configuration
            call: \(reads.configuration)
            with: { nameOrId: "${{ string(name) }}" }
            \(tolerant)
      - id: settings
        call: \(reads.settings)
        \(tolerant)
      - id: authenticators
        call: \(reads.authenticators)
        \(tolerant)
    """
  }

  private static let outputs = """
    outputs:
      active: "${{ has(steps.active.policies) ? steps.active.policies : null }}"
      registered: "${{ has(steps.registered.policies) ? steps.registered.policies : null }}"
      shown: ${{ steps.shown.map(s, s.policy) }}
      templates: ${{ steps.templates.templates }}
      configurations: >-
        ${{ has(steps.configurations.configurations) ? steps.configurations.configurations : null }}
      named: "${{ has(steps.named) ? steps.named.map(n, n.configuration) : [] }}"
      settings: "${{ steps.settings }}"
      authenticators: >-
        ${{ has(steps.authenticators.authenticators) ? steps.authenticators.authenticators : null }}
    """
}
