import Events
import Expressions
import Machine
import Operations
import Planning
import Running
import Sandbox
import Simulation
import Testing

@Suite("Sessions under simulation")
struct SessionSimulationTests {
  private static let together = """
      - parallel:
          tenant:
            - { id: me, call: profile.retrieve-profile-id }
            - id: device
              play: lib/ensure-device.yaml
              with: { name: tenants, role: storage }
            - { id: mine, call: device.retrieve-profile-devices }
          operator:
            - id: them
              call: profile.retrieve-profile-id
              session: &operator { username: operator, password: "${{ inputs.other }}", revoke: true }
            - id: asked
              call: device.request-unique-identifier
              with: { deviceName: operators }
              session: *operator
            - id: found
              call: device.retrieve-unique-identifier
              with: { id: "${{ steps.asked.commandId }}" }
              session: *operator
              retry: { attempts: 6, backoff: 200ms, on: [network, server-error, throttled, invalid] }
            - call: device.approve-device
              with: { deviceIdentifier: "${{ steps.found.deviceIdentifier }}" }
              session: *operator
            - { id: theirs, call: device.retrieve-profile-devices, session: *operator }
    """

  private static func names(_ report: SimulationReport, _ path: String) -> [String?] {
    guard case .list(let devices)? = report.value(of: path)?[field: "devices"] else { return [] }
    return devices.map { $0[field: "name"]?.text ?? $0[field: "deviceName"]?.text }
  }

  @Test(arguments: 0..<40) func `a tenant and an operator act side by side, each for itself`(
    _ seed: Int
  ) throws {
    var vault = try VaultConfiguration().injecting(
      "lose=\(seed % 4 * 10)%,double=\(seed % 5 * 10)%")
    vault.delay = [.zero, .milliseconds(20), .seconds(3)][seed % 3]
    // From tokens that outlive the run to such as end within it.
    vault.tokenLifetime = [.seconds(3600), .seconds(20), .seconds(8)][seed / 3 % 3]
    let conditions = NetworkConditions(latency: .zero ... .milliseconds([1, 50, 400][seed % 3]))
    let report = try SimulatedPlaybook(Self.together).run(seed: UInt64(seed), vault, conditions)
    #expect(report.result.failure == nil)
    #expect(report.ledger.violations == [])
    let me = report.value(of: "step-7.tenant/me")
    let them = report.value(of: "step-7.operator/them")
    #expect(me != nil && them != nil && me != them)
    #expect(Self.names(report, "step-7.tenant/mine") == ["tenants"])
    #expect(Self.names(report, "step-7.operator/theirs") == ["operators"])
    #expect(report.effects("device.approve-device") == 2)
    // The operator's token alone is revoked, where it has not ended by itself.
    let ends = report.sessions.filter { $0.hasSuffix("closed") || $0.contains("revoked") }
    #expect(
      report.effects("profile.revoke-authorization-token")
        == ends.count { $0.hasSuffix(" revoked") })
    #expect(Set(ends).isSuperset(of: ["operator closed", "tenant closed"]))
    if vault.tokenLifetime == .seconds(3600) { #expect(ends.contains("operator revoked")) }
    #expect(!report.outsideText.contains("planted"))
  }

  /// Tokens end soon, so that the session logs in again after the change, and after every crash.
  @Test func `a password that the run has set is used by its sessions from then on`() async throws {
    var scenario = Scenario(
      plan: try SimulatedPlaybook(
        """
          - call: profile.change-password
            with: { currentPassword: "${{ inputs.secret }}", newPassword: "${{ inputs.other }}" }
          - for-each: [1, 2, 3]
            steps: [{ wait: 30s }, { call: profile.retrieve-profile-id }]
        """
      ).plan, files: SimulatedFiles(), start: SimulatedPlaybook.start)
    scenario.vault.tokenLifetime = .seconds(40)
    let campaign = Campaign(
      over: try CampaignSubject(scenario, after: "step-6"), runs: 40, seed: 1, faults: FaultSpec(),
      crashMode: .every, workers: 2)
    let result = await campaign.perform()
    #expect(result.finding?.violation == nil)
    #expect(Set(result.tally.outcomes.keys) == [.succeeded])
    #expect(result.tally.crashes > 40)
  }

  @Test func `tokens are renewed before they end, so none is ever refused`() throws {
    var vault = VaultConfiguration()
    vault.tokenLifetime = .seconds(600)
    let report = try SimulatedPlaybook(
      """
        - id: reads
          for-each: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
          steps: [{ wait: 5m }, { call: profile.retrieve-profile-id }]
      """
    ).run(seed: 3, vault)
    #expect(report.result.failure == nil)
    // An hour in tokens of ten minutes, each used for nine: one for every other read.
    #expect(report.sessions.filter { $0 == "tenant authenticated" }.count == 7)
    #expect(report.received("profile.retrieve-profile-id") == 12)
  }

  private static let application = """
      - id: app
        call: oauth-application.register-oauth-application
        with: { name: courier, redirectUri: "https://courier.example/back", scopes: [all] }
      - id: client
        call: oauth-application.retrieve-oauth-app-configuration
        with: { applicationId: "${{ steps.app.commandId }}" }
        retry: { attempts: 6, backoff: 200ms, on: [network, server-error, invalid] }
      - id: consent
        call: oauth-application.request-oauth-app-authorization-code
        with: { client_id: "${{ steps.client.clientId }}", nonce: once, scope: [all] }
      - id: code
        call: oauth-application.retrieve-oauth-app-authorization-code
        with:
          clientId: ${{ steps.client.clientId }}
          clientSecret: ${{ steps.client.clientSecret }}
          id: ${{ steps.consent.commandId }}
          nonce: once
      - id: grant
        call: oauth-application.obtain-oauth-app-access-token
        with:
          clientId: ${{ steps.client.clientId }}
          clientSecret: ${{ steps.client.clientSecret }}
          authorization_code: ${{ steps.code.authorizationCode }}
      - id: asked
        call: device.request-unique-identifier
        with: { deviceName: couriers }
        session: &courier
          access-token: ${{ steps.grant.token }}
          refresh-token: ${{ steps.grant.refreshToken }}
          expires-at: ${{ steps.grant.expiresAt }}
          revoke: true
      - wait: 2h
      - id: them
        call: profile.retrieve-profile-id
        session: *courier
      - id: again
        call: device.request-unique-identifier
        with: { deviceName: couriers-second }
        session: *courier
      - { id: me, call: profile.retrieve-profile-id }
    """

  @Test(arguments: 0..<12) func `an application obtains its tokens and acts by them`(
    _ seed: Int
  ) throws {
    var vault = try VaultConfiguration().injecting("lose=\(seed % 3 * 10)%")
    vault.dialect.accessToken = seed.isMultiple(of: 2) ? .token : .accessToken
    let report = try SimulatedPlaybook(Self.application).run(seed: UInt64(seed), vault)
    #expect(report.result.failure == nil)
    #expect(report.ledger.violations == [])
    // It acts for the profile that let it, by a second token after two hours.
    #expect(report.value(of: "them") == report.value(of: "me"))
    #expect(report.effects("oauth-application.refresh-oauth-app-access-token") == 1)
    #expect(report.effects("device.request-unique-identifier") == 2)
    #expect(report.sessions.contains("application joined"))
    #expect(
      report.sessions.filter { $0.hasPrefix("application") }.suffix(2)
        == ["application closed", "application revoked"])
    #expect(!report.outsideText.contains("planted"))
  }
}
