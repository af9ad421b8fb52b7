/// The steps for voting configurations, policies and files; each text ends with a newline.
extension AdoptedTenant {
  var votingConfigurations: String {
    """
    \(snapshot.devices.isEmpty ? "" : Self.knownDevices)\
      - name: Have the voting configurations
        for-each: ${{ inputs.votingConfigurations }}
        as: wanted
        steps:
          - name: Have a voting configuration
            call: verified-authenticator.register-voting-configuration
            with:
              name: ${{ wanted.name }}
              timeLimit: ${{ wanted.timeLimit }}
              strategy: ${{ wanted.strategy }}
              percentageRequired: "${{ has(wanted.percentage) ? wanted.percentage : null }}"
    \(snapshot.devices.isEmpty ? Self.givenVoters : Self.namedVoters)
            ensure: present
    \(match(.votingConfigurations))
    """
  }

  private static let knownDevices = """
      - id: known
        name: List the devices by name
        call: device.retrieve-profile-devices


    """

  private static let givenVoters = """
              deviceIdentifiers: ${{ wanted.voters }}
    """

  private static let namedVoters = """
              # A voter is the name of a device above, or else an identifier.
              deviceIdentifiers: >-
                ${{ wanted.voters.map(v, (steps.known.devices
                    .filter(d, d.name == v && steps.devices.exists(s,
                      string(s.device.deviceIdentifier) == string(d.deviceIdentifier)))
                    .map(d, string(d.deviceIdentifier)) + [v])[0]) }}
    """

  /// Whether templates and events can be given by name.
  private var namesTemplates: Bool { !snapshot.gaps.contains { $0.part == .policyTemplates } }

  private var namesConfigurations: Bool { !snapshot.votingConfigurations.isEmpty }

  var policies: String {
    """
    \(namesTemplates ? Self.templateCatalogue : "")\
    \(namesConfigurations ? Self.configurationCatalogue : "")\
      - name: Have the policies
        for-each: ${{ inputs.policies }}
        as: wanted
        steps:
          # One that differs is not replaced: what it gates would be open meanwhile. This fails.
          - id: policy
            name: Have a policy
            call: policy.register-policy
            with:
              name: ${{ wanted.name }}
    \(namesTemplates ? Self.namedEvents : Self.givenEvents)
              configuration: "${{ has(wanted.configuration) ? wanted.configuration : null }}"
              configurationId: >-
    \(namesConfigurations ? Self.namedConfiguration : Self.givenConfiguration)
            ensure: present
    \(snapshot.policies.contains { $0.isActive != nil } ? Self.activation : "")
    """
  }

  private static let templateCatalogue = """
      - id: catalogue
        name: List the policy templates
        call: policy.list-policy-templates


    """

  private static let configurationCatalogue = """
      - id: configurations
        name: List the voting configurations by name
        call: verified-authenticator.list-voting-configurations


    """

  private static let givenEvents = """
              policyTemplateId: ${{ wanted.template }}
              applyingEventIds: ${{ wanted.events }}
    """

  private static let namedEvents = """
              # Templates and events are given by name, or else by id.
              policyTemplateId: >-
                ${{ (steps.catalogue.templates.filter(t, t.name == wanted.template && t.id != null)
                    .map(t, string(t.id)) + [wanted.template])[0] }}
              applyingEventIds: >-
                ${{ wanted.events.map(w, (steps.catalogue.templates
                    .filter(t, wanted.template in [t.name, t.id]
                      && t.events.exists(e, e.name == w && e.id != null))
                    .map(t, string(t.events.filter(e, e.name == w && e.id != null)[0].id))
                    + [w])[0]) }}
    """

  private static let givenConfiguration = """
                ${{ has(wanted.votingConfiguration) ? wanted.votingConfiguration : null }}
    """

  private static let namedConfiguration = """
                ${{ !has(wanted.votingConfiguration) ? null : (steps.configurations.configurations
                    .filter(c, c.name == wanted.votingConfiguration && c.id != null)
                    .map(c, string(c.id)) + [wanted.votingConfiguration])[0] }}
    """

  private static let activation = """

          - name: Have it active
            when: has(wanted.active) && wanted.active
            call: policy.activate-policy
            with: { policyId: "${{ string(steps.policy.id) }}" }
            ensure: present

          - name: Have it inactive
            when: has(wanted.active) && !wanted.active
            call: policy.deactivate-policy
            with: { policyId: "${{ string(steps.policy.id) }}" }
            ensure: absent

    """

  var files: String {
    """
      - name: Have the files
        for-each: ${{ inputs.files }}
        as: wanted
        concurrency: 3
        steps:
          - id: space
            name: Look for a file
            call: data-token.reserve-token-space
            with: { context: "${{ wanted.context }}", fileName: "${{ wanted.fileName }}" }
            ensure: present
    \(match(.files))
          # Its payload was not read, so that a file that is gone cannot be stored again.
          - name: It is stored
            assert:
              - that: steps.space.commandId == null
                message: >-
                  ${{ wanted.fileName }} is not stored in the context ${{ wanted.context }}, and this
                  playbook does not have its payload: store it with store-file.yaml

          - name: Have it described
            when: has(wanted.size)
            call: data-token.configure-file-meta
            with:
              token: ${{ steps.space.token }}
              fileName: ${{ wanted.fileName }}
              extension: ${{ wanted.extension }}
              context: ${{ wanted.context }}
              size: ${{ wanted.size }}
              path: ${{ wanted.path }}
            ensure: present

          - name: Have it classified
            when: has(wanted.classification)
            call: data-token.configure-information-security-risk-meta
            with:
              token: ${{ steps.space.token }}
              classification: ${{ wanted.classification }}
              label: ${{ wanted.label }}
              handling: ${{ wanted.handling }}
            ensure: present

    """
  }
}
