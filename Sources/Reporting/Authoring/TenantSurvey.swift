/// The playbook that reads what a tenant has, and changes nothing.
///
/// A list that the service does not have is an empty map in its outputs.
/// Its outputs are for `TenantSnapshot.init(username:outputs:pages:api:)`.
package enum TenantSurvey {
  /// The name that diagnostics use for it.
  package static let file = "tenant-survey.yaml"
  /// The input that says which pages of the data are read, from 1.
  package static let pagesInput = "pages"
  /// The output with the pages that were read, in their order.
  package static let pagesOutput = "pages"

  /// The playbook that reads everything, the first pages of the data included.
  package static let whole = head + lists + policies + pages + outputs

  /// The playbook that reads further pages of the data only.
  package static let furtherPages = head + "steps:\n" + pages + pageOutputs

  private static let head = """
    playbook: 1
    name: tenant-survey
    summary: Read what a tenant has

    inputs:
      username: { type: string, summary: Login name of the profile }
      password: { type: secret, summary: Password of the profile }
      pages: { type: list, of: integer, default: [], summary: Which pages of the data are read }

    session:
      username: ${{ inputs.username }}
      password: ${{ inputs.password }}


    """

  private static let lists = """
    steps:
      - id: publicKey
        name: Read the public key
        call: public-key.retrieve-public-key
        rescue: &missing
          - name: The service has none
            assert:
              - that: error.status in [404, 405]

      - id: devices
        name: List the devices
        call: device.retrieve-profile-devices
        rescue: *missing

      - id: storageDevices
        name: List the storage devices
        call: storage.list-storage-devices
        rescue: *missing

      - id: authenticators
        name: List the authenticators
        call: verified-authenticator.list-verified-authenticators
        rescue: *missing

      - id: votingSettings
        name: Read how votes are decided
        call: verified-authenticator.retrieve-voting-strategy
        rescue: *missing

      - id: votingConfigurations
        name: List the voting configurations
        call: verified-authenticator.list-voting-configurations
        rescue: *missing

      - id: policyTemplates
        name: List the policy templates
        call: policy.list-policy-templates
        rescue: *missing

      - id: applications
        name: List the applications
        call: oauth-application.oauth-application-list
        rescue: *missing


    """

  /// Where there is no list of all policies, there may be one of the active and one of the others.
  private static let policies = """
      - id: registeredPolicies
        name: List the policies
        call: policy.list-registered-policies
        rescue: *missing

      - id: activePolicies
        name: List the active policies
        call: policy.list-active-policies
        rescue: *missing

      - id: inactivePolicies
        name: List the inactive policies
        call: policy.list-inactive-policies
        rescue: *missing

      - id: policies
        name: Read the policies
        for-each: >-
          ${{ (has(steps.registeredPolicies.policies) ? steps.registeredPolicies.policies
              : (has(steps.activePolicies.policies) ? steps.activePolicies.policies : [])
                + (has(steps.inactivePolicies.policies) ? steps.inactivePolicies.policies : []))
              .filter(p, p.name != null && !(string(p.name) in ['', '.', '..'])).map(p, string(p.name)) }}
        as: name
        concurrency: 4
        steps:
          - id: policy
            name: Read a policy
            call: policy.retrieve-registered-policy
            with: { name: "${{ name }}" }
            rescue: *missing


    """

  private static let pages = """
      - id: pages
        name: List the data
        for-each: ${{ inputs.pages }}
        as: page
        concurrency: 4
        steps:
          - id: data
            name: List a page of the data
            call: data-token.list-data-tokens
            with: { page: "${{ page }}", perPage: 100 }
            rescue:
              - name: The service has none
                assert:
                  - that: error.status in [404, 405]


    """

  private static let pageOutputs = """
    outputs:
      pages: ${{ steps.pages.map(p, p.data) }}

    """

  private static let outputs =
    pageOutputs + """
        publicKey: ${{ steps.publicKey }}
        devices: ${{ steps.devices }}
        storageDevices: ${{ steps.storageDevices }}
        authenticators: ${{ steps.authenticators }}
        votingSettings: ${{ steps.votingSettings }}
        votingConfigurations: ${{ steps.votingConfigurations }}
        policyTemplates: ${{ steps.policyTemplates }}
        activePolicies: ${{ steps.activePolicies }}
        registeredPolicies: ${{ steps.registeredPolicies }}
        inactivePolicies: ${{ steps.inactivePolicies }}
        policies: ${{ steps.policies.map(p, p.policy) }}
        applications: ${{ steps.applications }}

      """
}
